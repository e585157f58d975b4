//! `POST /_sandbox/notifications`
//!
//! Has an application told something through every channel of an account, whether or not it happened.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use serde_json::{Value, json};

use super::members;
use crate::app::App;
use crate::callbacks::{Notification, notify};
use crate::state::GrantKey;
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/notifications", post(tell))
}

async fn tell(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["type", "sub", "client_id"])?;
    let mut errors = FieldErrors::default();
    let notification = match body.get("type") {
        None => {
            errors.required("type");
            None
        }
        Some(word) => {
            let found = Notification::ALL.into_iter().find(|notification| word == notification.word());
            if found.is_none() {
                let words = Notification::ALL.map(Notification::word).join(", ");
                errors.push("type", "errors.not_recognized", &format!("must be one of {words}"));
            }
            found
        }
    };
    let sub = body.get("sub").and_then(Value::as_str);
    if sub.is_none() {
        errors.required("sub");
    }
    let (Some(notification), Some(sub), true) = (notification, sub, errors.is_empty()) else {
        return Err(errors.into_refusal());
    };
    let mut state = app.state();
    let client_id = body.get("client_id").and_then(Value::as_str).unwrap_or(&state.main_application);
    let owner = GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() };
    if state.channels_of(&owner).is_empty() {
        return Err(Refusal::not_found("the account has no channel at this application"));
    }
    let callbacks = notify::tell(&app, &mut state, &owner, notification);
    Ok(answer(StatusCode::ACCEPTED, &json!({ "callbacks": callbacks })))
}
