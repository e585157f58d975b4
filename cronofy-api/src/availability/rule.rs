//! The hours of a week in which an account can be booked (`developers/api/scheduling/availability-rules`).

use cronofy_types::CalendarId;

use crate::object::object;
use crate::time::{TimeOfDay, Weekday};
use crate::{AvailabilityRuleId, Tzid};

object! {
    /// The answer to one.
    pub(super) struct RuleAnswer {
        /// It.
        availability_rule: AvailabilityRule,
    }
}

object! {
    /// The hours of a week in which an account can be booked.
    pub struct AvailabilityRule {
        /// The application's own name for it.
        availability_rule_id: AvailabilityRuleId,
        /// The zone that the hours are of.
        tzid: Option<Tzid> = text,
        /// The calendars that keep the account busy; none, if all do.
        calendar_ids: Vec<CalendarId> = default,
        /// The hours.
        weekly_periods: Vec<WeeklyPeriod> = default,
    }
}

object! {
    /// From one time of a day to another, every week.
    pub struct WeeklyPeriod {
        /// The day.
        day: Option<Weekday> = text,
        /// When it starts.
        start_time: Option<TimeOfDay> = text,
        /// When it ends.
        end_time: Option<TimeOfDay> = text,
    }
}
