//! `/v1/events` and `/v1/calendars/{calendar_id}/events`: events as applications read and write them.

mod author;
pub(crate) mod bulk_delete;
pub(super) mod changes;
pub(crate) mod delete;
mod draft;
mod operations;
pub(super) mod options;
pub(crate) mod read;
mod row;
mod rules;
pub(crate) mod upsert;

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::userinfo;
use crate::app::App;
use crate::auth::Subject;
use crate::calendars::{CalendarKey, Event};
use crate::state::State;
use crate::wire::{FieldErrors, Refusal, empty, json as answer};

pub(super) use self::draft::color;
pub(crate) use self::operations::{BULK_DELETE, DELETE, READ, READ_PAGE, UPSERT};

/// What a write answers besides 202: nothing, or the identity of the account where that was asked for.
pub(super) type Written = Option<Value>;

pub(super) fn accepted(body: Written) -> Response {
    match body {
        None => empty(StatusCode::ACCEPTED),
        Some(body) => answer(StatusCode::ACCEPTED, &body),
    }
}

/// `{"userinfo": ...}` (docs: events/delete-event).
fn userinfo(app: &App, state: &State, subject: &Subject, asked: bool) -> Written {
    asked.then(|| json!({ "userinfo": userinfo::account_body(app, state, subject) }))
}

/// The event of an application with its own name for it.
fn managed<'a>(state: &'a State, key: &CalendarKey, client_id: &str, event_id: &str) -> Option<&'a Event> {
    let named = |event: &&Event| {
        event.managed.as_ref().is_some_and(|by| by.client_id == client_id && by.event_id == event_id)
    };
    state.calendars.get(key)?.events.values().find(named)
}

/// The event with this uid; 404 where there is none (sandbox choice: not documented).
pub(super) fn external<'a>(state: &'a State, key: &CalendarKey, uid: &str) -> Result<&'a Event, Refusal> {
    let found = state.calendars.get(key).and_then(|calendar| calendar.events.get(uid));
    found.ok_or_else(|| Refusal::not_found("the calendar has no event with this event_uid"))
}

/// 422: a calendar takes so many events.
pub(super) fn full() -> Refusal {
    let what = "the calendar has as many events as the sandbox keeps: delete some";
    Refusal::fields(FieldErrors::of("base", "errors.sandbox.calendar_full", what), what)
}
