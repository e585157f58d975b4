//! `GET /_sandbox/health` and `GET /_sandbox/state`
//!
//! Whether it serves, and what it holds.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::wire::json as answer;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/health", get(health)).route("/_sandbox/state", get(state))
}

async fn health() -> Response {
    answer(StatusCode::OK, &json!({ "status": "ok", "banner": "not Cronofy" }))
}

/// Counts only: nothing in here is a secret.
async fn state(State(app): State<App>) -> Response {
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
