//! `GET /v1/real_time_scheduling?token=`.
//!
//! What became of the page that somebody comes back from (`developers/api/scheduling/real-time-scheduling/status`). One
//! that is unknown is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::link::{LinkAnswer, SchedulingLink};
use crate::SchedulingToken;
use crate::credential::{ApiKey, Caller, Sealed as _};

/// Asks for a page by the token that came with somebody.
#[derive(Debug, Clone)]
pub struct FindSchedulingLink {
    caller: Caller,
    token: SchedulingToken,
}

impl FindSchedulingLink {
    /// Asks for the page with this token.
    pub fn new(key: &ApiKey, token: SchedulingToken) -> Self {
        Self { caller: key.into_caller(), token }
    }
}

impl Endpoint for FindSchedulingLink {
    type Output = SchedulingLink;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/real_time_scheduling").query("token", self.token.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SchedulingLink, Error> {
        read_json("scheduling link", &response, now)
            .map(|LinkAnswer { real_time_scheduling, .. }| real_time_scheduling)
    }
}
