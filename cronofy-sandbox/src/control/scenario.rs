//! `POST /_sandbox/scenario`
//!
//! Adds what a file says to the world that runs: all of it, or nothing.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::scenario::{Ground, Scenario};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/scenario", post(extend))
}

/// TOML, or JSON where the content type says so.
async fn extend(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let scenario = if call.says_json() {
        Scenario::from_json(call.body())?
    } else {
        let text = str::from_utf8(call.body()).map_err(|_| {
            let why = "the scenario is not UTF-8";
            Refusal::fields(FieldErrors::of("base", "errors.invalid_format", why), why)
        })?;
        Scenario::parse(text)?
    };
    if scenario.replaces() {
        let why = "a world that runs is added to; one that starts can be replaced: start another sandbox, or a tenant";
        return Err(Refusal::fields(FieldErrors::of("world", "errors.invalid", why), why));
    }
    scenario.apply(&mut app.state(), &Ground::now(&app))?;
    Ok(answer(StatusCode::OK, &json!({ "warnings": scenario.warnings() })))
}
