//! `GET /_sandbox/accounts`, `POST /_sandbox/accounts/{sub}/revoke`,
//! `POST /_sandbox/accounts/{sub}/profiles/{profile_id}/{action}` and `POST /_sandbox/access_tokens/expire`
//!
//! What was authorized, and what happens to it at the provider, where no application has a say.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::form;
use crate::app::App;
use crate::callbacks::{Notification, notify};
use crate::state::{Authorization, GrantKey, Kind};
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world::Profile;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/accounts", get(list))
        .route("/_sandbox/accounts/{sub}/revoke", post(revoke))
        .route("/_sandbox/accounts/{sub}/profiles/{profile_id}/{action}", post(act))
        .route("/_sandbox/access_tokens/expire", post(expire))
}

/// One row per application and subject.
async fn list(Extract(app): Extract<App>) -> Response {
    let state = app.state();
    let rows: Vec<Value> =
        state.authorizations().map(|(key, authorization)| row(key, authorization)).collect();
    answer(StatusCode::OK, &json!({ "accounts": rows }))
}

/// As the person does it at the provider: for every application.
async fn revoke(Extract(app): Extract<App>, Path(sub): Path<String>) -> Result<Response, Refusal> {
    if app.state().revoke_everywhere(&sub) == 0 {
        return Err(Refusal::not_found("nothing is authorized for this subject"));
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

/// What happens to a profile.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// The provider takes the credentials no more.
    Disconnect,
    Reconnect,
    /// Cronofy has not read the calendars yet: none are there.
    BeginInitialSync,
    CompleteInitialSync,
}

async fn act(
    Extract(app): Extract<App>,
    Path((sub, profile_id, action)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let action = serde_json::from_value(Value::String(action));
    let action: Action = action.map_err(|_| {
        Refusal::not_found("there are disconnect, reconnect, begin_initial_sync and complete_initial_sync")
    })?;
    let mut state = app.state();
    let mut found = None;
    let mut told = None;
    for profile in state.profiles_mut(&sub, &profile_id) {
        let (connected, synced) = (profile.connected, profile.synced);
        match action {
            Action::Disconnect => profile.connected = false,
            Action::Reconnect => profile.connected = true,
            Action::BeginInitialSync => profile.synced = false,
            Action::CompleteInitialSync => profile.synced = true,
        }
        if connected && !profile.connected {
            told = Some(Notification::ProfileDisconnected);
        } else if !synced && profile.synced {
            told = Some(Notification::ProfileInitialSyncCompleted);
        }
        found = Some(profile_row(profile));
    }
    let row =
        found.ok_or_else(|| Refusal::not_found("nothing authorized for this subject has this profile"))?;
    if let Some(notification) = told {
        notify::profile_changed(&app, &mut state, &sub, &profile_id, notification);
    }
    Ok(answer(StatusCode::OK, &row))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    sub: Option<String>,
}

/// Every access token issued so far, or those of one subject, expire now. Refresh tokens live on.
async fn expire(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let Whose { sub } = form(&call)?;
    let now = app.clock.now();
    let expired = app.state().expire_access_tokens(now, sub.as_deref());
    Ok(answer(StatusCode::OK, &json!({ "expired": expired })))
}

fn row(key: &GrantKey, authorization: &Authorization) -> Value {
    let kind = match authorization.kind {
        Kind::Account => "account",
        Kind::ServiceAccount => "service_account",
        Kind::Unit => "organizational_unit",
        Kind::ApplicationCalendar { .. } => "application_calendar",
    };
    json!({
        "client_id": key.client_id,
        "sub": key.sub,
        "kind": kind,
        "scope": authorization.scope,
        "delegated_scope": authorization.delegated_scope,
        "service_account": authorization.through,
        "profiles": authorization.profiles.iter().map(profile_row).collect::<Vec<Value>>(),
    })
}

fn profile_row(profile: &Profile) -> Value {
    json!({
        "profile_id": profile.id,
        "provider_name": profile.provider_name,
        "provider_service": profile.provider_service,
        "email": profile.login,
        "connected": profile.connected,
        "initial_sync_required": !profile.synced,
    })
}
