//! `GET /v1/userinfo`.
//!
//! Who a token stands for, with the profiles and calendars (`developers/api/identity/userinfo`). Takes the
//! token of a user, a service account or an application calendar; an organizational unit's token together with
//! the `sub` of a member (Organization Connect).

use bytes::Bytes;
use cronofy_types::{AccessToken, DataCenter, Sub, Timestamp, Userinfo};

use crate::answer::read_json;
use crate::{Body, Credential, Endpoint, Error, Outgoing};

/// Asks who a token stands for.
#[derive(Debug)]
pub struct UserinfoOf {
    data_center: DataCenter,
    token: AccessToken,
    impersonate: Option<Sub>,
}

impl UserinfoOf {
    /// Asks about the token's own subject.
    pub fn new(data_center: DataCenter, token: AccessToken) -> Self {
        Self { data_center, token, impersonate: None }
    }

    /// Asks about a member of the organizational unit whose token it is.
    pub fn impersonating(mut self, member: Sub) -> Self {
        self.impersonate = Some(member);
        self
    }
}

impl Endpoint for UserinfoOf {
    type Output = Userinfo;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::get(&self.data_center, "/v1/userinfo")
            .bearer(Credential::Token(&self.token))
            .impersonate(self.impersonate.as_ref())
            .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Userinfo, Error> {
        read_json("userinfo", &response, now)
    }
}
