//! `POST /v1/delegated_authorizations`
//!
//! Business Connect: reach a calendar that is shared with the primary account. The outcome comes by callback.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::delegation::{Entry, Failure, report};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::callbacks::CallbackKind;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::scope;
use crate::state::{Grant, GrantKey, Kind, State as Memory};
use crate::wire::{Call, FieldErrors, Fields, Refusal, empty};
use crate::world::{AccessMode, Profile};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/delegated_authorizations",
    rules: &[
        documented(
            "`profile_id`, `email`, `callback_url` and `scope` are required, `state` is not",
            "api-alpha/business-connect/delegated-authorization",
        ),
        documented(
            "The answer is 202, empty; the outcome comes to `callback_url` as `authorization` with `code` \
             and `state`",
            "api-alpha/business-connect/delegated-authorization; Business Connect guide",
        ),
        observed("What is wrong with the request is 422", "cronofy-php 1.7, in its tests"),
        documented(
            "The primary account was authorized with `delegated_scope`",
            "api-alpha/business-connect/request-authorization",
        ),
        guessed("Without `delegated_scope` it is 403", "the authorization does not reach that far"),
        documented("The new account's `profile_name` is empty", "Business Connect guide"),
        documented(
            "Reached are the calendars that are shared with the primary account",
            "Business Connect guide",
        ),
        observed(
            "A callback that failed has `error`, `error_key` and `error_description`",
            "the sample applications for .NET and Ruby, for the callback of Enterprise Connect",
        ),
        guessed(
            "The callback about a calendar that is not shared says `access_denied` and \
             `errors.calendar_not_accessible`",
            "the values are shown nowhere, and RFC 6749 has this error",
        ),
        guessed(
            "The callback about a scope beyond `delegated_scope` says `unable_to_grant_scope` and \
             `errors.scope_not_delegated`",
            "the first is a word of authorization/enterprise-connect/free-busy-only, the second goes with \
             it",
        ),
        guessed("`state` comes with a failure too", "without it nobody could tell whose failure it is"),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let primary = auth::user(&call, &app, &state, app.clock.now())?;
    let Some(delegated_scope) = primary.delegated_scope.as_deref() else {
        return Err(Refusal::forbidden("the account was authorized without delegated_scope"));
    };
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    let fields = Fields::from_object(&body);
    let profile = match fields.get("profile_id") {
        None => {
            errors.required("profile_id");
            None
        }
        Some(id) => {
            let found = primary.profiles.iter().find(|profile| profile.id == id);
            if found.is_none() {
                errors.push("profile_id", "errors.not_recognized", "not a profile of this account");
            }
            found
        }
    };
    let entry = Entry::read(&body, "", &mut errors);
    errors.into_result()?;
    let outcome = outcome(&app, &state, &primary, profile, delegated_scope, &entry);
    let kind = CallbackKind::DelegatedAuthorization;
    report(&app, &mut state, kind, &primary.key.client_id, &entry, outcome);
    Ok(empty(StatusCode::ACCEPTED))
}

fn outcome(
    app: &App,
    state: &Memory,
    primary: &Subject,
    profile: Option<&Profile>,
    delegated_scope: &str,
    entry: &Entry,
) -> Result<Grant, Failure> {
    let provider = profile.filter(|profile| !profile.is_hosted());
    let through =
        provider.and_then(|profile| state.world.login(&profile.login)).ok_or(Failure::NotAccessible)?;
    if !through.reaches.iter().any(|email| email.eq_ignore_ascii_case(&entry.email)) {
        return Err(Failure::NotAccessible);
    }
    let reached = state.world.login(&entry.email).ok_or(Failure::NotAccessible)?;
    if !scope::within(&entry.scope, delegated_scope) {
        return Err(Failure::Scope);
    }
    let mut profiles = Profile::of(reached, AccessMode::ReadWrite, &app.ids);
    for profile in &mut profiles {
        profile.name.clear();
    }
    let client_id = primary.key.client_id.clone();
    Ok(Grant {
        key: GrantKey { sub: state.account_of(&client_id, reached), client_id },
        kind: Kind::Account,
        scope: scope::tidy(&entry.scope),
        delegated_scope: None,
        access: AccessMode::ReadWrite,
        profiles,
        through: None,
    })
}
