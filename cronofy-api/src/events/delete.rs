//! `DELETE /v1/calendars/{calendar_id}/events`, with an `event_id`.
//!
//! Deletes an event of the application's own (`developers/api/events/delete-event`). Accepted at once and done later.
//! Needs the scope `delete_event`, or a bundle with it. A calendar that is unknown is a 404; of an event that is
//! unknown nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error};
use cronofy_types::{CalendarId, Timestamp, Userinfo};
use serde::Serialize;

use crate::EventId;
use crate::answer::read_userinfo;
use crate::credential::{Caller, ForAccount};

/// Deletes an event.
#[derive(Debug, Clone)]
pub struct DeleteEvent {
    caller: Caller,
    calendar: CalendarId,
    event: EventId,
    include_userinfo: bool,
}

impl DeleteEvent {
    /// Deletes the event that the application calls so.
    pub fn new(who: impl ForAccount, calendar: CalendarId, event: EventId) -> Self {
        Self { caller: who.into_caller(), calendar, event, include_userinfo: false }
    }

    /// Asks for userinfo in the answer.
    pub fn with_userinfo(mut self) -> Self {
        self.include_userinfo = true;
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    event_id: &'a EventId,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    include_userinfo: bool,
}

crate::batch::entry!(DeleteEvent);

impl Endpoint for DeleteEvent {
    /// Userinfo, if it was asked for.
    type Output = Option<Userinfo>;

    // What is gone cannot go again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let path = self.caller.delete("/v1/calendars/").segment(self.calendar.as_str()).path("/events");
        path.json(&RequestBody { event_id: &self.event, include_userinfo: self.include_userinfo })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Option<Userinfo>, Error> {
        read_userinfo("answer to a deletion", &response, now)
    }
}
