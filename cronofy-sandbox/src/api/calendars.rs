//! `GET /v1/calendars`
//!
//! Every calendar of an account (docs: api/calendars/list-calendars). No scope is checked (sandbox choice: the
//! sources disagree).

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth;
use crate::ledger::Operation;
use crate::wire::{Call, Refusal, json as answer};
use crate::world::{Calendar, Profile};

pub(crate) const OPERATION: Operation = Operation { name: "GET /v1/calendars", rules: &[] };

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let listed = |profile: &Profile| {
        let with_profile = |calendar: &Calendar| {
            let mut body = calendar_body(profile, calendar);
            body["provider_name"] = json!(profile.provider_name);
            body["profile_id"] = json!(profile.id);
            body["profile_name"] = json!(profile.name);
            body
        };
        profile.calendars.iter().map(with_profile).collect::<Vec<Value>>()
    };
    let calendars: Vec<Value> = subject.profiles.iter().flat_map(listed).collect();
    Ok(answer(StatusCode::OK, &json!({ "sub": subject.key.sub, "calendars": calendars })))
}

pub(super) fn calendar_body(profile: &Profile, calendar: &Calendar) -> Value {
    let hosted = profile.is_hosted();
    json!({
        "calendar_id": calendar.id,
        "calendar_name": calendar.name,
        "calendar_readonly": calendar.readonly,
        "calendar_deleted": false,
        "calendar_primary": calendar.primary,
        "calendar_integrated_conferencing_available": !hosted && !calendar.readonly,
        "calendar_attachments_available": false,
        "permission_level": if hosted { "unrestricted" } else { "sandbox" },
    })
}
