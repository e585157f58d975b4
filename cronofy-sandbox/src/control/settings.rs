//! `GET` and `PATCH /_sandbox/settings`
//!
//! What is up to whoever runs the sandbox, in the words of scenarios. What is issued keeps the lifetime it got.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;

use super::{add, form};
use crate::app::App;
use crate::scenario::{File, Settings};
use crate::wire::{Call, Refusal, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/settings", get(show).patch(change))
}

async fn show(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &Settings::of(&app.state().policy))
}

/// What is there changes; the rest stays.
async fn change(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let settings: Settings = form(&call)?;
    let state = add(&app, &File { settings, ..File::default() }, 1)?;
    Ok(answer(StatusCode::OK, &Settings::of(&state.policy)))
}
