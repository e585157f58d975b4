//! How many requests an application may send (docs: faqs/rate-limits).

use std::time::Duration;

use cronofy_sandbox::{BlockingSandbox, RateLimits, Sandbox};
use serde_json::{Value, json};

use crate::support::*;

const SETTINGS: &str = "/_sandbox/settings";

/// A sandbox whose clock stands, with an account, and with limits from now on.
fn limited(limits: RateLimits) -> (BlockingSandbox, Connected) {
    let sandbox = start();
    sandbox.freeze();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.set_rate_limits(limits);
    (sandbox, tokens)
}

/// How many of so many requests were not one too many.
fn passed(sandbox: &Sandbox, token: &str, requests: usize) -> usize {
    (0..requests).filter(|_| get(sandbox, "/v1/userinfo", token).status == 200).count()
}

#[test]
fn nothing_is_limited_unless_asked_for() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    assert_eq!(passed(&sandbox, tokens.token(), 80), 80);
}

#[test]
fn fifty_in_a_second_and_a_window_that_moves_with_the_clock() {
    let (sandbox, tokens) = limited(RateLimits::documented());
    assert_eq!(passed(&sandbox, tokens.token(), 60), 50);
    let answer = get(&sandbox, "/v1/userinfo", tokens.token()).refused(429);
    assert_eq!((answer.body.as_str(), answer.header("retry-after")), ("", None));
    assert_eq!(
        answer.header("cronofy-sandbox-why"),
        Some("more than 50 requests of this application in a second")
    );
    // A clock that stands ends no window.
    sandbox.advance(Duration::from_millis(999));
    assert_eq!(passed(&sandbox, tokens.token(), 1), 0);
    sandbox.advance(Duration::from_millis(1));
    assert_eq!(passed(&sandbox, tokens.token(), 60), 50);
}

#[test]
fn five_hundred_in_a_minute() {
    let limits =
        RateLimits { per_second: 1000, per_minute: 20, retry_after: true, ..RateLimits::documented() };
    let (sandbox, tokens) = limited(limits);
    assert_eq!(passed(&sandbox, tokens.token(), 20), 20);
    sandbox.advance(Duration::from_millis(15_500));
    let answer = get(&sandbox, "/v1/userinfo", tokens.token()).refused(429);
    assert_eq!(answer.header("retry-after"), Some("45"));
    sandbox.advance(Duration::from_secs(45));
    assert_eq!(passed(&sandbox, tokens.token(), 1), 1);
}

#[test]
fn an_application_is_one_by_whatever_it_is_recognised() {
    let limits = RateLimits { per_second: 4, ..RateLimits::documented() };
    let (sandbox, tokens) = limited(limits);
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
    get(&sandbox, "/v1/organizational_unit_members", sandbox.client_secret()).is(200);
    refresh(&sandbox, tokens.text("refresh_token")).is(200);
    let credentials = json!({
        "client_id": sandbox.client_id(), "client_secret": sandbox.client_secret(), "application_calendar_id": "a",
    });
    post_json(&sandbox, "/v1/application_calendars", "", &credentials).is(200);
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(429);
    get(&sandbox, "/v1/organizational_unit_members", sandbox.client_secret()).refused(429);
    refresh(&sandbox, tokens.text("refresh_token")).refused(429);
    post_json(&sandbox, "/v1/application_calendars", "", &credentials).refused(429);
    // A person's browser, somebody unknown, and whoever sets the sandbox up.
    browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(200);
    get(&sandbox, "/v1/userinfo", "unknown").refused(401);
    control(&sandbox, "GET", SETTINGS, &Value::Null).is(200);
}

#[test]
fn they_are_settings() {
    let sandbox = start();
    let shown = control(&sandbox, "GET", SETTINGS, &Value::Null).is(200).json();
    let usual = json!({ "enabled": false, "per_second": 50, "per_minute": 500, "retry_after": false });
    assert_eq!(shown["rate_limits"], usual);
    let body = json!({ "rate_limits": { "enabled": true, "per_second": 1, "retry_after": true } });
    let shown = control(&sandbox, "PATCH", SETTINGS, &body).is(200).json();
    let changed = json!({ "enabled": true, "per_second": 1, "per_minute": 500, "retry_after": true });
    assert_eq!(shown["rate_limits"], changed);
    for (limits, part) in [
        (json!({ "per_second": 0 }), "per_second"),
        (json!({ "per_hour": 1 }), "per_hour"),
        (json!({ "enabled": "yes" }), "expected a boolean"),
    ] {
        let answer = control(&sandbox, "PATCH", SETTINGS, &json!({ "rate_limits": limits })).refused(422);
        assert!(answer.body.contains(part), "{}", answer.body);
    }
    assert_eq!(control(&sandbox, "GET", SETTINGS, &Value::Null).json()["rate_limits"], changed);
}
