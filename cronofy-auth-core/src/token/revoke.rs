//! `POST /oauth/token/revoke`.
//!
//! Ends a whole authorization (RFC 7009; `developers/api/authorization/revoke`). Ending a service account's
//! also ends every account authorized through it. There is no revoking in bulk: one call per account.

use bytes::Bytes;
use cronofy_types::{AccessToken, RefreshToken, Sub, Timestamp};
use serde::Serialize;

use crate::answer::read_nothing;
use crate::{App, Body, Endpoint, Error, Outgoing};

/// Ends an authorization.
///
/// By RFC 7009 section 2.2 an unknown token is a success: there is nothing left to end. Delete the local tokens
/// whatever comes back, and where the call failed, remember to try again.
#[derive(Debug)]
pub struct Revoke {
    app: App,
    what: What,
    erasing_personal_data: bool,
}

#[derive(Debug)]
enum What {
    Access(AccessToken),
    Refresh(RefreshToken),
    Sub(Sub),
}

impl Revoke {
    /// Ends the authorization of an access token.
    pub fn access_token(app: App, token: AccessToken) -> Self {
        Self::new(app, What::Access(token))
    }

    /// Ends the authorization of a refresh token.
    pub fn refresh_token(app: App, token: RefreshToken) -> Self {
        Self::new(app, What::Refresh(token))
    }

    /// Ends the authorization of a subject: an account, an application calendar, an organizational unit.
    pub fn sub(app: App, sub: Sub) -> Self {
        Self::new(app, What::Sub(sub))
    }

    fn new(app: App, what: What) -> Self {
        Self { app, what, erasing_personal_data: false }
    }

    /// Asks Cronofy to erase the personal data too.
    pub fn erasing_personal_data(mut self) -> Self {
        self.erasing_personal_data = true;
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_pii_erasure: Option<bool>,
}

impl Endpoint for Revoke {
    type Output = ();

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let (token, sub) = match &self.what {
            What::Access(token) => (Some(token.expose()), None),
            What::Refresh(token) => (Some(token.expose()), None),
            What::Sub(sub) => (None, Some(sub.as_str())),
        };
        Outgoing::post(self.app.data_center(), "/oauth/token/revoke").json(&RequestBody {
            client_id: self.app.client_id().as_str(),
            client_secret: self.app.client_secret().expose(),
            token,
            sub,
            request_pii_erasure: self.erasing_personal_data.then_some(true),
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
