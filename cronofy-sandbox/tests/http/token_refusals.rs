//! `POST /oauth/token`, when it says no.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::*;

fn ada(sandbox: &cronofy_sandbox::Sandbox) -> String {
    allow(sandbox, &target(sandbox, INDIVIDUAL, &[]), "ada@orchard.example")
}

#[test]
fn s16_a_code_works_once_and_its_replay_ends_nothing() {
    let sandbox = start();
    let code = ada(&sandbox);
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    exchange(&sandbox, &code).oauth_error("invalid_grant");
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
}

#[test]
fn a_replay_ends_the_authorization_where_that_is_asked_for() {
    let sandbox = builder().revoke_on_replay(true).start_blocking().expect("a sandbox starts");
    let code = ada(&sandbox);
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    exchange(&sandbox, &code).oauth_error("invalid_grant");
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}

#[test]
fn a_code_expires_after_ten_minutes() {
    let sandbox = start();
    let (early, late) = (ada(&sandbox), ada(&sandbox));
    sandbox.advance(Duration::from_secs(590));
    exchange(&sandbox, &early).is(200);
    sandbox.advance(Duration::from_secs(11));
    exchange(&sandbox, &late).oauth_error("invalid_grant");
}

#[test]
fn a_code_is_bound_to_its_redirect_uri_and_a_mistake_does_not_spend_it() {
    let sandbox = start();
    let code = ada(&sandbox);
    for uri in ["http://127.0.0.1:9/cb", "http://127.0.0.1:9/cb?tenant=7&", "http://127.0.0.1:9/CB?tenant=7"]
    {
        exchange_as(&sandbox, &code, "redirect_uri", uri).oauth_error("invalid_grant");
    }
    exchange_as(&sandbox, &code, "callback_url", REDIRECT_URI).oauth_error("invalid_request");
    exchange(&sandbox, &code).is(200);
}

#[test]
fn every_error_has_its_name() {
    let sandbox = start();
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let code = ada(&sandbox);
    let with = |name: &str, value: Value| {
        let mut body = json!({
            "client_id": id,
            "client_secret": secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
        });
        body[name] = value;
        post_json(&sandbox, "/oauth/token", "", &body)
    };
    with("client_id", json!("unknown")).oauth_error("invalid_client");
    with("client_id", Value::Null).oauth_error("invalid_client");
    with("client_secret", json!("wrong")).oauth_error("invalid_client");
    with("client_secret", json!("")).oauth_error("invalid_client");
    with("grant_type", Value::Null).oauth_error("invalid_request");
    with("grant_type", json!("password")).oauth_error("unsupported_grant_type");
    with("grant_type", json!("refresh_token")).oauth_error("invalid_request");
    with("code", Value::Null).oauth_error("invalid_request");
    with("code", json!({ "an": "object" })).oauth_error("invalid_request");
    with("code", json!("unknown")).oauth_error("invalid_grant");
    with("redirect_uri", Value::Null).oauth_error("invalid_request");
    post_form(&sandbox, "/oauth/token", &[("client_id", id), ("client_id", id)])
        .oauth_error("invalid_request");
    post_json(&sandbox, "/oauth/token", "", &json!([1])).oauth_error("invalid_request");
}

#[test]
fn s28_a_body_beyond_one_mebibyte_is_not_read() {
    let sandbox = start();
    let headers = [("Content-Type", "application/json")];
    send(sandbox.api_url(), "POST", "/oauth/token", &headers, &vec![b' '; 2 * 1024 * 1024]).refused(413);
}

#[test]
fn the_reason_never_repeats_a_secret() {
    let sandbox = start();
    let answer = exchange(&sandbox, "a-code-that-should-stay-hidden").refused(400);
    let why = answer.header("cronofy-sandbox-why").unwrap_or_default();
    assert!(!why.contains("a-code") && !why.contains(sandbox.client_secret()));
}
