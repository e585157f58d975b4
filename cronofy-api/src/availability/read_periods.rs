//! `GET /v1/available_periods`.
//!
//! The periods in which an account can be booked, page after page (`developers/api/scheduling/available-periods/read`). A page
//! that is no longer there is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, NextPage, Page, Paged, read_json};
use cronofy_types::Timestamp;

use super::period::{AvailablePeriod, AvailablePeriodsPage};
use crate::Tzid;
use crate::credential::ForAccount;
use crate::selection::Selection;
use crate::time::{Date, Moment};

/// Asks for one page of periods; [`pages`](crate::core::pages) and its likes ask for those that follow.
#[derive(Debug, Clone)]
pub struct ReadAvailablePeriods(Selection);

impl ReadAvailablePeriods {
    /// Asks for the periods of an account that the application made. How far back and ahead, if nothing else is said,
    /// is published nowhere.
    pub fn new(who: impl ForAccount) -> Self {
        Self(Selection::new(who.into_caller()))
    }

    /// Asks for periods that end on this day or after it.
    pub fn from(mut self, from: Date) -> Self {
        self.0.from = Some(Moment::Date(from));
        self
    }

    /// Asks for periods that start before this day. Those that start on it are left out.
    pub fn to(mut self, to: Date) -> Self {
        self.0.to = Some(Moment::Date(to));
        self
    }

    /// Days are those of this zone.
    pub fn tzid(mut self, tzid: Tzid) -> Self {
        self.0.tzid = Some(tzid);
        self
    }

    /// Asks for times with the zone of the period and its offset.
    pub fn localized(mut self) -> Self {
        self.0.flag("localized_times");
        self
    }
}

impl Endpoint for ReadAvailablePeriods {
    type Output = Page<AvailablePeriod>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.request("/v1/available_periods")
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<Page<AvailablePeriod>, Error> {
        let AvailablePeriodsPage { pages, available_periods, extra } =
            read_json("available periods page", &response, now)?;
        Ok(self.0.page(&response, available_periods, pages, extra))
    }
}

impl Paged for ReadAvailablePeriods {
    type Item = AvailablePeriod;

    fn at(mut self, page: NextPage) -> Self {
        self.0.turn_to(page);
        self
    }
}
