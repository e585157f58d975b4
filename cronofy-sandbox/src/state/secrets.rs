//! What must not be shown, and whose it is.

use super::codes::Code;
use super::{GrantKey, State};

impl State {
    /// Whether the text is a token, a code or the secret part of an address that exists here. Client secrets are
    /// with their applications.
    pub(crate) fn is_secret(&self, text: &str) -> bool {
        self.access_tokens.contains(text)
            || self.refresh_tokens.contains_key(text)
            || self.codes.contains(text)
            || self.links.knows(text)
            || self.permissions_requests.knows(text)
            || self.scheduling.knows(text)
    }

    /// The authorization that a code leads to, once it is redeemed.
    pub(crate) fn key_of_code(&self, code: &str) -> Option<&GrantKey> {
        self.codes.get(code).map(Code::key)
    }
}
