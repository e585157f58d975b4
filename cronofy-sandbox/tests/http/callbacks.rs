//! How callbacks travel.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::support::*;

const DELEGATE: &str = "/v1/service_account_authorizations";

#[track_caller]
fn ask(sandbox: &cronofy_sandbox::Sandbox, callback_url: &str) {
    let service = connect_domain(sandbox, "admin@orchard.example", "read_write");
    let body = json!({ "email": "ada@orchard.example", "callback_url": callback_url, "scope": "read_only" });
    post_json(sandbox, DELEGATE, service.token(), &body).is(202);
}

#[test]
fn each_active_secret_signs() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let added = sandbox.add_client_secret();
    ask(&sandbox, &receiver.url);
    let arrived = receiver.next();
    let digest = |secret: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
        mac.update(&arrived.body);
        STANDARD.encode(mac.finalize().into_bytes())
    };
    let both = format!("{},{}", digest(sandbox.client_secret()), digest(&added));
    assert_eq!(arrived.header("cronofy-hmac-sha256"), Some(both.as_str()));
}

#[test]
fn every_active_secret_is_accepted_and_a_retired_one_is_not() {
    let sandbox = start();
    let added = sandbox.add_client_secret();
    assert!(added.starts_with("CRN_"));
    let revoke_with = |secret: &str| {
        let pairs = [("client_id", sandbox.client_id()), ("client_secret", secret), ("token", "x")];
        post_form(&sandbox, "/oauth/token/revoke", &pairs)
    };
    revoke_with(&added).is(200);
    revoke_with(sandbox.client_secret()).is(200);
    assert!(sandbox.retire_client_secret(sandbox.client_secret()));
    revoke_with(sandbox.client_secret()).oauth_error("invalid_client");
    revoke_with(&added).is(200);
    assert!(!sandbox.retire_client_secret(&added), "the last one stays");
}

#[test]
fn s30_a_callback_that_is_not_taken_at_once_is_tried_again() {
    let no_pauses = [Duration::ZERO; 3];
    let sandbox = builder().callback_retries(no_pauses).start_blocking().expect("a sandbox starts");
    let receiver = Receiver::start(&[500, 302]);
    ask(&sandbox, &receiver.url);
    let (first, second, third) = (receiver.next(), receiver.next(), receiver.next());
    assert!(first.body == second.body && second.body == third.body, "the same code each time");
    eventually(|| sandbox.callbacks_delivered() == 1);
    assert!(sandbox.undelivered_callbacks().is_empty());
}

#[test]
fn a_callback_that_nobody_takes_is_given_up() {
    let sandbox = builder().callback_retries([Duration::ZERO]).start_blocking().expect("a sandbox starts");
    let receiver = Receiver::start(&[500, 404, 200]);
    ask(&sandbox, &receiver.url);
    eventually(|| !sandbox.undelivered_callbacks().is_empty());
    let failed = &sandbox.undelivered_callbacks()[0];
    assert_eq!((failed.attempts, failed.reason.as_str()), (2, "answered 404"));
    assert!(!failed.url.contains("user=9"), "the query can hold a secret: {}", failed.url);
    assert_eq!(sandbox.callbacks_delivered(), 0);
}

#[test]
fn a_receiver_that_is_not_there_is_given_up() {
    let sandbox = start();
    // Port 1 of this machine: nothing listens there without privileges.
    ask(&sandbox, "http://127.0.0.1:1/hook");
    eventually(|| sandbox.undelivered_callbacks().first().is_some_and(|failed| failed.attempts == 1));
}

#[test]
fn s32_nothing_is_ever_sent_away_from_this_machine() {
    for url in [
        "https://127.0.0.1/hook",
        "http://hooks.example/hook",
        "http://169.254.169.254/latest",
        "http://192.0.2.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[2001:db8::1]/",
        // 169.254.169.254 in disguise: what is judged is the address that would be connected to.
        "http://2852039166/",
        "http://0xa9.254.43518/",
        "http://[::ffff:a9fe:a9fe]/",
    ] {
        let sandbox = start();
        ask(&sandbox, url);
        let failed = sandbox.undelivered_callbacks();
        assert_eq!((failed.len(), failed[0].attempts), (1, 0), "{url}");
    }
}
