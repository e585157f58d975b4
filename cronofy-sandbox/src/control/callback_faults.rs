//! `GET /_sandbox/callback_faults`, `POST /_sandbox/callback_faults`, `DELETE /_sandbox/callback_faults` and the same
//! with `/{id}`
//!
//! What is to go wrong with the next callbacks.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::members;
use crate::app::App;
use crate::callbacks::{CallbackFault, Effect};
use crate::wire::{Call, FieldErrors, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/callback_faults", get(list).post(add).delete(clear))
        .route("/_sandbox/callback_faults/{id}", get(show).delete(remove))
}

async fn list(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &json!({ "callback_faults": app.state().callback_faults.list() }))
}

async fn add(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["kind", "effect", "count", "seconds"])?;
    let fault = read(&body)?;
    let mut state = app.state();
    let id = state.callback_faults.add(&app.ids, fault);
    Ok(answer(StatusCode::CREATED, &state.callback_faults.find(&id)))
}

async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let fault = app.state().callback_faults.find(&id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, &fault))
}

async fn remove(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    if app.state().callback_faults.remove(&id) { Ok(empty(StatusCode::NO_CONTENT)) } else { Err(unknown()) }
}

async fn clear(State(app): State<App>) -> Response {
    app.state().callback_faults.clear();
    empty(StatusCode::NO_CONTENT)
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no such fault, or it is used up")
}

/// One callback of any kind, unless the body says otherwise. `"count": null` stands for all of them.
fn read(body: &Map<String, Value>) -> Result<CallbackFault, Refusal> {
    let mut errors = FieldErrors::default();
    let mut fault = CallbackFault::of(effect(body, &mut errors).unwrap_or(Effect::Never));
    match body.get("kind").map(|kind| kind.as_str().unwrap_or_default()) {
        None | Some("*") => {}
        Some(word) => match word.parse() {
            Ok(kind) => fault.kind = Some(kind),
            Err(error) => errors.push("kind", "errors.not_recognized", &format!("{error}, or *")),
        },
    }
    match body.get("count").map(|count| (count.is_null(), count.as_u64())) {
        None => {}
        Some((true, _)) => fault.count = None,
        Some((_, Some(count))) if count > 0 => fault.count = Some(count),
        Some(_) => {
            errors.push(
                "count",
                "errors.invalid_format",
                "must be a whole number from 1 on, or null for all",
            );
        }
    }
    errors.into_result()?;
    Ok(fault)
}

/// `seconds` belong to a delay, and to nothing else.
fn effect(body: &Map<String, Value>, errors: &mut FieldErrors) -> Option<Effect> {
    let Some(word) = body.get("effect") else {
        errors.required("effect");
        return None;
    };
    let seconds = body.get("seconds");
    if let Some(effect) = Effect::ALL.into_iter().find(|effect| word == effect.word()) {
        if seconds.is_some() {
            errors.push("seconds", "errors.not_supported", "only with the effect delay");
        }
        return Some(effect);
    }
    if word != "delay" {
        let words = Effect::ALL.map(Effect::word).join(", ");
        errors.push("effect", "errors.not_recognized", &format!("must be one of {words}, delay"));
        return None;
    }
    match seconds.map(Value::as_u64) {
        None => errors.required("seconds"),
        Some(None) => errors.push("seconds", "errors.invalid_format", "must be a whole number, not negative"),
        Some(Some(seconds)) => return Some(Effect::Delay(Duration::from_secs(seconds))),
    }
    None
}
