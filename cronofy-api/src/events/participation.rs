//! `POST /v1/calendars/{calendar_id}/events/{event_uid}/participation_status`.
//!
//! Answers an invitation for the account's owner. Known from Cronofy's own clients. Needs the scope
//! `change_participation_status`, a calendar that can be written to, and an event whose
//! [`options`](super::Event::options) say `change_participation_status`; else it is a 403.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::{CalendarId, Timestamp};
use serde::Serialize;

use crate::EventUid;
use crate::credential::{Caller, ForAccount};

/// Says whether the account's owner comes.
#[derive(Debug, Clone)]
pub struct ChangeParticipationStatus {
    caller: Caller,
    calendar: CalendarId,
    event: EventUid,
    answer: InvitationAnswer,
}

/// What can be answered to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationAnswer {
    /// Comes.
    Accepted,
    /// May come.
    Tentative,
    /// Does not. Exchange and Office 365 delete the event.
    Declined,
}

impl ChangeParticipationStatus {
    /// Answers the invitation to the event that Cronofy calls so.
    pub fn new(
        who: impl ForAccount,
        calendar: CalendarId,
        event: EventUid,
        answer: InvitationAnswer,
    ) -> Self {
        Self { caller: who.into_caller(), calendar, event, answer }
    }
}

#[derive(Serialize)]
struct RequestBody {
    status: InvitationAnswer,
}

impl Endpoint for ChangeParticipationStatus {
    type Output = ();

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let events = self.caller.post("/v1/calendars/").segment(self.calendar.as_str()).path("/events/");
        events
            .segment(self.event.as_str())
            .path("/participation_status")
            .json(&RequestBody { status: self.answer })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
