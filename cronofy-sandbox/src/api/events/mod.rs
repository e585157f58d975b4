//! `/v1/events` and `/v1/calendars/{calendar_id}/events`: events as applications read and write them.

mod author;
pub(crate) mod bulk_delete;
pub(super) mod changes;
pub(crate) mod delete;
pub(super) mod draft;
mod operations;
pub(super) mod options;
pub(crate) mod read;
mod row;
mod rules;
pub(crate) mod upsert;

use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use self::draft::Draft;
use super::userinfo;
use crate::app::App;
use crate::auth::Subject;
use crate::calendars::{CalendarKey, Event, Seen};
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
    asked.then(|| json!({ "userinfo": userinfo::account(app, state, subject) }))
}

/// The event of an application with its own name for it, deleted or not.
fn managed<'a>(app: &App, state: &'a State, calendar: &Seen, client_id: &str, id: &str) -> Option<&'a Event> {
    let event = state.calendars.get(&calendar.key)?.events.get(&managed_uid(app, calendar, client_id, id))?;
    event.is_managed_by(client_id).then_some(event)
}

/// It follows from the name: an event that is written again after it was deleted has the same.
fn managed_uid(app: &App, calendar: &Seen, client_id: &str, event_id: &str) -> String {
    app.ids.record("evt_external_", &format!("{client_id}\0{}\0{event_id}", calendar.id))
}

/// The event with this uid; 404 where there is none (sandbox choice: not documented).
pub(super) fn external<'a>(state: &'a State, key: &CalendarKey, uid: &str) -> Result<&'a Event, Refusal> {
    let found = state.calendars.get(key).and_then(|calendar| calendar.events.get(uid));
    found.ok_or_else(|| Refusal::not_found("the calendar has no event with this event_uid"))
}

/// What is wrong with an event whose times are still to come.
pub(super) fn flaws(event: &Map<String, Value>) -> FieldErrors {
    let mut event = event.clone();
    event.insert("start".to_owned(), "2031-03-04T09:00:00Z".into());
    event.insert("end".to_owned(), "2031-03-04T10:00:00Z".into());
    let mut errors = FieldErrors::default();
    Draft::parse(&event, &mut errors);
    errors
}

/// 422: a calendar takes so many events.
pub(super) fn full() -> Refusal {
    let what = "the calendar has as many events, or as many series, as the sandbox keeps: delete some";
    Refusal::fields(FieldErrors::of("base", "errors.sandbox.calendar_full", what), what)
}
