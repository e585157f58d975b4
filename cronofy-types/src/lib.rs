//! Identifiers, scopes, secrets and wire bodies of Cronofy authorization.
