//! `GET /_sandbox/callback_faults`, `POST /_sandbox/callback_faults`, `DELETE /_sandbox/callback_faults` and the same
//! with `/{id}`
//!
//! What goes wrong with callbacks on purpose.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::members;
use crate::app::App;
use crate::callbacks::{CallbackFault, ENDLESS, Effect};
use crate::wire::{Call, FieldErrors, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/callback_faults", get(list).post(add).delete(clear))
        .route("/_sandbox/callback_faults/{id}", get(show).delete(remove))
}

async fn list(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &json!({ "callback_faults": app.state().callback_faults.all() }))
}

async fn add(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["kind", "nth", "count", "effect", "delay_seconds"])?;
    let fault = read(&body)?;
    let mut state = app.state();
    Ok(answer(StatusCode::CREATED, state.callback_faults.add(&app.ids, fault)?))
}

async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    let placed = state.callback_faults.all().iter().find(|placed| placed.id == id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, placed))
}

async fn remove(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    if app.state().callback_faults.remove(&id) { Ok(empty(StatusCode::NO_CONTENT)) } else { Err(unknown()) }
}

async fn clear(State(app): State<App>) -> Response {
    app.state().callback_faults.clear();
    empty(StatusCode::NO_CONTENT)
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no such fault")
}

/// Every callback, unless the body says otherwise. `"count": null` is without end, even beside `nth`.
fn read(body: &Map<String, Value>) -> Result<CallbackFault, Refusal> {
    let mut errors = FieldErrors::default();
    let mut trigger = CallbackFault::on_everything();
    match body.get("kind").map(|kind| kind.as_str().unwrap_or_default()) {
        None | Some("*") => {}
        Some(word) => match word.parse() {
            Ok(kind) => trigger.kind = Some(kind),
            Err(error) => errors.push("kind", "errors.not_recognized", &format!("{error}, or *")),
        },
    }
    trigger.nth = number(body, "nth", &mut errors);
    trigger.count = match body.get("count") {
        Some(Value::Null) => Some(ENDLESS),
        _ => number(body, "count", &mut errors),
    };
    let effect = effect(body, &mut errors);
    match effect {
        Some(effect) if errors.is_empty() => Ok(trigger.with(effect)),
        _ => Err(errors.into_refusal()),
    }
}

fn number(body: &Map<String, Value>, name: &str, errors: &mut FieldErrors) -> Option<u64> {
    let number = body.get(name)?.as_u64();
    if number.is_none() {
        errors.invalid(name, "must be a whole number, not negative");
    }
    number
}

/// `delay_seconds` belong to a delay, and to nothing else.
fn effect(body: &Map<String, Value>, errors: &mut FieldErrors) -> Option<Effect> {
    let delay_seconds = number(body, "delay_seconds", errors);
    let effect = match body.get("effect").map(|word| word.as_str().unwrap_or_default()) {
        None => {
            errors.push("effect", "errors.required", &format!("needs {EFFECTS}"));
            return None;
        }
        Some("delay") => {
            if !body.contains_key("delay_seconds") {
                errors.push("delay_seconds", "errors.required", "says how long");
            }
            return delay_seconds.map(|delay_seconds| Effect::Delay { delay_seconds });
        }
        Some("duplicate") => Effect::Duplicate,
        Some("reorder") => Effect::Reorder,
        Some("forged") => Effect::Forged,
        Some("altered") => Effect::Altered,
        Some("unsigned") => Effect::Unsigned,
        Some("never") => Effect::Never,
        Some(_) => {
            errors.push("effect", "errors.not_recognized", &format!("must be {EFFECTS}"));
            return None;
        }
    };
    if delay_seconds.is_some() {
        errors.push("delay_seconds", "errors.conflict", "only delay has them");
    }
    Some(effect)
}

const EFFECTS: &str = "duplicate, reorder, delay, forged, altered, unsigned or never";
