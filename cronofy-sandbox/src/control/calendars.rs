//! `GET` and `POST /_sandbox/users/{email}/calendars`
//!
//! The calendars that a person, or a room, has at their provider.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::form;
use crate::app::App;
use crate::calendars;
use crate::scenario::form;
use crate::state::State;
use crate::wire::{Call, Refusal, json as answer};
use crate::world::Login;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/users/{email}/calendars", get(list).post(create))
}

async fn list(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    let login = login(&state, &email)?;
    let there = state.calendars.of_login(&login).filter(|(_, calendar)| !calendar.deleted);
    let rows: Vec<Value> = there.map(|(_, calendar)| row(calendar)).collect();
    Ok(answer(StatusCode::OK, &json!({ "calendars": rows })))
}

async fn create(
    Extract(app): Extract<App>,
    Path(email): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let calendar: form::Calendar = form(&call)?;
    let mut state = app.state();
    let login = login(&state, &email)?;
    let key = state.add_calendar(&login, &calendar, Vec::new())?;
    Ok(answer(StatusCode::CREATED, &state.calendars.get(&key).map(row)))
}

/// A person or a room.
pub(super) fn login(state: &State, email: &str) -> Result<Arc<Login>, Refusal> {
    state.world.login(email).cloned().ok_or_else(|| Refusal::not_found("nobody has this address"))
}

fn row(calendar: &calendars::Calendar) -> Value {
    json!({
        "name": calendar.name,
        "primary": calendar.primary,
        "readonly": calendar.readonly,
        "color": calendar.color,
    })
}
