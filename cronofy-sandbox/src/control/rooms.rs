//! `GET` and `POST /_sandbox/rooms`, `GET` and `DELETE /_sandbox/rooms/{email}`
//!
//! Rooms and equipment, in the words of scenarios.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::{add, form};
use crate::app::App;
use crate::scenario::{File, form::Room};
use crate::state::State;
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world::{self, Login};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/rooms", get(list).post(create))
        .route("/_sandbox/rooms/{email}", get(show).delete(remove))
}

async fn list(Extract(app): Extract<App>) -> Response {
    let state = app.state();
    let rooms = state.world.logins.iter().filter_map(|login| Some(row(login, login.room.as_ref()?)));
    answer(StatusCode::OK, &json!({ "rooms": rooms.collect::<Vec<Value>>() }))
}

async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let room: Room = form(&call)?;
    let email = room.email.clone();
    let state = add(&app, &File { rooms: vec![room], ..File::default() }, 2)?;
    let (login, room) = found(&state, &email)?;
    Ok(answer(StatusCode::CREATED, &row(login, room)))
}

async fn show(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    let (login, room) = found(&state, &email)?;
    Ok(answer(StatusCode::OK, &row(login, room)))
}

/// With its calendar.
async fn remove(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let mut state = app.state();
    let email = found(&state, &email)?.0.email.clone();
    state.remove_login(&email);
    Ok(empty(StatusCode::NO_CONTENT))
}

fn found<'a>(state: &'a State, email: &str) -> Result<(&'a Login, &'a world::Room), Refusal> {
    let login = state.world.login(email);
    let room = login.and_then(|login| Some((login.as_ref(), login.room.as_ref()?)));
    room.ok_or_else(|| Refusal::not_found("no room has this address"))
}

fn row(login: &Login, room: &world::Room) -> Value {
    json!({
        "email": login.email,
        "name": login.name,
        "provider": login.provider,
        "tzid": login.tzid,
        "capacity": room.capacity,
        "building": room.building,
        "floor": room.floor,
        "section": room.section,
        "address": room.address,
        "coordinates": room.coordinates,
        "domain": login.domain,
    })
}
