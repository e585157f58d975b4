//! `GET /v1/resources`.
//!
//! The rooms and equipment that a service account can see; its token needs
//! `service_account/resources/manage` (`developers/api/enterprise-connect/list-resources`). Each address can be
//! asked for by [`delegate::enterprise`](crate::delegate::enterprise).

use bytes::Bytes;
use cronofy_types::{AccessToken, DataCenter, Resource, Resources, Timestamp};

use crate::answer::read_json;
use crate::{Body, Credential, Endpoint, Error, Outgoing};

/// Asks for the resources of a service account.
#[derive(Debug)]
pub struct ResourcesOf {
    data_center: DataCenter,
    token: AccessToken,
    details: bool,
}

impl ResourcesOf {
    /// Asks with the service account's token.
    pub fn new(data_center: DataCenter, service_account: AccessToken) -> Self {
        Self { data_center, token: service_account, details: false }
    }

    /// Asks for capacity and location too, where they are known.
    pub fn with_details(mut self) -> Self {
        self.details = true;
        self
    }
}

impl Endpoint for ResourcesOf {
    type Output = Vec<Resource>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let mut outgoing =
            Outgoing::get(&self.data_center, "/v1/resources").bearer(Credential::Token(&self.token));
        if self.details {
            outgoing = outgoing.query("include_details", "capacity location");
        }
        outgoing.build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Vec<Resource>, Error> {
        read_json::<Resources>("resources", &response, now).map(|body| body.resources)
    }
}
