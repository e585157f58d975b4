//! `POST /v1/calendars/{calendar_id}/events`
//!
//! Creates or changes an event of the application, by `event_id`, or changes one of somebody else, by `event_uid`
//! (docs: events/upsert-event, events/edit-external-events).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde_json::{Map, Value};

use super::author::Author;
use super::draft::{Draft, Name};
use super::options::Options;
use super::{Written, accepted, changes, external, full, managed, userinfo};
use crate::api::reach::{self, Reached};
use crate::api::time;
use crate::app::App;
use crate::auth::{self, Subject};
use crate::calendars::{Event, Full};
use crate::state::State;
use crate::wire::{Call, Refusal};

pub(crate) async fn handle(
    Extract(app): Extract<App>,
    Path(calendar_id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    Ok(accepted(apply(&app, &mut state, &subject, &calendar_id, &call.object()?)?))
}

/// The call without its envelope: an entry of a batch, too.
pub(in crate::api) fn apply(
    app: &App,
    state: &mut State,
    subject: &Subject,
    calendar_id: &str,
    body: &Map<String, Value>,
) -> Result<Written, Refusal> {
    subject.needs("create_event")?;
    let reached = reach::writable(app, state, subject, calendar_id)?;
    let draft = Draft::read(body)?;
    let include_userinfo = draft.include_userinfo;
    let client_id = &subject.key.client_id;
    let key = &reached.calendar.key;
    let before = match &draft.name {
        Name::Managed(event_id) => managed(app, state, &reached.calendar, client_id, event_id),
        Name::External(uid) => Some(editable(state, &reached, client_id, uid)?),
    };
    let now = time::timestamp(app.clock.now());
    let author = Author { app, state, client_id, calendar: &reached.calendar, now };
    let event = author.write(draft, before)?;
    let changed = state.calendars.write(key, event, now).map_err(|Full| full())?;
    changes::tell(app, state, &changed, key, client_id);
    Ok(userinfo(app, state, subject, include_userinfo))
}

/// An event of somebody else that may be changed.
fn editable<'a>(
    state: &'a State,
    reached: &Reached,
    client_id: &str,
    uid: &str,
) -> Result<&'a Event, Refusal> {
    let event = external(state, &reached.calendar.key, uid)?;
    if event.deleted {
        return Err(Refusal::not_found("the event was deleted, and only own events can be written again"));
    }
    if !Options::of(event, &reached.calendar, client_id).update {
        let why =
            "options.update of the event is false: the calendar must be unrestricted, the event no series";
        return Err(Refusal::forbidden(why));
    }
    Ok(event)
}
