//! `GET /_sandbox/faults`, `POST /_sandbox/faults`, `DELETE /_sandbox/faults`, `GET` and `DELETE` with `/{id}`
//!
//! What goes wrong on purpose.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::faults::Fault;
use crate::wire::{Call, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/faults", get(list).post(add).delete(clear))
        .route("/_sandbox/faults/{id}", get(show).delete(remove))
}

async fn list(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &json!({ "faults": app.state().faults.all() }))
}

async fn add(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let fault = Fault::try_from(call.object()?)?;
    let mut state = app.state();
    Ok(answer(StatusCode::CREATED, state.faults.add(&app.ids, fault)?))
}

async fn clear(State(app): State<App>) -> Response {
    app.state().faults.clear();
    empty(StatusCode::NO_CONTENT)
}

async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    let placed = state.faults.all().iter().find(|placed| placed.id == id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, placed))
}

async fn remove(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    if app.state().faults.remove(&id) { Ok(empty(StatusCode::NO_CONTENT)) } else { Err(unknown()) }
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no such fault")
}
