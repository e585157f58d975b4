//! `POST /oauth/token` with a code.
//!
//! Buys the first tokens of an authorization (RFC 6749 section 4.1.3;
//! `developers/api/authorization/request-token`). Codes are single-use, so a request that may have reached the
//! server is never sent again.

use bytes::Bytes;
use cronofy_types::{AuthorizationCode, CallbackUrl, RedirectUri, Timestamp, TokenResponse};
use serde::Serialize;

use super::set::TokenSet;
use crate::answer::read_with;
use crate::{App, Body, Endpoint, Error, Outgoing};

/// Buys tokens with a code.
///
/// Made by [`PendingAuthorization::resume`](crate::authorize::PendingAuthorization::resume) and
/// [`PendingDelegation::resume`](crate::delegate::PendingDelegation::resume), or by hand where the code came
/// another way.
#[derive(Debug)]
pub struct TokenExchange {
    app: App,
    code: AuthorizationCode,
    origin: CodeOrigin,
}

/// The URL that a code came by. The server wants it back, exactly (RFC 6749 section 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeOrigin {
    /// A browser brought the code.
    Redirect(RedirectUri),
    /// Cronofy posted the code, for delegated access.
    Callback(CallbackUrl),
}

impl TokenExchange {
    /// Redeems a code where it came by.
    pub fn new(app: App, code: AuthorizationCode, origin: CodeOrigin) -> Self {
        Self { app, code, origin }
    }

    /// The code that will be redeemed. To be compared or hashed, so that a repeated redirect or callback is
    /// recognised.
    pub fn code(&self) -> &AuthorizationCode {
        &self.code
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    grant_type: &'static str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
}

impl Endpoint for TokenExchange {
    type Output = TokenSet;

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let (redirect_uri, callback_url) = match &self.origin {
            CodeOrigin::Redirect(uri) => (Some(uri.as_str()), None),
            CodeOrigin::Callback(url) => (None, Some(url.as_str())),
        };
        Outgoing::post(self.app.data_center(), "/oauth/token").json(&RequestBody {
            client_id: self.app.client_id().as_str(),
            client_secret: self.app.client_secret().expose(),
            grant_type: "authorization_code",
            code: self.code.expose(),
            redirect_uri,
            callback_url,
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<TokenSet, Error> {
        let response = read_with(&response, now, TokenResponse::parse)?;
        Ok(TokenSet::from_response(response, now))
    }
}
