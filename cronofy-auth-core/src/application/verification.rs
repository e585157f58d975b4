//! `POST /v1/application_verification`.
//!
//! Asks Cronofy to verify the application for these redirect URIs
//! (`developers/admin-api/verify-application`). A repeated call adds URIs. A verified application's codes go to
//! these and nowhere else; a leading `*` label stands for the subdomains of a domain that is yours.

use bytes::Bytes;
use cronofy_types::{EmailAddress, RedirectUri, Timestamp};
use serde::Serialize;

use crate::answer::read_nothing;
use crate::{App, Body, Credential, Endpoint, Error, Outgoing};

/// Asks for the application to be verified.
#[derive(Debug)]
pub struct ApplicationVerification {
    app: App,
    redirect_uris: Vec<RedirectUri>,
    contact: EmailAddress,
    display_name: Option<String>,
}

impl ApplicationVerification {
    /// Names the redirect URIs, and whom Cronofy may write to.
    pub fn new(app: App, redirect_uris: Vec<RedirectUri>, contact: EmailAddress) -> Self {
        Self { app, redirect_uris, contact, display_name: None }
    }

    /// Names the contact.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    redirect_uris: Vec<&'a str>,
    contact: Contact<'a>,
}

#[derive(Serialize)]
struct Contact<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
}

impl Endpoint for ApplicationVerification {
    type Output = ();

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(self.app.data_center(), "/v1/application_verification")
            .bearer(Credential::ApiKey(self.app.client_secret()))
            .json(&RequestBody {
                redirect_uris: self.redirect_uris.iter().map(RedirectUri::as_str).collect(),
                contact: Contact { email: self.contact.as_str(), display_name: self.display_name.as_deref() },
            })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
