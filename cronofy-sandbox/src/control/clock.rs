//! `GET /_sandbox/clock`, `PUT /_sandbox/clock` and `POST /_sandbox/clock/advance`
//!
//! The sandbox's time: read, set, stopped, started, moved on.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use jiff::{SignedDuration, SignedDurationRound, Timestamp, Unit};
use serde_json::{Value, json};

use super::members;
use crate::app::App;
use crate::clock::{Setting, written};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/clock", get(show).put(set)).route("/_sandbox/clock/advance", post(advance))
}

async fn show(State(app): State<App>) -> Response {
    shown(&app)
}

async fn set(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["now", "frozen"])?;
    let mut errors = FieldErrors::default();
    let moment = body.get("now").map(|now| {
        let moment = now.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let moment = moment.filter(|moment| *moment >= Timestamp::UNIX_EPOCH);
        if moment.is_none() {
            errors.push(
                "now",
                "errors.invalid_format",
                "must be a time such as 2031-03-04T09:00:00Z, from 1970 on",
            );
        }
        moment
    });
    let frozen = body.get("frozen").map(|frozen| {
        if !frozen.is_boolean() {
            errors.push("frozen", "errors.invalid_format", "must be true or false");
        }
        frozen == &Value::Bool(true)
    });
    if moment.is_none() && frozen.is_none() {
        errors.push("base", "errors.required", "needs now, frozen or both");
    }
    errors.into_result()?;
    // Stopped before it is set: so a time that is set and frozen at once is that time, to the nanosecond.
    match frozen {
        Some(true) => app.clock.freeze(),
        Some(false) => app.clock.run(),
        None => {}
    }
    if let Some(moment) = moment.flatten() {
        app.clock.set(moment.into());
    }
    Ok(shown(&app))
}

async fn advance(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["seconds"])?;
    let mut errors = FieldErrors::default();
    let seconds = body.get("seconds").map(Value::as_u64);
    match seconds {
        None => errors.required("seconds"),
        Some(None) => {
            let needed = "must be a whole number, not negative: PUT /_sandbox/clock sets the clock back";
            errors.push("seconds", "errors.invalid_format", needed);
        }
        Some(Some(_)) => {}
    }
    errors.into_result()?;
    app.clock.advance(Duration::from_secs(seconds.flatten().unwrap_or_default()));
    Ok(shown(&app))
}

fn shown(app: &App) -> Response {
    let (now, machine) = (app.clock.now(), SystemTime::now());
    let offset = SignedDuration::system_until(machine, now).unwrap_or_default();
    let body = json!({
        "now": written(now),
        "frozen": matches!(app.clock.setting(), Setting::Frozen(_)),
        "offset_seconds": offset.round(SignedDurationRound::new().smallest(Unit::Second)).unwrap_or(offset).as_secs(),
    });
    answer(StatusCode::OK, &body)
}
