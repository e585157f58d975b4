//! `GET /v1/account`
//!
//! The account behind a token.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::auth::{self, Caller};
use crate::ledger::{Operation, documented, guessed};
use crate::state::Kind;
use crate::wire::{Call, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/account",
    rules: &[
        documented(
            "`account` has `account_id`, `email`, `name`, `scope` and `default_tzid`; `sub` is beside it",
            "api/identity/account",
        ),
        documented("`account_id` has 28 characters", "api/identity/account"),
        documented("Service accounts have an account too", "api/identity/account"),
        guessed("The `default_tzid` of a service account is `Etc/UTC`", "a domain has no zone of its own"),
        guessed(
            "An application calendar's token is 403",
            "an independent service that imitates this API answers so",
        ),
        guessed(
            "No scope is needed",
            "cronofy-ruby 0.41 expects 403 without `read_account`, which the list of scopes no longer has",
        ),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let now = app.clock.now();
    if let Caller::Token(key) = Caller::of(&call, &state, now)?
        && let Some(authorization) = state.authorization(&key)
        && authorization.kind == Kind::ServiceAccount
    {
        let organization = state.world.organization(&key.sub);
        let body = json!({
            "account": {
                "account_id": key.sub,
                "email": organization.map(|found| &found.service_account_email),
                "name": organization.map(|found| &found.name),
                "scope": authorization.scope,
                "default_tzid": "Etc/UTC",
            },
            "sub": key.sub,
        });
        return Ok(answer(StatusCode::OK, &body));
    }
    let subject = auth::user(&call, &app, &state, now)?;
    if subject.kind != Kind::Account {
        return Err(Refusal::forbidden("an application calendar has no account"));
    }
    let owner = state.world.owner(&subject.key.sub);
    let body = json!({
        "account": {
            "account_id": subject.key.sub,
            "email": owner.map(|login| &login.email),
            "name": owner.map(|login| &login.name),
            "scope": subject.scope,
            "default_tzid": owner.map_or("Etc/UTC", |login| login.tzid.as_str()),
        },
        "sub": subject.key.sub,
    });
    Ok(answer(StatusCode::OK, &body))
}
