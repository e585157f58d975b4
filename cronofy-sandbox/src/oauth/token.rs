//! `POST /oauth/token`
//!
//! Exchanges a code or refreshes (docs: api/authorization/request-token, api/authorization/refresh-token).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::client;
use crate::app::App;
use crate::ledger::Operation;
use crate::state::{CodeSource, Grant, Kind, State, TokenPair};
use crate::wire::{Call, Fields, Refusal, json as answer, never_cache};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation { name: "POST /oauth/token", rules: &[] };

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let fields = call.fields().map_err(|why| Refusal::oauth("invalid_request", why))?;
    if let Some(name) = fields.repeated(PARAMETERS) {
        return Err(Refusal::oauth("invalid_request", format!("{name} came more than once")));
    }
    let mut state = app.state();
    let client_id = client(&fields, &state)?;
    let body = match fields.get("grant_type") {
        Some("authorization_code") => by_code(&app, &mut state, client_id, &fields)?,
        Some("refresh_token") => by_refresh_token(&app, &mut state, client_id, &fields)?,
        Some(_) => return Err(Refusal::oauth("unsupported_grant_type", "unknown grant_type")),
        None => return Err(Refusal::oauth("invalid_request", "grant_type is missing")),
    };
    let mut response = answer(StatusCode::OK, &body);
    never_cache(&mut response);
    Ok(response)
}

const PARAMETERS: &[&str] =
    &["client_id", "client_secret", "grant_type", "code", "redirect_uri", "callback_url", "refresh_token"];

/// An SDK sends `refresh_token` from its configuration with a code too: it is not looked at here.
fn by_code(app: &App, state: &mut State, client_id: &str, fields: &Fields) -> Result<Value, Refusal> {
    let Some(code) = fields.get("code") else {
        return Err(Refusal::oauth("invalid_request", "code is missing"));
    };
    // Documentation and SDKs disagree about the name for delegated codes: either is taken for those.
    let (redirect_uri, callback_url) = (fields.get("redirect_uri"), fields.get("callback_url"));
    let uri = match state.code_source(code) {
        Some(CodeSource::Redirect) => redirect_uri.ok_or("redirect_uri is missing"),
        Some(CodeSource::Callback) => callback_url.or(redirect_uri).ok_or("callback_url is missing"),
        None => redirect_uri.or(callback_url).ok_or("redirect_uri is missing"),
    };
    let uri = uri.map_err(|why| Refusal::oauth("invalid_request", why))?;
    let now = app.clock.now();
    let grant = state
        .redeem(now, client_id, code, uri)
        .map_err(|refusal| Refusal::oauth("invalid_grant", refusal.why()))?;
    state.authorize(grant.clone());
    let Some(tokens) = state.issue_tokens(&app.ids, now, &grant.key) else {
        return Err(Refusal::oauth("invalid_grant", "the authorization was revoked"));
    };
    Ok(with_identity(token_body(&tokens), &grant))
}

/// No identity in this answer: a client has to carry it over (docs: api/authorization/refresh-token).
fn by_refresh_token(
    app: &App,
    state: &mut State,
    client_id: &str,
    fields: &Fields,
) -> Result<Value, Refusal> {
    let Some(token) = fields.get("refresh_token") else {
        return Err(Refusal::oauth("invalid_request", "refresh_token is missing"));
    };
    let tokens = state.refresh(&app.ids, app.clock.now(), client_id, token);
    let why = "refresh_token is unknown, replaced, revoked or another client's";
    tokens.map(|tokens| token_body(&tokens)).ok_or_else(|| Refusal::oauth("invalid_grant", why))
}

pub(crate) fn token_body(tokens: &TokenPair) -> Value {
    json!({
        "token_type": "bearer",
        "access_token": tokens.access_token,
        "expires_in": tokens.expires_in.as_secs(),
        "refresh_token": tokens.refresh_token,
        "scope": tokens.scope,
    })
}

fn with_identity(mut body: Value, grant: &Grant) -> Value {
    let sub = &grant.key.sub;
    // Additive for service accounts: the documentation shows `service_account_id` only, an SDK reads `sub`.
    body["sub"] = json!(sub);
    match &grant.kind {
        Kind::Account => {
            body["account_id"] = json!(sub);
            if let Some(profile) = grant.profiles.first() {
                body["linking_profile"] = linking_profile(profile);
            }
        }
        Kind::ServiceAccount => body["service_account_id"] = json!(sub),
        Kind::Unit => {}
        Kind::ApplicationCalendar { application_calendar_id } => {
            body["application_calendar_id"] = json!(application_calendar_id);
        }
    }
    body
}

pub(crate) fn linking_profile(profile: &Profile) -> Value {
    json!({
        "provider_name": profile.provider_name,
        "provider_service": profile.provider_service,
        "profile_id": profile.id,
        "profile_name": profile.name,
    })
}
