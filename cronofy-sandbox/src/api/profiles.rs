//! `GET /v1/profiles`
//!
//! The connected calendar logins of an account.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::wire::{Call, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/profiles",
    rules: &[
        documented(
            "A profile has `provider_name`, `provider_service`, `profile_id`, `profile_name`, \
             `profile_connected` and `profile_initial_sync_required`",
            "api/identity/profile",
        ),
        documented("Providers go by the documented names", "api/identity/profile"),
        documented(
            "An account in Free/Busy mode has two: the provider's, and one of Cronofy's that keeps what \
             the application writes",
            "Free/Busy Access guide; authorization/access-modes/faqs",
        ),
        documented("With No access there is Cronofy's alone", "authorization/access-modes/faqs"),
        guessed(
            "`profile_initial_sync_required` is false from the start",
            "there is nothing to fetch from anywhere",
        ),
        guessed("No scope is needed", "no page or client names one"),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let profiles: Vec<Value> = subject.profiles.iter().map(profile_body).collect();
    Ok(answer(StatusCode::OK, &json!({ "profiles": profiles })))
}

pub(super) fn profile_body(profile: &Profile) -> Value {
    json!({
        "provider_name": profile.provider_name,
        "provider_service": profile.provider_service,
        "profile_id": profile.id,
        "profile_name": profile.name,
        "profile_connected": true,
        "profile_initial_sync_required": false,
    })
}
