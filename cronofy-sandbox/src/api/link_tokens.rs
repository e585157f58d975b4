//! `POST /v1/link_tokens`
//!
//! A token that joins the next authorized login into this account.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::state::Kind;
use crate::wire::{Call, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/link_tokens",
    rules: &[
        documented("The answer is `link_token`; nothing is sent", "api-alpha/explicit-linking"),
        documented("Explicit linking has to be enabled for the application", "api-alpha/explicit-linking"),
        guessed(
            "Where explicit linking is not enabled, the answer is 403",
            "the credential is recognised, and does not reach that far",
        ),
        guessed(
            "The answer is 403 for anything but a person's own token",
            "logins are joined into the accounts of people",
        ),
        guessed(
            "A link token works once, for five minutes",
            "two integrators report this, each on their own",
        ),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let now = app.clock.now();
    let subject = auth::user(&call, &app, &state, now)?;
    let enabled =
        state.applications.get(&subject.key.client_id).is_some_and(|found| found.features.explicit_linking);
    if !enabled {
        return Err(Refusal::forbidden("explicit linking is not enabled for this application"));
    }
    if subject.impersonated || subject.kind != Kind::Account {
        return Err(Refusal::forbidden("link tokens are for the accounts of people"));
    }
    let token = state.issue_link_token(&app.ids, now, &subject.key);
    Ok(answer(StatusCode::OK, &json!({ "link_token": token })))
}
