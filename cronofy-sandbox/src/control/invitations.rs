//! `GET /_sandbox/invitations` and `POST /_sandbox/invitations/{id}`
//!
//! The mailbox of people in free/busy mode: what they were invited to, and what they answer.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::{members, parameters};
use crate::app::App;
use crate::invitations::{self, Invitation};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::{InvitationAnswer, InvitationState, InvitationUnanswerable};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/invitations", get(list)).route("/_sandbox/invitations/{id}", post(respond))
}

async fn list(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let query = parameters(&call, &["email", "state"])?;
    let email = query.get("email");
    let state = match query.get("state").map(|word| InvitationState::deserialize(Value::from(word.as_str())))
    {
        Some(Err(error)) => return Err(not_recognized("state", &error)),
        Some(Ok(state)) => Some(state),
        None => None,
    };
    let asked = |invitation: &Invitation| {
        email.is_none_or(|email| invitation.email.eq_ignore_ascii_case(email))
            && state.is_none_or(|state| invitation.state == state)
    };
    let found: Vec<Invitation> = invitations::list(&app.state()).into_iter().filter(asked).collect();
    Ok(answer(StatusCode::OK, &json!({ "invitations": found })))
}

async fn respond(State(app): State<App>, Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    let body = members(&call, &["answer"])?;
    let Some(word) = body.get("answer") else {
        let mut errors = FieldErrors::default();
        errors.required("answer");
        return Err(errors.into_refusal());
    };
    let wanted = InvitationAnswer::deserialize(word).map_err(|error| not_recognized("answer", &error))?;
    match invitations::answer(&app, &mut app.state(), &id, wanted) {
        Ok(invitation) => Ok(answer(StatusCode::OK, &invitation)),
        Err(InvitationUnanswerable::Unknown) => Err(Refusal::not_found("there is no such invitation")),
        Err(why) => Err(FieldErrors::of("answer", "errors.not_supported", &why.to_string()).into_refusal()),
    }
}

/// The error lists the words that there are.
fn not_recognized(field: &str, error: &serde_json::Error) -> Refusal {
    FieldErrors::of(field, "errors.not_recognized", &error.to_string()).into_refusal()
}
