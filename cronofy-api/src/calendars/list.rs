//! `GET /v1/calendars`.
//!
//! All calendars of an account, not in pages (`developers/api/calendars/list-calendars`). Some clients of Cronofy's
//! ask for the scope `list_calendars`; nobody says that it is needed.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::calendar::CalendarList;
use crate::credential::{Caller, ForAccount};

/// Asks for the calendars of an account.
#[derive(Debug, Clone)]
pub struct ListCalendars(Caller);

impl ListCalendars {
    /// Asks for all of them.
    pub fn new(who: impl ForAccount) -> Self {
        Self(who.into_caller())
    }
}

impl Endpoint for ListCalendars {
    type Output = CalendarList;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/calendars").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<CalendarList, Error> {
        read_json("calendars", &response, now)
    }
}
