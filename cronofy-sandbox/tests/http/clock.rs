//! The sandbox's clock, over HTTP and from Rust.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::support::*;

const CLOCK: &str = "/_sandbox/clock";
const ADVANCE: &str = "/_sandbox/clock/advance";

#[test]
fn it_is_set_frozen_moved_and_let_go() {
    let sandbox = start();
    let body = json!({ "now": "2031-03-04T09:00:00Z", "frozen": true });
    let set = control(&sandbox, "PUT", CLOCK, &body).is(200).json();
    assert_eq!((&set["now"], &set["frozen"]), (&json!("2031-03-04T09:00:00Z"), &json!(true)));

    let moved = control(&sandbox, "POST", ADVANCE, &json!({ "seconds": 3600 })).is(200).json();
    assert_eq!(moved["now"], "2031-03-04T10:00:00Z");
    assert_eq!(control(&sandbox, "GET", CLOCK, &Value::Null).is(200).json()["now"], moved["now"]);

    let back = control(&sandbox, "PUT", CLOCK, &json!({ "now": "1999-12-31T23:59:59+01:00" })).is(200).json();
    assert_eq!((&back["now"], &back["frozen"]), (&json!("1999-12-31T22:59:59Z"), &json!(true)));
    assert!(back["offset_seconds"].as_i64().is_some_and(|seconds| seconds < 0), "{back}");

    let run = control(&sandbox, "PUT", CLOCK, &json!({ "frozen": false })).is(200).json();
    assert_eq!(run["frozen"], false);
    let stood = sandbox.now();
    eventually(|| sandbox.now() > stood);
}

#[test]
fn codes_and_tokens_live_by_it() {
    let sandbox = start();
    sandbox.freeze();
    let moment = sandbox.now();
    let code = allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[]), "ada@orchard.example");
    sandbox.advance(Duration::from_secs(10 * 60));
    exchange(&sandbox, &code).oauth_error("invalid_grant");
    sandbox.set_clock(moment + Duration::from_secs(10 * 60 - 1));
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    get(&sandbox, "/v1/account", tokens.token()).is(200);
    sandbox.advance(Duration::from_secs(3600));
    get(&sandbox, "/v1/account", tokens.token()).refused(401);
    sandbox.run_clock();
    assert!(sandbox.now() >= moment + Duration::from_secs(3600));
}

#[test]
fn slips_are_named_and_move_nothing() {
    let sandbox = start();
    sandbox.freeze();
    let before = sandbox.now();
    for (method, target, body, field) in [
        ("PUT", CLOCK, json!({}), "base"),
        ("PUT", CLOCK, json!({ "nov": "2031-03-04T09:00:00Z" }), "nov"),
        ("PUT", CLOCK, json!({ "now": "tomorrow" }), "now"),
        ("PUT", CLOCK, json!({ "now": "1969-12-31T23:59:59Z", "frozen": false }), "now"),
        ("PUT", CLOCK, json!({ "now": 5 }), "now"),
        ("PUT", CLOCK, json!({ "frozen": "yes", "now": "2031-03-04T09:00:00Z" }), "frozen"),
        ("POST", ADVANCE, json!({}), "seconds"),
        ("POST", ADVANCE, json!({ "seconds": -1 }), "seconds"),
        ("POST", ADVANCE, json!({ "seconds": 1.5 }), "seconds"),
        ("POST", ADVANCE, json!({ "seconds": 1, "minutes": 1 }), "minutes"),
    ] {
        let answer = control(&sandbox, method, target, &body).refused(422).json();
        assert!(answer["errors"][field][0]["key"].is_string(), "{body}: {answer}");
    }
    assert_eq!(sandbox.now(), before);
}

#[test]
fn there_is_an_end_of_time_and_a_way_back() {
    let sandbox = start();
    sandbox.freeze();
    for _ in 0..20 {
        control(&sandbox, "POST", ADVANCE, &json!({ "seconds": u64::MAX })).is(200);
    }
    assert_eq!(control(&sandbox, "GET", CLOCK, &Value::Null).json()["now"], "9999-01-01T00:00:00Z");
    sandbox.set_clock(SystemTime::UNIX_EPOCH);
    assert_eq!(sandbox.now(), SystemTime::UNIX_EPOCH);
    connect_user(&sandbox, "ada@orchard.example");
}
