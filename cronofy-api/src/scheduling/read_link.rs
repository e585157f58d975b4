//! `GET /v1/real_time_scheduling/{id}`.
//!
//! What became of a page on which somebody picks a time (`developers/api/scheduling/real-time-scheduling/status`). One
//! that is unknown is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::link::{LinkAnswer, SchedulingLink};
use crate::SchedulingLinkId;
use crate::credential::{ApiKey, Caller, Sealed as _};

/// Asks what became of a page.
#[derive(Debug, Clone)]
pub struct ReadSchedulingLink {
    caller: Caller,
    link: SchedulingLinkId,
}

impl ReadSchedulingLink {
    /// Asks for the page that Cronofy calls so.
    pub fn new(key: &ApiKey, link: SchedulingLinkId) -> Self {
        Self { caller: key.into_caller(), link }
    }
}

impl Endpoint for ReadSchedulingLink {
    type Output = SchedulingLink;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/real_time_scheduling/").segment(self.link.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SchedulingLink, Error> {
        read_json("scheduling link", &response, now)
            .map(|LinkAnswer { real_time_scheduling, .. }| real_time_scheduling)
    }
}
