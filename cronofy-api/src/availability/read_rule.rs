//! `GET /v1/availability_rules/{id}`.
//!
//! One availability rule (`developers/api/scheduling/availability-rules`). One that is unknown is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::rule::{AvailabilityRule, RuleAnswer};
use crate::AvailabilityRuleId;
use crate::credential::{Caller, ForAccount};

/// Asks for one rule.
#[derive(Debug, Clone)]
pub struct ReadAvailabilityRule {
    caller: Caller,
    rule: AvailabilityRuleId,
}

impl ReadAvailabilityRule {
    /// Asks for the rule that the application calls so.
    pub fn new(who: impl ForAccount, rule: AvailabilityRuleId) -> Self {
        Self { caller: who.into_caller(), rule }
    }
}

impl Endpoint for ReadAvailabilityRule {
    type Output = AvailabilityRule;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/availability_rules/").segment(self.rule.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<AvailabilityRule, Error> {
        read_json("availability rule", &response, now)
            .map(|RuleAnswer { availability_rule, .. }| availability_rule)
    }
}
