//! `POST /_sandbox/reset`, `GET` and `POST /_sandbox/snapshots`, `POST /_sandbox/snapshots/{id}/restore` and
//! `DELETE /_sandbox/snapshots/{id}`
//!
//! Back to the start, or to any moment that was kept.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::wire::{Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/snapshots", get(list).post(take))
        .route("/_sandbox/snapshots/{id}", delete(forget))
        .route("/_sandbox/snapshots/{id}/restore", post(restore))
}

async fn reset(State(app): State<App>) -> Response {
    app.reset();
    empty(StatusCode::NO_CONTENT)
}

async fn list(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &json!({ "snapshots": app.snapshots().list() }))
}

async fn take(State(app): State<App>) -> Result<Response, Refusal> {
    let snapshot =
        app.take_snapshot().map_err(|full| Refusal::empty(StatusCode::CONFLICT, full.to_string()))?;
    Ok(answer(StatusCode::CREATED, &snapshot))
}

async fn restore(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    if !app.restore_snapshot(&id) {
        return Err(Refusal::not_found("there is no such snapshot"));
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn forget(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    if !app.snapshots().remove(&id) {
        return Err(Refusal::not_found("there is no such snapshot"));
    }
    Ok(empty(StatusCode::NO_CONTENT))
}
