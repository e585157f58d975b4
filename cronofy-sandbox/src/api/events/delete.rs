//! `DELETE /v1/calendars/{calendar_id}/events`
//!
//! Deletes an event of the application, by `event_id`, or one of somebody else, by `event_uid` (docs:
//! events/delete-event, events/delete-external-event).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde_json::{Map, Value};

use super::draft::{Name, name};
use super::options::Options;
use super::{Written, accepted, changes, external, managed, userinfo};
use crate::api::reach::{self, Reached};
use crate::api::time;
use crate::app::App;
use crate::auth::{self, Subject};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Members, Refusal};

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
    object: &Map<String, Value>,
) -> Result<Written, Refusal> {
    subject.needs("delete_event")?;
    let reached = reach::writable(app, state, subject, calendar_id)?;
    let body = Members::of(object);
    let mut errors = FieldErrors::default();
    let name = name(&body, &mut errors);
    let include_userinfo = body.flag("include_userinfo", &mut errors) == Some(true);
    let (Some(name), true) = (name, errors.is_empty()) else { return Err(errors.into_refusal()) };
    if let Some(uid) = found(app, state, &reached, &subject.key.client_id, &name)? {
        let key = &reached.calendar.key;
        let changed = state.calendars.delete(key, &uid, time::timestamp(app.clock.now()));
        changes::tell(app, state, &changed, key, &subject.key.client_id);
    }
    Ok(userinfo(app, state, subject, include_userinfo))
}

/// The uid of the event, if there is something to delete.
fn found(
    app: &App,
    state: &State,
    reached: &Reached,
    client_id: &str,
    name: &Name,
) -> Result<Option<String>, Refusal> {
    let key = &reached.calendar.key;
    let event = match name {
        Name::Managed(event_id) => managed(app, state, &reached.calendar, client_id, event_id),
        Name::External(uid) => Some(external(state, key, uid)?),
    };
    let Some(event) = event.filter(|event| !event.deleted) else { return Ok(None) };
    if !Options::of(event, &reached.calendar, client_id).delete {
        let why =
            "options.delete of the event is false: the calendar must be unrestricted, the event no series";
        return Err(Refusal::forbidden(why));
    }
    Ok(Some(event.uid.clone()))
}
