//! `POST /v1/availability`.
//!
//! When everybody has time (`developers/api/scheduling/availability`). The credential is the client secret; an access
//! token, which it was before, still is one to Cronofy's own clients. Somebody who did not authorize the application,
//! and whatever else it cannot answer, is a 422; a feature that the plan has not is a 402.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::found::Availability;
use super::query::AvailabilityQuery;
use crate::credential::{Caller, ForAccountOrApplication};

/// Asks when people have time.
#[derive(Debug, Clone)]
pub struct FindAvailability {
    caller: Caller,
    query: AvailabilityQuery,
}

impl FindAvailability {
    /// Asks this.
    pub fn new(who: impl ForAccountOrApplication, query: AvailabilityQuery) -> Self {
        Self { caller: who.into_caller(), query }
    }
}

impl Endpoint for FindAvailability {
    type Output = Availability;

    // It changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.query.check()?;
        self.caller.post("/v1/availability").json(&self.query)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Availability, Error> {
        read_json("availability", &response, now)
    }
}
