//! `POST /v1/service_account_authorizations`
//!
//! Enterprise Connect: reach users and rooms of a domain without them, one or several at a time. The outcome comes
//! by callback.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::delegation::{Entry, Failure, report};
use crate::app::App;
use crate::auth;
use crate::callbacks::CallbackKind;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::scope;
use crate::state::{Authorization, Grant, GrantKey, Kind, State as Memory};
use crate::wire::{Call, FieldErrors, Refusal, empty};
use crate::world::{AccessMode, Profile};

const LARGEST_BATCH: usize = 50;
const BATCH: &str = "service_account_authorizations";

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/service_account_authorizations",
    rules: &[
        documented(
            "`email`, `callback_url` and `scope` are required, `state` is not",
            "api/enterprise-connect/delegated-access",
        ),
        documented(
            "`service_account_authorizations` holds several such requests; it cannot be mixed with a \
             single one",
            "api/enterprise-connect/delegated-access",
        ),
        observed("There are at most 50", "pycronofy 2.0.7, in a comment"),
        guessed(
            "More or none, or a mixture, is 422 on `service_account_authorizations`",
            "it is the field that is wrong",
        ),
        guessed(
            "One bad entry refuses the batch with 422 on `service_account_authorizations[0].email` and the \
             like",
            "a half accepted batch could not be told in one status",
        ),
        observed("`state` beside the batch is ignored", "pycronofy 2.0.7 sends it"),
        documented(
            "The answer is 202, empty; the outcome comes to `callback_url` as `authorization` with `code` \
             and `state`",
            "api/enterprise-connect/delegated-access; Enterprise Connect guide",
        ),
        documented(
            "Users need the scope `service_account/accounts/manage`, rooms \
             `service_account/resources/manage`",
            "api/enterprise-connect/request-authorization",
        ),
        documented("Without the scope for users, or that for rooms, it is 403", "api/error-codes"),
        documented(
            "`scope` lies within the service account's `delegated_scope`",
            "api/enterprise-connect/delegated-access",
        ),
        documented(
            "With `free_busy_write` the account is connected in the mode that the administrator chose",
            "Free/Busy Access guide; authorization/access-modes",
        ),
        observed(
            "A callback that failed has `error`, `error_key` and `error_description`",
            "the sample applications for .NET and Ruby",
        ),
        guessed(
            "The callback about an address that is not of the domain says `access_denied` and \
             `errors.account_not_found`",
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
    let either = [scope::MANAGE_ACCOUNTS, scope::MANAGE_RESOURCES];
    let (service, authorization) = auth::service_account(&call, &state, app.clock.now(), &either)?;
    let entries = entries(&call.object()?)?;
    for entry in &entries {
        may_manage(&state, &authorization, &entry.email)?;
    }
    for entry in &entries {
        let outcome = outcome(&app, &state, &service, &authorization, entry);
        let kind = CallbackKind::ServiceAccountAuthorization;
        report(&app, &mut state, kind, &service.client_id, entry, outcome);
    }
    Ok(empty(StatusCode::ACCEPTED))
}

/// All or nothing.
fn entries(body: &Map<String, Value>) -> Result<Vec<Entry>, Refusal> {
    let mut errors = FieldErrors::default();
    let Some(batch) = body.get(BATCH) else {
        let entry = Entry::read(body, "", &mut errors);
        errors.into_result()?;
        return Ok(vec![entry]);
    };
    if ["email", "callback_url", "scope"].into_iter().any(|name| body.contains_key(name)) {
        let errors = FieldErrors::of(BATCH, "errors.not_supported", "cannot be mixed with a single request");
        return Err(Refusal::fields(errors, "single and batch form in one request"));
    }
    let items = batch.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() || items.len() > LARGEST_BATCH {
        let errors = FieldErrors::of(BATCH, "errors.invalid_format", "must hold 1 to 50 entries");
        return Err(Refusal::fields(errors, "a batch holds 1 to 50 entries"));
    }
    let mut entries = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("{BATCH}[{index}].");
        let nothing = Map::new();
        entries.push(Entry::read(item.as_object().unwrap_or(&nothing), &path, &mut errors));
    }
    errors.into_result()?;
    Ok(entries)
}

/// 403 for a user without the scope for users, and for a room without the one for rooms.
fn may_manage(state: &Memory, authorization: &Authorization, email: &str) -> Result<(), Refusal> {
    let needed = match state.world.login(email) {
        None => return Ok(()),
        Some(login) if login.room.is_some() => scope::MANAGE_RESOURCES,
        Some(_) => scope::MANAGE_ACCOUNTS,
    };
    if scope::holds(&authorization.scope, needed) {
        return Ok(());
    }
    Err(Refusal::forbidden(format!("the service account lacks the scope {needed}")))
}

fn outcome(
    app: &App,
    state: &Memory,
    service: &GrantKey,
    authorization: &Authorization,
    entry: &Entry,
) -> Result<Grant, Failure> {
    let domain = state.world.organization(&service.sub).map(|organization| &organization.domain);
    let login = state.world.login(&entry.email).filter(|login| login.domain.as_ref() == domain);
    let login = login.ok_or(Failure::UnknownAddress)?;
    if !scope::within(&entry.scope, authorization.delegated_scope.as_deref().unwrap_or_default()) {
        return Err(Failure::Scope);
    }
    let mode = if scope::holds(&entry.scope, scope::FREE_BUSY_WRITE) {
        authorization.access
    } else {
        AccessMode::ReadWrite
    };
    let sub = state.account_of(&service.client_id, login);
    Ok(Grant {
        key: GrantKey { client_id: service.client_id.clone(), sub },
        kind: Kind::Account,
        scope: scope::tidy(&entry.scope),
        delegated_scope: None,
        access: mode,
        profiles: Profile::of(login, mode, &app.ids),
        through: Some(service.sub.clone()),
    })
}
