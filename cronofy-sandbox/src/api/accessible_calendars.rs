//! `GET /v1/accessible_calendars`
//!
//! Whose calendars a profile can reach: a hint, not a complete list.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::world::{Login, Provider};

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/accessible_calendars",
    rules: &[
        documented(
            "Each has `calendar_type`, `email` and `name`",
            "api-alpha/business-connect/accessible-calendars",
        ),
        documented(
            "It needs an account that was authorized with `delegated_scope`",
            "api-alpha/business-connect/accessible-calendars",
        ),
        guessed("Without `delegated_scope` it is 403", "the authorization does not reach that far"),
        documented(
            "`profile_id` is required, `calendar_type` filters",
            "api-alpha/business-connect/accessible-calendars",
        ),
        guessed(
            "Without `profile_id` it is 422",
            "as for other required fields, though node cronofy 3.8.4 has no parameter for it",
        ),
        guessed("A profile of nobody is 404", "what an authorization does not see is 404 elsewhere"),
        documented(
            "`calendar_type` is `resource`, or `unknown` where that is not certain",
            "api-alpha/business-connect/accessible-calendars",
        ),
        documented(
            "The list is a hint: Google has rooms and the person's calendars, Office 365 rooms alone",
            "Business Connect guide",
        ),
        guessed(
            "Rooms are listed at Office 365 without anybody having made a room list",
            "who would set one up is not part of the sandbox",
        ),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    if subject.delegated_scope.is_none() {
        return Err(Refusal::forbidden("the account was authorized without delegated_scope"));
    }
    let query = call.query();
    let Some(profile_id) = query.get("profile_id") else {
        let mut errors = FieldErrors::default();
        errors.required("profile_id");
        return Err(Refusal::fields(errors, "profile_id is missing"));
    };
    let Some(profile) = subject.profiles.iter().find(|profile| profile.id == profile_id) else {
        return Err(Refusal::not_found("the account has no such profile"));
    };
    let Some(login) = state.world.login(&profile.login) else {
        return Err(Refusal::not_found("the profile has no login behind it"));
    };
    let wanted = query.get("calendar_type");
    let listed: Vec<Value> = login
        .reaches
        .iter()
        .filter(|_| !profile.is_hosted())
        .filter_map(|email| state.world.login(email))
        .filter(|reached| reached.room.is_some() || login.provider == Provider::GoogleWorkspace)
        .filter(|reached| wanted.is_none_or(|wanted| wanted == calendar_type(reached)))
        .map(|reached| json!({ "calendar_type": calendar_type(reached), "email": reached.email, "name": reached.name }))
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "accessible_calendars": listed })))
}

fn calendar_type(login: &Login) -> &'static str {
    if login.room.is_some() { "resource" } else { "unknown" }
}
