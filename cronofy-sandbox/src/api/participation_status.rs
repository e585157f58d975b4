//! `POST /v1/calendars/{calendar_id}/events/{event_uid}/participation_status`
//!
//! Answers an invitation in the name of the calendar's owner.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;

use super::events::{self, changes, options::Options};
use super::reach::{self, Reached};
use super::time;
use crate::app::App;
use crate::auth;
use crate::calendars::{Changed, Event, Full, InvitationAnswer, Participation};
use crate::ledger::{Operation, documented, guessed};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Members, Refusal, empty};
use crate::world::Provider;

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/calendars/{calendar_id}/events/{event_uid}/participation_status",
    rules: &[
        documented("`status` is `accepted`, `tentative` or `declined`", "api/events/participation-status"),
        documented("The answer is 202 without a body", "api/events/participation-status"),
        documented("It needs `change_participation_status`", "api/events/participation-status"),
        documented(
            "The event needs `options.change_participation_status`, the calendar must not be read-only",
            "api/events/participation-status",
        ),
        guessed(
            "403 where it lacks them, 404 where there is no such event",
            "the meanings of these statuses",
        ),
        documented("Office 365 deletes what is declined", "api/events/participation-status"),
        guessed(
            "An event that came by an invitation in free/busy mode answers that invitation",
            "it is the same question to the same person",
        ),
    ],
};

pub(crate) async fn handle(
    Extract(app): Extract<App>,
    Path((calendar_id, event_uid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("change_participation_status")?;
    let reached = reach::writable(&app, &state, &subject, &calendar_id)?;
    let event = events::external(&state, &reached.calendar.key, &event_uid)?.clone();
    if !Options::of(&event, &reached.calendar, &subject.key.client_id).change_participation_status {
        return Err(Refusal::forbidden("options.change_participation_status of the event is false"));
    }
    let status = status(&call)?;
    let changed = respond(&mut state, &reached, event, status, time::timestamp(app.clock.now()))
        .map_err(|Full| events::full())?;
    changes::tell(&app, &mut state, &changed, &reached.calendar.key, &subject.key.client_id);
    Ok(empty(StatusCode::ACCEPTED))
}

fn status(call: &Call) -> Result<Participation, Refusal> {
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let status = match body.required_text("status", &mut errors) {
        Some("accepted") => Some(Participation::Accepted),
        Some("tentative") => Some(Participation::Tentative),
        Some("declined") => Some(Participation::Declined),
        Some(_) => {
            errors.push("status", "errors.not_recognized", "must be accepted, tentative or declined");
            None
        }
        None => None,
    };
    status.ok_or_else(|| errors.into_refusal())
}

fn respond(
    state: &mut State,
    reached: &Reached,
    mut event: Event,
    status: Participation,
    now: Timestamp,
) -> Result<Changed, Full> {
    let key = &reached.calendar.key;
    let answer = match status {
        Participation::Accepted => InvitationAnswer::Accept,
        Participation::Tentative => InvitationAnswer::Tentative,
        Participation::Declined | Participation::NeedsAction => InvitationAnswer::Decline,
    };
    let brought = state.calendars.brought(key, &event.uid).map(|invitation| invitation.id.clone());
    if let Some(id) = brought {
        // It is there and was not cancelled, or it would not be in the calendar.
        return Ok(state.calendars.answer(&id, answer, now).unwrap_or_default());
    }
    let login = state.world.login(&reached.profile.login);
    if status == Participation::Declined && login.is_some_and(|login| login.provider == Provider::Office365) {
        return Ok(state.calendars.delete(key, &event.uid, now));
    }
    event.participation = status;
    let owner = key.owner.person().unwrap_or_default();
    let own = event.attendees.iter_mut().filter(|guest| guest.person.email.eq_ignore_ascii_case(owner));
    own.for_each(|guest| guest.status = status);
    state.calendars.write(key, event, now)
}
