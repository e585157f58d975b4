//! `POST /v1/real_time_scheduling/{id}/disable`.
//!
//! Takes a page back on which nobody has picked a time yet (`developers/api/scheduling/real-time-scheduling/disable`).
//! One that is unknown is a 404; with which error one is refused where a time was picked, nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::farewell::Farewell;
use super::link::{LinkAnswer, SchedulingLink};
use crate::SchedulingLinkId;
use crate::credential::{ApiKey, Caller, Sealed as _};

/// Takes a page back.
#[derive(Debug, Clone)]
pub struct DisableSchedulingLink {
    caller: Caller,
    link: SchedulingLinkId,
    farewell: Farewell,
}

impl DisableSchedulingLink {
    /// Shows this text there from now on: of at most 500 characters, plain, with its lines as they are.
    pub fn new(key: &ApiKey, link: SchedulingLinkId, message: impl Into<String>) -> Self {
        Self { caller: key.into_caller(), link, farewell: Farewell::new(message) }
    }
}

impl Endpoint for DisableSchedulingLink {
    /// The page as it is now.
    type Output = SchedulingLink;

    // What was taken back stays so.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.farewell.check()?;
        let outgoing = self.caller.post("/v1/real_time_scheduling/").segment(self.link.as_str());
        outgoing.path("/disable").json(&self.farewell)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SchedulingLink, Error> {
        read_json("scheduling link", &response, now)
            .map(|LinkAnswer { real_time_scheduling, .. }| real_time_scheduling)
    }
}
