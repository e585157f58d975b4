//! `POST /oauth/token/revoke`
//!
//! Ends an authorization, by one of its tokens or by its subject (docs: api/authorization/revoke; RFC 7009).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;

use super::client;
use crate::app::App;
use crate::ledger::Operation;
use crate::state::GrantKey;
use crate::wire::{Call, Refusal, empty, never_cache};

pub(crate) const OPERATION: Operation = Operation { name: "POST /oauth/token/revoke", rules: &[] };

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let fields = call.fields().map_err(|why| Refusal::oauth("invalid_request", why))?;
    if let Some(name) = fields.repeated(PARAMETERS) {
        return Err(Refusal::oauth("invalid_request", format!("{name} came more than once")));
    }
    let mut state = app.state();
    let client_id = client(&fields, &state)?;
    // `token` wins over `sub`. One SDK calls its token `refresh_token`. `request_pii_erasure` is accepted and
    // changes nothing: the people here are invented.
    let token = fields.get("token").or_else(|| fields.get("refresh_token"));
    let key = match (token, fields.get("sub")) {
        (Some(token), _) => state.key_of_token(token).filter(|key| key.client_id == client_id).cloned(),
        (None, Some(sub)) => Some(GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() }),
        (None, None) => return Err(Refusal::oauth("invalid_request", "neither token nor sub")),
    };
    // 200 for what is unknown, as RFC 7009, section 2.2, demands.
    if let Some(key) = key {
        state.revoke(&key);
    }
    let mut response = empty(StatusCode::OK);
    never_cache(&mut response);
    Ok(response)
}

const PARAMETERS: &[&str] = &["client_id", "client_secret", "token", "refresh_token", "sub"];
