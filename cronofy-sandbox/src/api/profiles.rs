//! `GET /v1/profiles`
//!
//! The connected calendar logins of an account.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

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
    let body = |profile| ProfileBody::of(&app.base_url, profile);
    let profiles: Vec<ProfileBody<'_>> = subject.profiles.iter().map(body).collect();
    Ok(answer(StatusCode::OK, &json!({ "profiles": profiles })))
}

#[derive(Serialize)]
pub(super) struct ProfileBody<'a> {
    provider_name: &'a str,
    provider_service: &'a str,
    profile_id: &'a str,
    profile_name: &'a str,
    profile_connected: bool,
    profile_initial_sync_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_relink_url: Option<String>,
}

impl<'a> ProfileBody<'a> {
    pub(super) fn of(base_url: &str, profile: &'a Profile) -> Self {
        Self {
            provider_name: profile.provider_name,
            provider_service: profile.provider_service,
            profile_id: &profile.id,
            profile_name: &profile.name,
            profile_connected: profile.connected,
            profile_initial_sync_required: !profile.synced,
            profile_relink_url: (!profile.connected).then(|| relink_url(base_url, profile)),
        }
    }
}

fn relink_url(base_url: &str, profile: &Profile) -> String {
    let email: String = form_urlencoded::byte_serialize(profile.login.as_bytes()).collect();
    format!("{base_url}/relink/{}?email={email}", profile.provider_name)
}
