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
        documented("Only a disconnected profile has `profile_relink_url`", "api/identity/profile"),
        guessed(
            "`profile_relink_url` leads to a page of the sandbox, and whoever opens it has connected again",
            "pages of providers to sign in at are not there; clients only send people to it",
        ),
        guessed(
            "`profile_initial_sync_required` is false from the start, unless a test says otherwise; while it is \
             true, the profile has no calendars",
            "there is nothing to fetch from anywhere",
        ),
        guessed("No scope is needed", "no page or client names one"),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let profiles: Vec<Value> =
        subject.profiles.iter().map(|profile| profile_body(&app.base_url, profile)).collect();
    Ok(answer(StatusCode::OK, &json!({ "profiles": profiles })))
}

pub(super) fn profile_body(base_url: &str, profile: &Profile) -> Value {
    let mut body = json!({
        "provider_name": profile.provider_name,
        "provider_service": profile.provider_service,
        "profile_id": profile.id,
        "profile_name": profile.name,
        "profile_connected": profile.connected,
        "profile_initial_sync_required": !profile.synced,
    });
    if !profile.connected {
        body["profile_relink_url"] = json!(format!("{base_url}/_sandbox/relink/{}", profile.id));
    }
    body
}
