//! `GET` and `POST /_sandbox/users/{email}/events`, `GET`, `PATCH` and `DELETE /_sandbox/users/{email}/events/{uid}`
//!
//! What a person, or a room, does in their own calendars: no application takes part. Events that applications
//! wrote are there too, as they are at the provider, and can be moved and deleted like the rest.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::calendars::login;
use super::form;
use crate::app::App;
use crate::calendars::{self, Calendar, CalendarKey, Full};
use crate::callbacks::notify;
use crate::scenario::{Event, Ground, from_json};
use crate::state::State;
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world::Login;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/users/{email}/events", get(list).post(create))
        .route("/_sandbox/users/{email}/events/{uid}", get(show).patch(change).delete(remove))
}

async fn list(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    let login = login(&state, &email)?;
    let there = state.calendars.of_login(&login).filter(|(_, calendar)| !calendar.deleted);
    let mut events: Vec<(&calendars::Event, &Calendar)> = there
        .flat_map(|(_, calendar)| calendar.events.values().map(move |event| (event, calendar)))
        .filter(|(event, _)| !event.deleted)
        .collect();
    let zone = login.zone();
    events.sort_by_key(|(event, _)| (calendars::bounds(event.when, &zone), &event.uid));
    let rows: Vec<Value> = events.into_iter().map(|(event, calendar)| row(event, calendar)).collect();
    Ok(answer(StatusCode::OK, &json!({ "events": rows })))
}

/// One event for every day that it is on.
async fn create(
    Extract(app): Extract<App>,
    Path(email): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let event: Event = form(&call)?;
    let mut state = app.state();
    let login = login(&state, &email)?;
    let ground = Ground::now(&app);
    let (key, events) = state.written_events(&login, &event, &ground, &[])?;
    let mut uids = Vec::new();
    for event in events {
        uids.push(event.uid.clone());
        write(&app, &mut state, &key, event, ground.written)?;
    }
    let calendar = state.calendars.get(&key);
    let rows: Vec<Value> = calendar
        .map(|calendar| {
            uids.iter().filter_map(|uid| Some(row(calendar.events.get(uid)?, calendar))).collect()
        })
        .unwrap_or_default();
    Ok(answer(StatusCode::CREATED, &json!({ "events": rows })))
}

async fn show(
    Extract(app): Extract<App>,
    Path((email, uid)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let state = app.state();
    let (_, _, event) = found(&state, &email, &uid)?;
    Ok(answer(StatusCode::OK, &event))
}

/// A merge patch (RFC 7396) of the event as it was shown; a new time replaces the old one.
async fn change(
    Extract(app): Extract<App>,
    Path((email, uid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, Refusal> {
    let patch: Map<String, Value> = form(&call)?;
    let mut state = app.state();
    let (login, key, shown) = found(&state, &email, &uid)?;
    let Value::Object(mut event) = shown else { return Err(gone()) };
    for name in ["uid", "client_id", "event_id", "calendar"] {
        event.remove(name);
    }
    if patch.contains_key("day") {
        event.retain(|name, _| !matches!(name.as_str(), "start" | "end"));
    }
    for (name, value) in patch {
        if value.is_null() {
            event.remove(&name)
        } else {
            event.insert(name, value)
        };
    }
    let event: Event = from_json(Value::Object(event).to_string().as_bytes())?;
    let ground = Ground::now(&app);
    let before = state.calendars.get(&key).and_then(|calendar| calendar.events.get(&uid)).ok_or_else(gone)?;
    let event = State::changed_event(&login, before, &event, &ground)?;
    write(&app, &mut state, &key, event, ground.written)?;
    let (_, _, event) = found(&state, &email, &uid)?;
    Ok(answer(StatusCode::OK, &event))
}

async fn remove(
    Extract(app): Extract<App>,
    Path((email, uid)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let (_, key, _) = found(&state, &email, &uid)?;
    let managed_by = manager(&state, &key, &uid);
    let changed = state.calendars.delete(&key, &uid, Ground::now(&app).written);
    notify::person_changed(&app, &mut state, &changed, managed_by.as_deref());
    Ok(empty(StatusCode::NO_CONTENT))
}

/// As every application's change is written: people are invited, and channels are told.
fn write(
    app: &App,
    state: &mut State,
    key: &CalendarKey,
    event: calendars::Event,
    now: Timestamp,
) -> Result<(), Refusal> {
    let managed_by = event.managed.as_ref().map(|managed| managed.client_id.clone());
    let written = state.calendars.write(key, event, now);
    let changed =
        written.map_err(|Full| Refusal::empty(StatusCode::CONFLICT, "the calendar takes no more events"))?;
    notify::person_changed(app, state, &changed, managed_by.as_deref());
    Ok(())
}

/// The application that manages an event, if one does.
fn manager(state: &State, key: &CalendarKey, uid: &str) -> Option<String> {
    let managed = state.calendars.get(key)?.events.get(uid)?.managed.as_ref()?;
    Some(managed.client_id.clone())
}

fn gone() -> Refusal {
    Refusal::not_found("they have no such event")
}

fn found(state: &State, email: &str, uid: &str) -> Result<(Arc<Login>, CalendarKey, Value), Refusal> {
    let login = login(state, email)?;
    let event = state.calendars.of_login(&login).find_map(|(key, calendar)| {
        let event = calendar.events.get(uid).filter(|event| !event.deleted && !calendar.deleted)?;
        Some((key.clone(), row(event, calendar)))
    });
    let (key, row) = event.ok_or_else(gone)?;
    Ok((login, key, row))
}

fn row(event: &calendars::Event, calendar: &Calendar) -> Value {
    let mut row = json!(Event::of(event, (!calendar.primary).then(|| calendar.name.clone())));
    row["uid"] = json!(event.uid);
    if let Some(managed) = &event.managed {
        row["client_id"] = json!(managed.client_id);
        row["event_id"] = json!(managed.event_id);
    }
    row
}
