//! Revocation: by token, by subject, of one profile, of a whole domain.

use serde_json::json;

use crate::support::*;

#[test]
fn by_access_token_refresh_token_alias_and_sub() {
    for name in ["access_token", "refresh_token", "sub"] {
        let sandbox = start();
        let tokens = connect_user(&sandbox, "ada@orchard.example");
        let field = if name == "sub" { "sub" } else { "token" };
        assert_eq!(revoke(&sandbox, field, tokens.text(name)).is(200).body, "");
        get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
        refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
        // Only a new authorization brings access back, with tokens of its own.
        let again = connect_user(&sandbox, "ada@orchard.example");
        assert_ne!(again.text("refresh_token"), tokens.text("refresh_token"));
        get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
    }
}

#[test]
fn an_expired_access_token_still_names_its_authorization() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.expire_access_tokens();
    revoke(&sandbox, "token", tokens.token()).is(200);
    refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
}

#[test]
fn the_token_wins_over_the_subject() {
    let sandbox = start();
    let (ada, bram) =
        (connect_user(&sandbox, "ada@orchard.example"), connect_user(&sandbox, "bram@orchard.example"));
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "token": ada.token(),
        "sub": bram.text("sub"),
        "request_pii_erasure": true,
    });
    post_json(&sandbox, "/oauth/token/revoke", "", &body).is(200);
    get(&sandbox, "/v1/userinfo", ada.token()).refused(401);
    get(&sandbox, "/v1/userinfo", bram.token()).is(200);
}

#[test]
fn the_unknown_is_fine_and_nothing_is_not() {
    let sandbox = start();
    revoke(&sandbox, "token", "unknown").is(200);
    revoke(&sandbox, "sub", "acc_unknown").is(200);
    revoke(&sandbox, "other", "x").oauth_error("invalid_request");
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let twice = [("client_id", id), ("client_secret", secret), ("token", "x"), ("token", "y")];
    post_form(&sandbox, "/oauth/token/revoke", &twice).oauth_error("invalid_request");
    let wrong = [("client_id", sandbox.client_id()), ("client_secret", "wrong"), ("token", "x")];
    post_form(&sandbox, "/oauth/token/revoke", &wrong).oauth_error("invalid_client");
}

#[test]
fn one_profile_goes_and_the_authorization_stays() {
    let sandbox = start();
    connect_user(&sandbox, "ada@orchard.example");
    let tokens = connect_user(&sandbox, "ada@fruitmail.example");
    let path = format!("/v1/profiles/{}/revoke", tokens.profile_id());
    assert_eq!(post_json(&sandbox, &path, tokens.token(), &json!({})).is(202).body, "");
    let left = get(&sandbox, "/v1/profiles", tokens.token()).is(200).json();
    assert_eq!(left["profiles"].as_array().map(Vec::len), Some(1));
    post_json(&sandbox, &path, tokens.token(), &json!({})).refused(404);
    let foreign = connect_user(&sandbox, "bram@orchard.example");
    let path = format!("/v1/profiles/{}/revoke", foreign.profile_id());
    post_json(&sandbox, &path, tokens.token(), &json!({})).refused(404);
    post_json(&sandbox, &path, "unknown", &json!({})).refused(401);
}

#[test]
fn a_service_account_takes_everybody_with_it() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let entry = |email: &str| json!({ "email": email, "callback_url": receiver.url, "scope": "read_events" });
    let batch = json!({ "service_account_authorizations": [entry("cleo@orchard.example"), entry("dov@orchard.example")] });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &batch).is(202);
    let (redeemed, pending) = (receiver.next().code(), receiver.next().code());
    let delegated = Connected(exchange_as(&sandbox, &redeemed, "callback_url", &receiver.url).is(200).json());
    let individual = connect_user(&sandbox, "ada@orchard.example");

    revoke(&sandbox, "sub", service.text("service_account_id")).is(200);
    get(&sandbox, "/v1/userinfo", service.token()).refused(401);
    get(&sandbox, "/v1/userinfo", delegated.token()).refused(401);
    refresh(&sandbox, delegated.text("refresh_token")).oauth_error("invalid_grant");
    exchange_as(&sandbox, &pending, "callback_url", &receiver.url).oauth_error("invalid_grant");
    get(&sandbox, "/v1/userinfo", individual.token()).is(200);
}

#[test]
fn one_delegated_account_goes_alone() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let entry =
        json!({ "email": "cleo@orchard.example", "callback_url": receiver.url, "scope": "read_events" });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &entry).is(202);
    let code = receiver.next().code();
    let delegated = Connected(exchange_as(&sandbox, &code, "callback_url", &receiver.url).is(200).json());
    revoke(&sandbox, "sub", delegated.text("sub")).is(200);
    get(&sandbox, "/v1/userinfo", delegated.token()).refused(401);
    get(&sandbox, "/v1/userinfo", service.token()).is(200);
}
