//! `DELETE /v1/events`
//!
//! Deletes every event of the application, in all calendars or in some (docs: events/bulk-delete-events).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::changes;
use crate::api::reach::{self, Reached};
use crate::api::time;
use crate::app::App;
use crate::auth::{self, Subject};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Fields, Members, Refusal, empty};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("delete_event")?;
    let calendars = calendars(&app, &state, &subject, &call.object()?, &call.query())?;
    let now = time::timestamp(app.clock.now());
    let client_id = &subject.key.client_id;
    for (reached, uids) in doomed(&state, client_id, calendars)? {
        let key = &reached.calendar.key;
        let changed = uids.iter().flat_map(|uid| state.calendars.delete(key, uid, now)).collect();
        changes::tell(&app, &mut state, &changed, key, client_id);
    }
    Ok(empty(StatusCode::ACCEPTED))
}

/// Which calendars are meant.
fn calendars(
    app: &App,
    state: &State,
    subject: &Subject,
    object: &Map<String, Value>,
    query: &Fields<'_>,
) -> Result<Vec<Reached>, Refusal> {
    let body = Members::of(object);
    let mut errors = FieldErrors::default();
    let all =
        body.flag("delete_all", &mut errors).or(query.get("delete_all").map(|_| query.flag("delete_all")));
    let listed = body.list("calendar_ids", usize::MAX, &mut errors).unwrap_or_default();
    let mut ids: Vec<&str> = query.all("calendar_ids[]").collect();
    for (index, id) in listed.iter().enumerate() {
        match id.as_str() {
            Some(id) => ids.push(id),
            None => errors.invalid(&format!("calendar_ids[{index}]"), "must be a String"),
        }
    }
    let names_calendars = body.get("calendar_ids").is_some() || !ids.is_empty();
    match all {
        Some(true) if names_calendars => {
            errors.push("calendar_ids", "errors.not_supported", "not together with delete_all");
        }
        Some(false) => errors.invalid("delete_all", "must be true"),
        None if body.get("calendar_ids").is_none() && ids.is_empty() => errors.unspecified("delete_all"),
        None if ids.is_empty() => errors.push("calendar_ids", "errors.required", "must hold a calendar_id"),
        Some(true) | None => {}
    }
    errors.into_result()?;
    let mut calendars = reach::all(app, state, subject);
    if all == Some(true) {
        return Ok(calendars);
    }
    let is_there = |id: &&str| calendars.iter().any(|one| one.calendar.id == *id && !one.calendar.deleted);
    if let Some(id) = ids.iter().find(|id| !is_there(id)) {
        return Err(Refusal::not_found(format!("the account has no calendar {id}, or it was deleted")));
    }
    calendars.retain(|one| ids.contains(&one.calendar.id.as_str()));
    Ok(calendars)
}

/// The events of the application in those calendars. 423 before anything is deleted.
fn doomed(
    state: &State,
    client_id: &str,
    calendars: Vec<Reached>,
) -> Result<Vec<(Reached, Vec<String>)>, Refusal> {
    let mut doomed = Vec::new();
    for reached in calendars {
        let events = state.calendars.get(&reached.calendar.key).into_iter();
        let own = events
            .flat_map(|calendar| calendar.events.values())
            .filter(|event| !event.deleted && event.is_managed_by(client_id));
        let uids: Vec<String> = own.map(|event| event.uid.clone()).collect();
        if !uids.is_empty() {
            reach::connected(&reached.profile)?;
            doomed.push((reached, uids));
        }
    }
    Ok(doomed)
}
