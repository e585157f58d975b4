//! Tokens by their numbers, so that a model can tell them apart.

use core::time::Duration;

use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{AccessToken, RefreshToken, Sub, Timestamp};

/// Tokens by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) access: u32,
    pub(crate) refresh: Option<u32>,
    pub(crate) received_at: Timestamp,
    pub(crate) lifetime: Duration,
}

impl Tokens {
    pub(crate) fn new(access: u32, refresh: Option<u32>, received_at: Timestamp, lifetime: u16) -> Self {
        Self { access, refresh, received_at, lifetime: Duration::from_secs(lifetime.into()) }
    }

    pub(crate) fn access_token(&self) -> String {
        format!("access-{}", self.access)
    }

    pub(crate) fn refresh_token(&self) -> Option<String> {
        self.refresh.map(|number| format!("refresh-{number}"))
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        self.received_at.saturating_add(self.lifetime)
    }

    /// Within `margin`, or within a fifth of their life, if that is shorter.
    pub(crate) fn ends_within(&self, margin: Duration, now: Timestamp) -> bool {
        now.saturating_add(margin.min(self.lifetime / 5)) >= self.expires_at()
    }

    pub(crate) fn set(&self) -> TokenSet {
        let access_token = AccessToken::new(self.access_token()).unwrap();
        let mut tokens = TokenSet::new(access_token, self.received_at, self.expires_at());
        tokens.refresh_token = self.refresh_token().map(|token| RefreshToken::new(token).unwrap());
        tokens.identity.sub = Some(Sub::new("acc_1").unwrap());
        tokens
    }

    pub(crate) fn is(&self, tokens: &TokenSet) -> bool {
        tokens.access_token.expose() == self.access_token()
            && tokens.refresh_token.as_ref().map(RefreshToken::expose) == self.refresh_token().as_deref()
            && tokens.expires_at == self.expires_at()
            && tokens.subject() == Some("acc_1")
    }
}
