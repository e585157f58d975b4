//! `POST /v1/calendars/{calendar_id}/events`, with an `event_uid`.
//!
//! Changes an event that the application did not make (`developers/api/events/edit-external-events`). Accepted at once
//! and written to the provider later; no notification comes of it. Needs the scope `create_event`, a calendar whose
//! permission level is `unrestricted` (see [`RequestPermissions`](crate::calendars::RequestPermissions)), and an event
//! whose [`options`](super::Event::options) say `update`: one of a series says no.
//!
//! What is not permitted is a 403. An event that was deleted cannot be brought back: it is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error};
use cronofy_types::{CalendarId, Timestamp, Userinfo};
use serde::Serialize;

use super::details::{EventDetails, EventSpan};
use crate::EventUid;
use crate::answer::read_userinfo;
use crate::credential::{Caller, ForAccount};

/// Changes an event that somebody else made.
#[derive(Debug, Clone)]
pub struct EditExternalEvent {
    caller: Caller,
    calendar: CalendarId,
    event: EventUid,
    span: EventSpan,
    details: EventDetails,
    include_userinfo: bool,
}

impl EditExternalEvent {
    /// Says anew what is known of an event, by Cronofy's name for it.
    pub fn new(
        who: impl ForAccount,
        calendar: CalendarId,
        event: EventUid,
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
    event_uid: &'a EventUid,
    #[serde(flatten)]
    span: &'a EventSpan,
    #[serde(flatten)]
    details: &'a EventDetails,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    include_userinfo: bool,
}

crate::batch::entry!(EditExternalEvent);

impl Endpoint for EditExternalEvent {
    /// Userinfo, if it was asked for.
    type Output = Option<Userinfo>;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.span.check()?;
        self.details.check()?;
        self.caller.post("/v1/calendars/").segment(self.calendar.as_str()).path("/events").json(
            &RequestBody {
                event_uid: &self.event,
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
