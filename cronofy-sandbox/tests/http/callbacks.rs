//! How callbacks travel.

use std::collections::BTreeSet;
use std::ops::Range;
use std::thread;
use std::time::Duration;

use cronofy_sandbox::{CallbackKind, CallbackState, Sandbox};
use serde_json::{Value, json};

use crate::support::*;

const CALLBACKS: &str = "/_sandbox/callbacks";

fn listed(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let answer = control(sandbox, "GET", &format!("{CALLBACKS}{query}"), &Value::Null).is(200).json();
    answer["callbacks"].as_array().expect("a list").clone()
}

#[test]
fn each_active_secret_signs() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let added = sandbox.add_client_secret();
    delegate(&sandbox, &receiver.url);
    let arrived = receiver.next();
    let digest = |secret| digest(secret, &arrived.body);
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
    delegate(&sandbox, &receiver.url);
    let (first, second, third) = (receiver.next(), receiver.next(), receiver.next());
    assert!(first.body == second.body && second.body == third.body, "the same code each time");
    eventually(|| sandbox.callbacks_delivered() == 1);
    assert!(sandbox.undelivered_callbacks().is_empty());
}

#[test]
fn a_callback_that_nobody_takes_is_given_up() {
    let sandbox = builder().callback_retries([Duration::ZERO]).start_blocking().expect("a sandbox starts");
    let receiver = Receiver::start(&[500, 404, 200]);
    delegate(&sandbox, &receiver.url);
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
    delegate(&sandbox, "http://127.0.0.1:1/hook");
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
        delegate(&sandbox, url);
        let failed = sandbox.undelivered_callbacks();
        assert_eq!((failed.len(), failed[0].attempts), (1, 0), "{url}");
    }
}

#[test]
fn a_frozen_clock_stops_no_first_attempt_and_every_other_one() {
    let hour = Duration::from_secs(3600);
    let sandbox = builder().callback_retries([hour, 2 * hour]).start_blocking().expect("a sandbox starts");
    sandbox.freeze();
    let receiver = Receiver::start(&[500, 500, 500]);
    delegate(&sandbox, &receiver.url);
    let attempts = || {
        assert!(sandbox.callbacks_settled());
        sandbox.callbacks()[0].attempts.len()
    };
    assert_eq!(attempts(), 1);
    let waiting = &sandbox.callbacks()[0];
    assert_eq!(
        (waiting.state, waiting.next_attempt_at),
        (CallbackState::Waiting, Some(sandbox.now() + hour))
    );
    sandbox.advance(Duration::from_secs(3599));
    assert_eq!(attempts(), 1);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(attempts(), 2);
    sandbox.advance(2 * hour);
    assert_eq!(attempts(), 3);
    let failed = &sandbox.callbacks()[0];
    assert_eq!((failed.state, failed.reason.as_deref()), (CallbackState::Failed, Some("answered 500")));
}

#[test]
fn one_step_of_the_clock_brings_every_attempt_that_it_passes() {
    let minutes = [1, 2, 3, 60].map(|minutes| Duration::from_secs(60 * minutes));
    let sandbox = builder().callback_retries(minutes).start_blocking().expect("a sandbox starts");
    sandbox.freeze();
    let receiver = Receiver::start(&[500; 9]);
    delegate(&sandbox, &receiver.url);
    // Before the first attempt or after it: what is due follows from the request.
    sandbox.advance(Duration::from_secs(10 * 60));
    assert!(sandbox.callbacks_settled());
    assert_eq!(sandbox.callbacks()[0].attempts.len(), 4);
}

#[test]
fn an_attempt_is_signed_with_the_secrets_of_its_moment() {
    let sandbox =
        builder().callback_retries([Duration::from_secs(60)]).start_blocking().expect("a sandbox starts");
    sandbox.freeze();
    let receiver = Receiver::start(&[503]);
    delegate(&sandbox, &receiver.url);
    let old = receiver.next();
    assert_eq!(old.signature(), digest(sandbox.client_secret(), &old.body));
    let new = sandbox.add_client_secret();
    assert!(sandbox.retire_client_secret(sandbox.client_secret()));
    assert!(sandbox.callbacks_settled());
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(receiver.next().signature(), digest(&new, &old.body));
}

#[test]
fn the_life_of_a_callback_can_be_read() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let body = json!({ "now": "2031-03-04T09:00:00Z", "frozen": true });
    control(&sandbox, "PUT", "/_sandbox/clock", &body).is(200);
    delegate(&sandbox, &receiver.url);
    let code = receiver.next().code();
    let listed = listed(&sandbox, "?wait=10");
    let [callback] = listed.as_slice() else { panic!("one callback: {listed:?}") };
    let id = callback["id"].as_str().expect("an identifier");
    assert!(id.starts_with("cbk_") && id.len() == 28, "{id}");
    let expected = json!({
        "id": id,
        "kind": "service_account_authorization",
        "client_id": sandbox.client_id(),
        "url": receiver.url.trim_end_matches("?user=9"),
        "body": { "authorization": { "code": "[masked]" } },
        "state": "delivered",
        "reason": null,
        "fault": null,
        "copy_of": null,
        "created_at": "2031-03-04T09:00:00Z",
        "next_attempt_at": null,
        "attempts": [{ "at": "2031-03-04T09:00:00Z", "status": 200, "error": null }],
    });
    assert_eq!(*callback, expected);
    let shown = control(&sandbox, "GET", &format!("{CALLBACKS}/{id}"), &Value::Null).is(200);
    assert_eq!(shown.json(), expected);
    assert!(!shown.body.contains(&code));
}

/// A channel's callback says where it was sent, query and all.
#[test]
fn s33_the_query_of_a_callback_is_for_its_receiver() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, "/v1/channels", ada.token(), &json!({ "callback_url": receiver.url })).is(200);
    assert_eq!(receiver.next().json()["channel"]["callback_url"], json!(receiver.url));
    let listed = listed(&sandbox, "?wait=10");
    assert_eq!(listed[0]["body"]["channel"]["callback_url"], listed[0]["url"]);
}

#[test]
fn a_list_is_filtered_and_a_slip_in_a_filter_is_named() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    delegate(&sandbox, &receiver.url);
    delegate(&sandbox, "http://192.0.2.1/hook");
    assert!(sandbox.callbacks_settled());
    for (query, expected) in [
        ("", 2),
        ("?state=delivered", 1),
        ("?state=not_sent", 1),
        ("?state=failed", 0),
        ("?kind=service_account_authorization", 2),
        ("?kind=channel_change", 0),
        ("?url=http://192.0.2.1/", 1),
        ("?url=http://192.0.2.1/&state=delivered", 0),
    ] {
        assert_eq!(listed(&sandbox, query).len(), expected, "{query}");
    }
    for (query, field) in
        [("?state=gone", "state"), ("?kind=mail", "kind"), ("?wait=99", "wait"), ("?sate=x", "sate")]
    {
        let answer = control(&sandbox, "GET", &format!("{CALLBACKS}{query}"), &Value::Null).refused(422);
        assert!(answer.json()["errors"][field][0]["description"].is_string(), "{answer:?}");
    }
}

#[test]
fn a_callback_can_be_sent_again() {
    let sandbox = start();
    let receiver = Receiver::start(&[500]);
    delegate(&sandbox, &receiver.url);
    let first = receiver.next();
    assert!(sandbox.callbacks_settled());
    let original = sandbox.callbacks()[0].clone();
    let target = format!("{CALLBACKS}/{}/resend", original.id);
    let copy = control(&sandbox, "POST", &target, &Value::Null).is(202).json();
    assert_eq!(copy["copy_of"], original.id);
    let again = receiver.next();
    assert_eq!(again.body, first.body);
    assert_eq!(again.signature(), digest(sandbox.client_secret(), &again.body));
    exchange_as(&sandbox, &again.code(), "callback_url", &receiver.url).is(200);
    assert!(sandbox.callbacks_settled());
    let states = sandbox.callbacks().iter().map(|callback| callback.state).collect::<Vec<_>>();
    assert_eq!(states, [CallbackState::Failed, CallbackState::Delivered]);

    let third = sandbox.resend_callback(&original.id).expect("it is remembered");
    assert_eq!(third.kind, CallbackKind::ServiceAccountAuthorization);
    receiver.next();
    control(&sandbox, "POST", &format!("{CALLBACKS}/cbk_none/resend"), &Value::Null).refused(404);
    control(&sandbox, "GET", &format!("{CALLBACKS}/cbk_none"), &Value::Null).refused(404);
}

#[test]
fn what_is_forgotten_is_not_sent_any_more() {
    let sandbox =
        builder().callback_retries([Duration::from_secs(1)]).start_blocking().expect("a sandbox starts");
    sandbox.freeze();
    let receiver = Receiver::start(&[500]);
    delegate(&sandbox, &receiver.url);
    receiver.next();
    control(&sandbox, "DELETE", CALLBACKS, &Value::Null).is(204);
    sandbox.advance(Duration::from_secs(3600));
    assert!(sandbox.callbacks_settled() && sandbox.callbacks().is_empty());
    delegate(&sandbox, &receiver.url);
    assert_eq!(receiver.next().header("host"), Some(receiver.url[7..].trim_end_matches("/hook?user=9")));
    assert!(sandbox.callbacks_settled());
    assert_eq!(sandbox.callbacks().len(), 1);
}

/// Asks for callbacks with each of `states`.
fn delegate_batch(sandbox: &Sandbox, service: &Connected, callback_url: &str, states: Range<usize>) {
    let entry = |state: usize| {
        json!({
            "email": "ada@orchard.example",
            "callback_url": callback_url,
            "scope": "read_only",
            "state": state.to_string(),
        })
    };
    let entries: Vec<Value> = states.map(entry).collect();
    let body = json!({ "service_account_authorizations": entries });
    post_json(sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
}

/// Far more clients than a listener's usual backlog takes, and far more callbacks than are sent at once.
#[test]
fn of_many_callbacks_for_many_clients_none_is_lost() {
    const CLIENTS: usize = 200;
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (sandbox, service, url) = (&sandbox, &service, &receiver.url);
            scope.spawn(move || delegate_batch(sandbox, service, url, 5 * client..5 * (client + 1)));
        }
    });
    let states: BTreeSet<String> =
        (0..5 * CLIENTS).map(|_| receiver.next().authorization()["state"].to_string()).collect();
    assert_eq!(states.len(), 5 * CLIENTS);
    assert!(sandbox.callbacks_settled());
    assert_eq!(sandbox.callbacks_delivered(), 1000);
}

#[test]
fn s32_some_hosts_cannot_be_allowed() {
    for host in ["169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0", "http://hooks.example/"] {
        let refused = builder().allow_callbacks_to(host).start_blocking().expect_err(host);
        assert!(refused.to_string().contains(host), "{refused}");
    }
}

#[test]
fn s32_a_name_that_was_allowed_is_looked_up_and_no_other() {
    // RFC 2606: this one is found nowhere.
    let sandbox = builder().allow_callbacks_to("hooks.invalid").start_blocking().expect("a sandbox starts");
    delegate(&sandbox, "http://hooks.invalid/hook");
    delegate(&sandbox, "http://other.invalid/hook");
    assert!(sandbox.callbacks_settled());
    let attempts: Vec<usize> = sandbox.callbacks().iter().map(|callback| callback.attempts.len()).collect();
    assert_eq!(attempts, [1, 0]);
}

#[test]
fn who_waits_for_callbacks_waits_for_the_attempts_that_come_meanwhile() {
    let pauses = [Duration::from_millis(1), Duration::from_millis(30)];
    let sandbox = builder().callback_retries(pauses).start_blocking().expect("a sandbox starts");
    let receiver = Receiver::start(&[500, 500]);
    delegate(&sandbox, &receiver.url);
    let listed = listed(&sandbox, "?wait=10");
    assert_eq!(listed[0]["state"], "delivered");
    assert_eq!(listed[0]["attempts"].as_array().map(Vec::len), Some(3));
}
