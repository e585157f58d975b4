//! `GET /_sandbox/callbacks`, `GET /_sandbox/callbacks/{id}`, `POST /_sandbox/callbacks/{id}/resend` and
//! `DELETE /_sandbox/callbacks`
//!
//! Every callback that is under way, the latest that are over, and how to send one again.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::json;

use super::parameters;
use crate::app::App;
use crate::callbacks::{Callback, CallbackKind, CallbackState, Callbacks, UnknownWord};
use crate::sandbox::LONGEST_WAIT;
use crate::wire::{Call, FieldErrors, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/callbacks", get(list).delete(forget))
        .route("/_sandbox/callbacks/{id}", get(show))
        .route("/_sandbox/callbacks/{id}/resend", post(resend))
}

/// Which callbacks are asked for.
struct Filter {
    state: Option<CallbackState>,
    kind: Option<CallbackKind>,
    /// How their URL begins.
    url: String,
}

async fn list(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let query = parameters(&call, &["state", "kind", "url", "wait"])?;
    let mut errors = FieldErrors::default();
    let filter = Filter {
        state: word(&query, "state", &mut errors),
        kind: word(&query, "kind", &mut errors),
        url: query.get("url").cloned().unwrap_or_default(),
    };
    let patience = match query.get("wait").map(|seconds| seconds.parse::<u64>().ok()) {
        None => Duration::ZERO,
        Some(Some(seconds)) if seconds <= LONGEST_WAIT.as_secs() => Duration::from_secs(seconds),
        Some(_) => {
            errors.push("wait", "errors.invalid_format", "must be a whole number of seconds, at most 30");
            Duration::ZERO
        }
    };
    errors.into_result()?;
    let settled = Callbacks::settled(app.clone(), patience).await;
    let callbacks: Vec<Callback> =
        app.callbacks.list().into_iter().filter(|callback| filter.fits(callback)).collect();
    Ok(answer(StatusCode::OK, &json!({ "settled": settled, "callbacks": callbacks })))
}

impl Filter {
    fn fits(&self, callback: &Callback) -> bool {
        self.state.is_none_or(|state| callback.state == state)
            && self.kind.is_none_or(|kind| callback.kind == kind)
            && callback.url.starts_with(&self.url)
    }
}

/// The parameter `name` as one of the words that there are for it.
fn word<T>(query: &BTreeMap<String, String>, name: &str, errors: &mut FieldErrors) -> Option<T>
where
    T: FromStr<Err = UnknownWord>,
{
    let refused = |error: UnknownWord| errors.push(name, "errors.not_recognized", &error.to_string());
    query.get(name)?.parse().map_err(refused).ok()
}

async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let callback = app.callbacks.find(&id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, &callback))
}

async fn resend(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let callback = app.callbacks.resend(&app, &id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::ACCEPTED, &callback))
}

async fn forget(State(app): State<App>) -> Response {
    app.callbacks.forget();
    empty(StatusCode::NO_CONTENT)
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no such callback, or it is over for long")
}
