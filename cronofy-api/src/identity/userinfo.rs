//! `GET /v1/userinfo`.
//!
//! Who a credential stands for, with the profiles and calendars (`developers/api/identity/userinfo`). No scope is
//! needed. Until a profile's first synchronisation is done its calendars may be missing.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{Timestamp, Userinfo};

use crate::credential::{Caller, ForSubject};

/// Asks who a credential stands for.
#[derive(Debug, Clone)]
pub struct ReadUserinfo(Caller);

impl ReadUserinfo {
    /// Asks about an account, an application calendar, a service account, or a member of an organizational unit.
    pub fn new(who: impl ForSubject) -> Self {
        Self(who.into_caller())
    }
}

impl Endpoint for ReadUserinfo {
    type Output = Userinfo;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/userinfo").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Userinfo, Error> {
        read_json("userinfo", &response, now)
    }
}
