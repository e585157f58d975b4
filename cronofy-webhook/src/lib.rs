//! Verifies the signature of Cronofy callbacks over their raw bytes, then parses them.
