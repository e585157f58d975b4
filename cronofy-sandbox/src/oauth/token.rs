//! `POST /oauth/token`
//!
//! Exchanges a code or refreshes.

use axum::extract::State as Extract;
use axum::response::Response;

use super::answer::{Identity, TokenAnswer};
use super::client;
use crate::app::App;
use crate::callbacks::{Notification, notify};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{CodeSource, GrantKey, State};
use crate::wire::{Call, Fields, Refusal};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /oauth/token",
    rules: &[
        documented(
            "`grant_type` is `authorization_code` or `refresh_token`; another one is \
             `unsupported_grant_type`",
            "api/authorization/request-token; RFC 6749, section 5.2",
        ),
        documented(
            "A parameter that is missing or came twice is `invalid_request`",
            "RFC 6749, sections 3.2 and 5.2",
        ),
        documented("`client_id` and `client_secret` are in the body", "api/authorization/request-token"),
        observed(
            "`Authorization` is ignored",
            "node cronofy 3.8.4 sends `Bearer undefined`, pycronofy 2.0.7 `Bearer None`",
        ),
        observed(
            "Wrong client credentials are 400 `invalid_client`",
            "Cronofy .NET 1.12, in its test of revocation; cronofy-ruby 0.41 expects 401",
        ),
        documented("A code works once", "api/authorization/request-token; RFC 6749, section 4.1.2"),
        documented(
            "A code works with the application and the `redirect_uri` that it was issued for; all else is \
             `invalid_grant`",
            "api/authorization/request-token; faqs/authorizations; RFC 6749, section 4.1.3",
        ),
        guessed(
            "A code lives for 10 minutes",
            "the most that RFC 6749, section 4.1.2, recommends; the builder takes another figure",
        ),
        guessed(
            "A wrong client or URI does not spend a code",
            "who cannot redeem a code should not be able to destroy it",
        ),
        guessed(
            "A code that comes again leaves the authorization alive, unless `revoke_on_replay` is set",
            "RFC 6749, section 4.1.2, recommends to revoke, but a lost answer that is asked for again \
             would end it too",
        ),
        documented(
            "A delegated code comes with `callback_url` in place of `redirect_uri`",
            "api/enterprise-connect/delegated-access; api-alpha/business-connect/delegated-authorization",
        ),
        observed(
            "A delegated code comes with the callback URL as `redirect_uri` too",
            "cronofy-ruby 0.41, pycronofy 2.0.7, Cronofy .NET 1.12, cronofy-php 1.7 and three sample \
             applications",
        ),
        observed("`refresh_token` beside a code is ignored", "node cronofy 3.8.4 sends it"),
        documented(
            "The answer has `token_type` `bearer`, `access_token`, `expires_in`, `refresh_token` and \
             `scope`, and is not to be cached",
            "api/authorization/request-token",
        ),
        documented(
            "`expires_in` is 3600, for service accounts 1800",
            "api/authorization/request-token; api/enterprise-connect/request-token",
        ),
        documented(
            "For a code, accounts have `account_id`, `sub` and `linking_profile` besides",
            "api/authorization/request-token",
        ),
        observed("`linking_profile` has `provider_service` too", "Cronofy .NET 1.12"),
        documented(
            "The linking profile's `provider_name` is `google_free_busy` or `ms_graph_free_busy` in \
             Free/Busy mode, `cronofy` with No access",
            "authorization/access-modes/faqs",
        ),
        documented(
            "For a code, service accounts have `service_account_id` besides",
            "api/enterprise-connect/request-token",
        ),
        observed("Service accounts have `sub` too", "Cronofy .NET 1.12 reads it"),
        guessed(
            "An Organizational Unit has `sub`, which begins with `org_`",
            "revocation takes its `sub`, so there is one, but its prefix is shown nowhere",
        ),
        documented("A refresh answers without any identity", "api/authorization/refresh-token"),
        documented("The same refresh token comes back", "api/authorization/refresh-token"),
        guessed(
            "Where the builder says so, the refresh token rotates, with or without a time of grace",
            "faqs/access-token-expiry says that it may change at use; the reference shows that it does not",
        ),
        documented(
            "An unknown, replaced or revoked refresh token, or another application's, is `invalid_grant`",
            "RFC 6749, section 5.2",
        ),
        guessed(
            "Older access tokens live on after a refresh",
            "a refresh would break calls under way, and no page speaks of it",
        ),
        documented(
            "Logins that were linked into one account share `account_id` and refresh token",
            "faqs/authorizations",
        ),
        guessed(
            "With a second consent for the same account, scope and `delegated_scope` are those of the \
             newest one, and profiles add up",
            "the newest is what the person agreed to last",
        ),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let fields = call.fields().map_err(|why| Refusal::oauth("invalid_request", why))?;
    if let Some(name) = fields.repeated(PARAMETERS) {
        return Err(Refusal::oauth("invalid_request", format!("{name} came more than once")));
    }
    grant(&app, &fields).map(TokenAnswer::into_response)
}

const PARAMETERS: &[&str] =
    &["client_id", "client_secret", "grant_type", "code", "redirect_uri", "callback_url", "refresh_token"];

fn grant(app: &App, fields: &Fields<'_>) -> Result<TokenAnswer, Refusal> {
    let mut state = app.state();
    let client_id = client(fields, &state)?;
    match fields.get("grant_type") {
        Some("authorization_code") => by_code(app, &mut state, client_id, fields),
        Some("refresh_token") => by_refresh_token(app, &mut state, client_id, fields),
        Some(_) => Err(Refusal::oauth("unsupported_grant_type", "unknown grant_type")),
        None => Err(Refusal::oauth("invalid_request", "grant_type is missing")),
    }
}

fn by_code(
    app: &App,
    state: &mut State,
    client_id: &str,
    fields: &Fields<'_>,
) -> Result<TokenAnswer, Refusal> {
    let Some(code) = fields.get("code") else {
        return Err(Refusal::oauth("invalid_request", "code is missing"));
    };
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
    let (key, identity) = (grant.key.clone(), Identity::of(&grant));
    let before = profiles(state, &key);
    state.authorize(grant);
    if profiles(state, &key) > before {
        notify::tell(app, state, &key, Notification::ProfileInitialSyncCompleted);
    }
    let Some(tokens) = state.issue_tokens(&app.ids, now, &key) else {
        return Err(Refusal::oauth("invalid_grant", "the authorization was revoked"));
    };
    Ok(TokenAnswer::new(tokens, Some(identity)))
}

/// How many profiles an authorization has.
fn profiles(state: &State, key: &GrantKey) -> usize {
    state.authorization(key).map_or(0, |authorization| authorization.profiles.len())
}

fn by_refresh_token(
    app: &App,
    state: &mut State,
    client_id: &str,
    fields: &Fields<'_>,
) -> Result<TokenAnswer, Refusal> {
    let Some(token) = fields.get("refresh_token") else {
        return Err(Refusal::oauth("invalid_request", "refresh_token is missing"));
    };
    let tokens = state.refresh(&app.ids, app.clock.now(), client_id, token);
    let why = "refresh_token is unknown, replaced, revoked or another client's";
    tokens.map(|tokens| TokenAnswer::new(tokens, None)).ok_or_else(|| Refusal::oauth("invalid_grant", why))
}
