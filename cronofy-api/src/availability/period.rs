//! A period in which an account can be booked (`developers/api/scheduling/available-periods/read`).

use cronofy_types::Pages;

use crate::AvailablePeriodId;
use crate::object::object;
use crate::time::EventTime;

object! {
    /// One page of periods.
    pub(super) struct AvailablePeriodsPage {
        /// Where it stands.
        pages: Pages = default,
        /// What is on it.
        available_periods: Vec<AvailablePeriod>,
    }
}

object! {
    /// A period in which an account can be booked.
    pub struct AvailablePeriod {
        /// The application's own name for it.
        available_period_id: AvailablePeriodId,
        /// When it starts.
        start: Option<EventTime> = time,
        /// When it ends.
        end: Option<EventTime> = time,
    }
}
