//! `POST /v1/calendars/{calendar_id}/events`, with an `event_id`.
//!
//! Makes an event of the application's own, or changes it (`developers/api/events/upsert-event`). Accepted at once and
//! written to the provider later; no notification comes of it. Needs the scope `create_event`, or a bundle with it.
//!
//! A calendar that is unknown or out of reach is a 404, one that can only be read a 403, one whose profile has to be
//! relinked a 423.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error};
use cronofy_types::{CalendarId, Timestamp, Userinfo};
use serde::Serialize;

use super::details::{EventDetails, EventSpan};
use crate::EventId;
use crate::answer::read_userinfo;
use crate::credential::{Caller, ForAccount};

/// Makes or changes an event.
#[derive(Debug, Clone)]
pub struct UpsertEvent {
    caller: Caller,
    calendar: CalendarId,
    event: EventId,
    span: EventSpan,
    details: EventDetails,
    include_userinfo: bool,
}

impl UpsertEvent {
    /// Puts an event into a calendar, under a name of the application's own. By the same name it is changed later.
    pub fn new(
        who: impl ForAccount,
        calendar: CalendarId,
        event: EventId,
        span: impl Into<EventSpan>,
        details: EventDetails,
    ) -> Self {
        let (caller, span) = (who.into_caller(), span.into());
        Self { caller, calendar, event, span, details, include_userinfo: false }
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
    #[serde(flatten)]
    span: &'a EventSpan,
    #[serde(flatten)]
    details: &'a EventDetails,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    include_userinfo: bool,
}

crate::batch::entry!(UpsertEvent);

impl Endpoint for UpsertEvent {
    /// Userinfo, if it was asked for.
    type Output = Option<Userinfo>;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.span.check()?;
        self.details.check()?;
        self.caller.post("/v1/calendars/").segment(self.calendar.as_str()).path("/events").json(
            &RequestBody {
                event_id: &self.event,
                span: &self.span,
                details: &self.details,
                include_userinfo: self.include_userinfo,
            },
        )
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Option<Userinfo>, Error> {
        read_userinfo("answer to an event", &response, now)
    }
}
