//! `POST /v1/availability_rules`.
//!
//! Says in which hours of every week an account can be booked, or changes what was said
//! (`developers/api/scheduling/availability-rules/upsert-availability-rule`). It counts where a query asks for
//! [managed availability](super::Member::managed), and outlives the authorization that it was made with.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{CalendarId, Timestamp};
use serde::Serialize;

use super::name;
use super::rule::{AvailabilityRule, RuleAnswer};
use crate::credential::{Caller, ForAccount};
use crate::time::{TimeOfDay, Weekday};
use crate::{AvailabilityRuleId, Tzid};

/// Makes or changes a rule.
#[derive(Debug, Clone)]
pub struct UpsertAvailabilityRule {
    caller: Caller,
    rule: RequestBody,
}

#[derive(Debug, Clone, Serialize)]
struct RequestBody {
    availability_rule_id: AvailabilityRuleId,
    tzid: Tzid,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calendar_ids: Vec<CalendarId>,
    weekly_periods: Vec<Hours>,
}

/// From one time of a day to another, every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Hours {
    day: Weekday,
    start_time: TimeOfDay,
    end_time: TimeOfDay,
}

impl Hours {
    /// On this day, from this time to that.
    pub const fn new(day: Weekday, start: TimeOfDay, end: TimeOfDay) -> Self {
        Self { day, start_time: start, end_time: end }
    }
}

impl UpsertAvailabilityRule {
    /// These hours, by the clocks of this zone, under a name of the application's own: of at most 64 characters, all
    /// ASCII. By the same name it is changed later. A day can have any number of hours.
    pub fn new(
        who: impl ForAccount,
        rule: AvailabilityRuleId,
        tzid: Tzid,
        hours: impl IntoIterator<Item = Hours>,
    ) -> Self {
        let weekly_periods = hours.into_iter().collect();
        let rule = RequestBody { availability_rule_id: rule, tzid, calendar_ids: Vec::new(), weekly_periods };
        Self { caller: who.into_caller(), rule }
    }

    /// What is in this calendar keeps the account busy, and in any others that are named. Without any, all do.
    pub fn calendar(mut self, calendar: CalendarId) -> Self {
        self.rule.calendar_ids.push(calendar);
        self
    }
}

impl Endpoint for UpsertAvailabilityRule {
    /// The rule as it is now.
    type Output = AvailabilityRule;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        name::check("availability_rule_id", self.rule.availability_rule_id.as_str())?;
        self.caller.post("/v1/availability_rules").json(&self.rule)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<AvailabilityRule, Error> {
        read_json("availability rule", &response, now)
            .map(|RuleAnswer { availability_rule, .. }| availability_rule)
    }
}
