//! `POST /oauth/token` with a refresh token.
//!
//! Buys the next tokens (RFC 6749 section 6; `developers/api/authorization/refresh-token`). The answer may
//! replace the refresh token and carries no identity. It is not repeated after a fault that may have reached
//! the server: where the token was replaced, the second request would come with a dead one.

use bytes::Bytes;
use cronofy_types::{RefreshToken, Timestamp, TokenResponse};
use serde::Serialize;

use super::set::{Identity, TokenSet};
use crate::answer::{bad_answer, read_with};
use crate::{App, BadAnswerReason, Body, Endpoint, Error, Outgoing};

/// Buys the next tokens. Let a [`Session`](super::Session) decide who does it when.
#[derive(Debug)]
pub struct Refresh {
    app: App,
    used: RefreshToken,
    before: Option<TokenSet>,
}

impl Refresh {
    /// Refreshes these tokens. `None` where they hold no refresh token.
    pub fn new(app: App, tokens: &TokenSet) -> Option<Self> {
        let used = tokens.refresh_token.clone()?;
        Some(Self { app, used, before: Some(tokens.clone()) })
    }

    /// Refreshes with a token alone: what comes out knows no more identity than the answer tells.
    pub fn with_token(app: App, refresh_token: RefreshToken) -> Self {
        Self { app, used: refresh_token, before: None }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    grant_type: &'static str,
    refresh_token: &'a str,
}

impl Endpoint for Refresh {
    type Output = TokenSet;

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(self.app.data_center(), "/oauth/token").json(&RequestBody {
            client_id: self.app.client_id().as_str(),
            client_secret: self.app.client_secret().expose(),
            grant_type: "refresh_token",
            refresh_token: self.used.expose(),
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<TokenSet, Error> {
        let parsed = read_with(&response, now, TokenResponse::parse)?;
        let mut tokens = TokenSet::from_response(parsed, now);
        // RFC 6749 section 6: an answer without a refresh token leaves the one that was used in force.
        tokens.refresh_token.get_or_insert_with(|| self.used.clone());
        if let Some(before) = &self.before {
            if !keep(&mut tokens.identity, &before.identity) {
                return Err(bad_answer(&response, BadAnswerReason::IdentityChanged).into());
            }
            if tokens.scope.is_empty() {
                tokens.scope = before.scope.clone();
            }
            for (name, value) in before.extra.iter() {
                tokens.extra.entry(name).or_insert_with(|| value.clone());
            }
            tokens.linking_profile = tokens.linking_profile.or_else(|| before.linking_profile.clone());
        }
        Ok(tokens)
    }
}

/// Carries the identity over; false where the answer names another one.
fn keep(now: &mut Identity, before: &Identity) -> bool {
    fn keep_one<T: Clone + PartialEq>(now: &mut Option<T>, before: Option<&T>) -> bool {
        match (&now, before) {
            (Some(now), Some(before)) => now == before,
            (Some(_), None) => true,
            (None, before) => {
                *now = before.cloned();
                true
            }
        }
    }
    keep_one(&mut now.sub, before.sub.as_ref())
        && keep_one(&mut now.account_id, before.account_id.as_ref())
        && keep_one(&mut now.service_account_id, before.service_account_id.as_ref())
        && keep_one(&mut now.application_calendar_id, before.application_calendar_id.as_ref())
}
