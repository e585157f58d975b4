//! `POST /oauth/token/revoke`
//!
//! Ends an authorization, by one of its tokens or by its subject (RFC 7009).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;

use super::client;
use crate::app::App;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::GrantKey;
use crate::wire::{Call, Refusal, empty, never_cache};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /oauth/token/revoke",
    rules: &[
        documented(
            "`token` is an access or a refresh token, `sub` a subject; with both, `token` counts",
            "api/authorization/revoke",
        ),
        documented("The authorization ends as a whole, with all its tokens", "api/authorization/revoke"),
        documented(
            "With the authorization of a service account, those of all accounts that it gave access to end \
             too",
            "api/authorization/revoke",
        ),
        guessed(
            "Delegates of a Business Connect primary account live on",
            "no page says that they end, as one does for service accounts",
        ),
        guessed("Codes and link tokens end with their authorization", "they would bring back what was ended"),
        documented("The answer is 200, empty", "api/authorization/revoke"),
        guessed(
            "The answer is 200 for a token or subject that is unknown, or another application's, too",
            "RFC 7009, section 2.2, demands it for unknown tokens, and a difference would tell which exist",
        ),
        guessed(
            "Neither `token` nor `sub` is `invalid_request`",
            "RFC 6749, section 5.2, for a missing parameter",
        ),
        observed("`refresh_token` is another name for `token`", "node cronofy 3.8.4"),
        observed("`request_pii_erasure` is accepted", "Cronofy .NET 1.12"),
        guessed("`request_pii_erasure` changes nothing", "the people here are invented"),
        observed("Wrong client credentials are 400 `invalid_client`", "Cronofy .NET 1.12"),
        observed("`Authorization` is ignored", "node cronofy 3.8.4 and pycronofy 2.0.7 send what they have"),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let fields = call.fields().map_err(|why| Refusal::oauth("invalid_request", why))?;
    if let Some(name) = fields.repeated(PARAMETERS) {
        return Err(Refusal::oauth("invalid_request", format!("{name} came more than once")));
    }
    let mut state = app.state();
    let client_id = client(&fields, &state)?;
    let token = fields.get("token").or_else(|| fields.get("refresh_token"));
    let key = match (token, fields.get("sub")) {
        (Some(token), _) => state.key_of_token(token).filter(|key| key.client_id == client_id).cloned(),
        (None, Some(sub)) => Some(GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() }),
        (None, None) => return Err(Refusal::oauth("invalid_request", "neither token nor sub")),
    };
    if let Some(key) = key {
        state.revoke(&key);
    }
    let mut response = empty(StatusCode::OK);
    never_cache(&mut response);
    Ok(response)
}

const PARAMETERS: &[&str] = &["client_id", "client_secret", "token", "refresh_token", "sub"];
