//! `GET /v1/accessible_calendars`.
//!
//! Calendars that should be reachable through a profile of the primary account
//! (`developers/api-alpha/business-connect/accessible-calendars`). The list is a hint and not complete: access
//! may be asked for to addresses that are not on it.

use bytes::Bytes;
use cronofy_types::{
    AccessToken, AccessibleCalendar, AccessibleCalendars, CalendarType, DataCenter, ProfileId, Timestamp,
};

use crate::answer::read_json;
use crate::{Body, Credential, Endpoint, Error, Outgoing};

/// Asks for the calendars reachable through a profile.
#[derive(Debug)]
pub struct AccessibleCalendarsOf {
    data_center: DataCenter,
    token: AccessToken,
    profile: ProfileId,
    calendar_type: Option<CalendarType>,
}

impl AccessibleCalendarsOf {
    /// Asks with the primary account's token about one of its profiles.
    pub fn new(data_center: DataCenter, primary_account: AccessToken, profile: ProfileId) -> Self {
        Self { data_center, token: primary_account, profile, calendar_type: None }
    }

    /// Asks for calendars of one type only.
    pub fn of_type(mut self, calendar_type: CalendarType) -> Self {
        self.calendar_type = Some(calendar_type);
        self
    }
}

impl Endpoint for AccessibleCalendarsOf {
    type Output = Vec<AccessibleCalendar>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let mut outgoing = Outgoing::get(&self.data_center, "/v1/accessible_calendars")
            .query("profile_id", self.profile.as_str())
            .bearer(Credential::Token(&self.token));
        if let Some(calendar_type) = &self.calendar_type {
            outgoing = outgoing.query("calendar_type", calendar_type.as_str());
        }
        outgoing.build()
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<Vec<AccessibleCalendar>, Error> {
        read_json::<AccessibleCalendars>("accessible calendars", &response, now)
            .map(|body| body.accessible_calendars)
    }
}
