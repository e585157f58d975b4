//! `POST /_sandbox/smart_invites/reply`
//!
//! Has somebody answer a smart invite, of which its application is then told.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use serde_json::json;

use super::members;
use crate::api::smart_invites::{callback, proposal, row};
use crate::app::App;
use crate::callbacks::{CallbackKind, Letter, send};
use crate::state::InviteReply;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/smart_invites/reply", post(reply))
}

const MEMBERS: [&str; 7] =
    ["smart_invite_id", "recipient_email", "email", "status", "comment", "proposal", "client_id"];
const STATUSES: [&str; 3] = ["accepted", "tentative", "declined"];

async fn reply(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let object = members(&call, &MEMBERS)?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let id = body.required_text("smart_invite_id", &mut errors).unwrap_or_default();
    let recipient = body.required_text("recipient_email", &mut errors).unwrap_or_default();
    // Somebody to whom the mail was passed on, if it is not who was asked.
    let email = body.text("email", &mut errors).unwrap_or(recipient);
    let status = status(&body, &mut errors);
    let comment = body.text("comment", &mut errors).map(str::to_owned);
    let proposal = proposal(&body, &mut errors);
    let client_id = body.text("client_id", &mut errors);
    let (Some(status), true) = (status, errors.is_empty()) else { return Err(errors.into_refusal()) };
    let mut state = app.state();
    let client_id = client_id.unwrap_or(&state.main_application).to_owned();
    let unknown = || Refusal::not_found("the application has no such smart invite to this address");
    let key = state.smart_invite_to(&client_id, id, recipient).ok_or_else(unknown)?;
    let invite = state.smart_invite(&key).ok_or_else(unknown)?;
    if invite.cancelled {
        let what = "it was cancelled";
        return Err(Refusal::fields(FieldErrors::of("smart_invite_id", "errors.not_supported", what), what));
    }
    let said = InviteReply { email: email.to_owned(), status, comment, proposal };
    invite.answer(said.clone());
    let shown = row(&key, invite);
    let letter = invite.callback_url.clone().map(|url| Letter {
        kind: CallbackKind::SmartInvite,
        client_id,
        url,
        body: callback(&key, invite, &said),
        channel: None,
    });
    let told = letter.map(|letter| send(&app, &mut state, letter));
    Ok(answer(StatusCode::OK, &json!({ "smart_invite": shown, "callback": told })))
}

fn status(body: &Members<'_>, errors: &mut FieldErrors) -> Option<&'static str> {
    let text = body.required_text("status", errors)?;
    let found = STATUSES.iter().find(|word| **word == text).copied();
    if found.is_none() {
        errors.push("status", "errors.not_recognized", &format!("must be one of {}", STATUSES.join(", ")));
    }
    found
}
