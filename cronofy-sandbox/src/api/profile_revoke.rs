//! `POST /v1/profiles/{profile_id}/revoke`
//!
//! Takes one profile away; the authorization stays.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::wire::{Call, Refusal, empty};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/profiles/{profile_id}/revoke",
    rules: &[
        documented(
            "The profile is gone, the authorization stays; the answer is 202, empty",
            "api/authorization/revoke-profile",
        ),
        observed(
            "The body does not matter",
            "node cronofy 3.8.4, pycronofy 2.0.7 and cronofy-php 1.7 send a small object",
        ),
        guessed(
            "A profile of nobody, or of somebody else, is 404",
            "what an authorization does not see is 404 elsewhere",
        ),
        guessed("A profile of an impersonated member is 404", "a scheduler's scope does not reach that far"),
    ],
};

pub(crate) async fn handle(
    State(app): State<App>,
    Path(profile_id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    if subject.impersonated || !state.revoke_profile(&subject.key, &profile_id) {
        return Err(Refusal::not_found("the account has no such profile"));
    }
    Ok(empty(StatusCode::ACCEPTED))
}
