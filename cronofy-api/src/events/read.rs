//! `GET /v1/events` and `GET /v1/events/pages/{page_id}`.
//!
//! The events of all calendars of an account, page after page (`developers/api/events/read-events`). An event is in
//! the window if it starts before its end and ends on or after its start. Needs the scope `read_events`.
//!
//! An unknown `tzid` is a 422; a page that is no longer there is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, NextPage, Page, Paged, read_json};
use cronofy_types::{CalendarId, Timestamp};

use super::event::{Event, EventsPage};
use crate::Tzid;
use crate::credential::ForAccount;
use crate::selection::Selection;
use crate::time::{DateTime, Moment};

/// Asks for one page of events; [`pages`](crate::core::pages) and its likes ask for those that follow.
#[derive(Debug, Clone)]
pub struct ReadEvents(Selection);

impl ReadEvents {
    /// Asks for the events of an account; from 42 days ago until 201 days from now, if nothing else is said.
    ///
    /// Days are those of the zone `tzid`, also where events of whole days are set against the window.
    pub fn new(who: impl ForAccount, tzid: Tzid) -> Self {
        let mut all = Selection::new(who.into_caller());
        all.tzid = Some(tzid);
        Self(all)
    }

    /// Asks for events that end on this day or after it, or at this instant or after it.
    pub fn from(mut self, from: impl Into<Moment>) -> Self {
        self.0.from = Some(from.into());
        self
    }

    /// Asks for events that start before this day, or this instant. Those that start on it are left out.
    pub fn to(mut self, to: impl Into<Moment>) -> Self {
        self.0.to = Some(to.into());
        self
    }

    /// Asks for the events of this calendar and of any others that are named. Without any, all are meant.
    pub fn calendar(mut self, calendar: CalendarId) -> Self {
        self.0.calendar_ids.push(calendar);
        self
    }

    /// Asks for what changed at this instant or after it, such as a notification's `changes_since`.
    pub fn modified_since(mut self, instant: impl Into<DateTime>) -> Self {
        self.0.last_modified = Some(instant.into());
        self
    }

    /// Asks for deleted events too.
    pub fn including_deleted(self) -> Self {
        self.flag("include_deleted")
    }

    /// Asks for events too that were in the window once, and are no more.
    pub fn including_moved(self) -> Self {
        self.flag("include_moved")
    }

    /// Asks for the application's own events too; without a window, for all of them there ever were.
    pub fn including_managed(self) -> Self {
        self.flag("include_managed")
    }

    /// Asks for the application's own events alone.
    pub fn only_managed(self) -> Self {
        self.flag("only_managed")
    }

    /// Asks for times with the zone of the event and its offset.
    pub fn localized(self) -> Self {
        self.flag("localized_times")
    }

    /// Asks for geographic locations. A plan without that feature is a 402.
    pub fn with_geographic_locations(self) -> Self {
        self.flag("include_geo")
    }

    /// Asks for Google's own names of events.
    pub fn with_google_event_ids(self) -> Self {
        self.flag("google_event_ids")
    }

    fn flag(mut self, name: &'static str) -> Self {
        self.0.flag(name);
        self
    }
}

impl Endpoint for ReadEvents {
    type Output = Page<Event>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.request("/v1/events")
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Page<Event>, Error> {
        let EventsPage { pages, events, extra } = read_json("events page", &response, now)?;
        Ok(self.0.page(&response, events, pages, extra))
    }
}

impl Paged for ReadEvents {
    type Item = Event;

    fn at(mut self, page: NextPage) -> Self {
        self.0.turn_to(page);
        self
    }
}
