//! `GET /_sandbox/health` and `GET /_sandbox/state`
//!
//! The sandbox about itself: not part of Cronofy.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::wire::json as answer;

pub(crate) async fn handle() -> Response {
    answer(StatusCode::OK, &json!({ "status": "ok", "banner": "not Cronofy" }))
}

/// Counts only: nothing in here is a secret.
pub(crate) async fn state(State(app): State<App>) -> Response {
    let (authorizations, access_tokens, codes) = app.state().counts();
    let body = json!({
        "requests_served": app.journal.served(),
        "authorizations": authorizations,
        "access_tokens": access_tokens,
        "codes": codes,
        "callbacks": {
            "delivered": app.callbacks.delivered(),
            "undelivered": app.callbacks.undelivered(),
        },
    });
    answer(StatusCode::OK, &body)
}
