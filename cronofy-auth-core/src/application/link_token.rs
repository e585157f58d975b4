//! `POST /v1/link_tokens`.
//!
//! A token that joins the next authorization to the account whose access token this is
//! (`developers/api-alpha/explicit-linking`). Lives about five minutes, works once, and goes into
//! [`IndividualConnect::link_token`](crate::authorize::IndividualConnect::link_token).

use bytes::Bytes;
use cronofy_types::{AccessToken, DataCenter, LinkToken, Timestamp};
use serde::Deserialize;

use crate::answer::read_json;
use crate::{Body, Credential, Endpoint, Error, Outgoing};

/// Asks for a link token.
#[derive(Debug)]
pub struct CreateLinkToken {
    data_center: DataCenter,
    token: AccessToken,
}

impl CreateLinkToken {
    /// Asks with the token of the account to join.
    pub fn new(data_center: DataCenter, account: AccessToken) -> Self {
        Self { data_center, token: account }
    }
}

#[derive(Deserialize)]
struct ResponseBody {
    link_token: LinkToken,
}

impl Endpoint for CreateLinkToken {
    type Output = LinkToken;

    // A second token besides a lost one does no harm: it dies in minutes.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(&self.data_center, "/v1/link_tokens").bearer(Credential::Token(&self.token)).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<LinkToken, Error> {
        read_json::<ResponseBody>("link token", &response, now).map(|body| body.link_token)
    }
}
