//! `POST /v1/applications`.
//!
//! Makes an application that belongs to the owner of the admin key (`developers/admin-api/provision-application`,
//! prerelease). Its client secret comes with the answer.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{ClientId, ClientSecret, Extra, Timestamp};
use serde::{Deserialize, Serialize};

use crate::credential::{AdminKey, Caller, Sealed};

/// Makes an application.
#[derive(Debug, Clone)]
pub struct ProvisionApplication {
    caller: Caller,
    name: String,
    url: String,
}

impl ProvisionApplication {
    /// An application of this name, which users see as they authorize it, and with this URL, usually of its homepage.
    /// Where users may come back to is for
    /// [`ApplicationVerification`](crate::core::application::ApplicationVerification) to say.
    pub fn new(key: &AdminKey, name: impl Into<String>, url: impl Into<String>) -> Self {
        Self { caller: key.into_caller(), name: name.into(), url: url.into() }
    }
}

/// An application that was made: what [`App::new`](crate::core::App::new) takes, with the data center of the key.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ProvisionedApplication {
    /// Its name in authorizations.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Serialize)]
struct RequestBody<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Deserialize)]
struct ResponseBody {
    oauth_client: ProvisionedApplication,
}

impl Endpoint for ProvisionApplication {
    type Output = ProvisionedApplication;

    // The second time there are two of them.
    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, name, url } = self;
        caller.post("/v1/applications").json(&RequestBody { name, url })
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<ProvisionedApplication, Error> {
        read_json("new application", &response, now).map(|ResponseBody { oauth_client }| oauth_client)
    }
}
