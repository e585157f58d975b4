//! Refreshing, in each of the three modes, and expiry.

use std::time::Duration;

use cronofy_sandbox::RefreshMode;

use crate::support::*;

#[test]
fn an_access_token_expires_and_a_refresh_brings_another() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.advance(Duration::from_secs(3590));
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
    sandbox.advance(Duration::from_secs(11));
    let refused = get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    assert_eq!(refused.body, "");
    let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    get(&sandbox, "/v1/userinfo", again.token()).is(200);
}

#[test]
fn a_service_account_s_token_lives_half_as_long() {
    let sandbox = start();
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    assert_eq!(service.0["expires_in"], 1800);
    assert_eq!(refresh(&sandbox, service.text("refresh_token")).is(200).json()["expires_in"], 1800);
}

#[test]
fn stable_gives_the_same_refresh_token() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    for _ in 0..3 {
        let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
        assert_eq!(again.text("refresh_token"), tokens.text("refresh_token"));
    }
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
}

#[test]
fn rotate_strict_kills_the_old_one() {
    let sandbox =
        builder().refresh_mode(RefreshMode::RotateStrict).start_blocking().expect("a sandbox starts");
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    assert_ne!(again.text("refresh_token"), tokens.text("refresh_token"));
    refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
    refresh(&sandbox, again.text("refresh_token")).is(200);
}

#[test]
fn rotate_with_grace_answers_the_old_one_with_the_new_one_for_a_while() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.set_refresh_mode(RefreshMode::RotateWithGrace(Duration::from_secs(60)));
    let first = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    sandbox.advance(Duration::from_secs(59));
    let second = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    assert_eq!(first.text("refresh_token"), second.text("refresh_token"));
    sandbox.advance(Duration::from_secs(2));
    refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
    refresh(&sandbox, second.text("refresh_token")).is(200);
}

#[test]
fn the_new_token_is_what_the_next_consent_gives() {
    let sandbox =
        builder().refresh_mode(RefreshMode::RotateStrict).start_blocking().expect("a sandbox starts");
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let rotated = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    let again = connect_user(&sandbox, "ada@orchard.example");
    assert_eq!(again.text("refresh_token"), rotated.text("refresh_token"));
}

#[test]
fn tokens_can_be_made_to_expire_and_lifetimes_changed() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.expire_access_tokens();
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
    sandbox.set_token_lifetimes(Duration::from_secs(60), Duration::from_secs(30));
    let again = refresh(&sandbox, tokens.text("refresh_token")).is(200).json();
    assert_eq!(again["expires_in"], 60);
}

#[test]
fn another_client_s_refresh_token_is_unknown() {
    let sandbox = start();
    refresh(&sandbox, "unknown").oauth_error("invalid_grant");
    let elsewhere = start();
    let tokens = connect_user(&elsewhere, "ada@orchard.example");
    refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}
