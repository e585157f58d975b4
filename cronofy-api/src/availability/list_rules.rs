//! `GET /v1/availability_rules`.
//!
//! All availability rules of an account that the application made, at once (`developers/api/scheduling/availability-rules`).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::rule::AvailabilityRule;
use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks for all rules.
#[derive(Debug, Clone)]
pub struct ListAvailabilityRules(Caller);

impl ListAvailabilityRules {
    /// Asks for those of an account.
    pub fn new(who: impl ForAccount) -> Self {
        Self(who.into_caller())
    }
}

object! {
    /// All availability rules of an account.
    pub struct AvailabilityRules {
        /// In the order in which they came.
        availability_rules: Vec<AvailabilityRule>,
    }
}

impl Endpoint for ListAvailabilityRules {
    type Output = AvailabilityRules;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/availability_rules").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<AvailabilityRules, Error> {
        read_json("availability rules", &response, now)
    }
}
