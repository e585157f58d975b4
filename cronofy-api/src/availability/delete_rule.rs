//! `DELETE /v1/availability_rules/{id}`.
//!
//! Deletes an availability rule (`developers/api/scheduling/availability-rules`). Of one that is unknown nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::Timestamp;

use crate::AvailabilityRuleId;
use crate::credential::{Caller, ForAccount};

/// Deletes one rule.
#[derive(Debug, Clone)]
pub struct DeleteAvailabilityRule {
    caller: Caller,
    rule: AvailabilityRuleId,
}

impl DeleteAvailabilityRule {
    /// Deletes the rule that the application calls so.
    pub fn new(who: impl ForAccount, rule: AvailabilityRuleId) -> Self {
        Self { caller: who.into_caller(), rule }
    }
}

impl Endpoint for DeleteAvailabilityRule {
    type Output = ();

    // What is gone cannot go again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.delete("/v1/availability_rules/").segment(self.rule.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
