//! `DELETE /v1/calendars/{calendar_id}/events`, with an `event_uid`.
//!
//! Deletes an event that the application did not make (`developers/api/events/delete-external-event`). Accepted at once
//! and done later; no notification comes of it. Needs the scope `delete_event`, a calendar whose permission level is
//! `unrestricted`, and an event whose [`options`](super::Event::options) say `delete`: one of a series says no.
//!
//! What is not permitted is a 403, an unknown event a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::{CalendarId, Timestamp};
use serde::Serialize;

use crate::EventUid;
use crate::credential::{Caller, ForAccount};

/// Deletes an event that somebody else made.
#[derive(Debug, Clone)]
pub struct DeleteExternalEvent {
    caller: Caller,
    calendar: CalendarId,
    event: EventUid,
}

impl DeleteExternalEvent {
    /// Deletes the event that Cronofy calls so.
    pub fn new(who: impl ForAccount, calendar: CalendarId, event: EventUid) -> Self {
        Self { caller: who.into_caller(), calendar, event }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    event_uid: &'a EventUid,
}

crate::batch::entry!(DeleteExternalEvent);

impl Endpoint for DeleteExternalEvent {
    type Output = ();

    // What is gone cannot go again: at worst the second answer is a 404.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let path = self.caller.delete("/v1/calendars/").segment(self.calendar.as_str()).path("/events");
        path.json(&RequestBody { event_uid: &self.event })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
