//! Availability, checked against the free/busy answer of the same sandbox.

use serde_json::{Value, json};

use crate::support::*;

fn body(sub: &str, day: &str, more: &Value) -> Value {
    let mut body = json!({
        "participants": [{ "required": "all", "members": [{ "sub": sub }] }],
        "required_duration": { "minutes": 60 },
        "query_periods": [{ "start": format!("{day}T08:00:00Z"), "end": format!("{day}T18:00:00Z") }],
    });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// An account, and a day on which it has exactly one meeting.
fn setup(sandbox: &cronofy_sandbox::Sandbox) -> (Connected, Value) {
    let tokens = connect(sandbox, INDIVIDUAL, "ada@orchard.example", &[("scope", "free_busy_write")]);
    let meeting =
        get(sandbox, "/v1/free_busy?tzid=Etc/UTC", tokens.token()).is(200).json()["free_busy"][0].clone();
    (tokens, meeting)
}

fn day(meeting: &Value) -> &str {
    &meeting["start"].as_str().expect("a time")[..10]
}

#[test]
fn periods_are_what_the_meeting_leaves() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let request = body(tokens.text("sub"), day(&meeting), &json!({}));
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    let participants = json!([{ "sub": tokens.text("sub") }]);
    let expected = json!({ "available_periods": [
        { "start": format!("{}T08:00:00Z", day(&meeting)), "end": meeting["start"], "participants": participants },
        { "start": meeting["end"], "end": format!("{}T18:00:00Z", day(&meeting)), "participants": participants },
    ] });
    assert_eq!(answer, expected);
    // An access token is taken too, as SDKs send it.
    post_json(&sandbox, "/v1/availability", tokens.token(), &request).is(200);
}

#[test]
fn slots_leave_the_meeting_out() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let more = json!({ "response_format": "slots" });
    let request = body(tokens.text("sub"), day(&meeting), &more);
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    let slots = answer["available_slots"].as_array().expect("a list");
    assert_eq!(slots.len(), 9);
    assert!(slots.iter().all(|slot| slot["start"] != meeting["start"]));
    let more = json!({ "response_format": "overlapping_slots", "max_results": 3 });
    let request = body(tokens.text("sub"), day(&meeting), &more);
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    assert_eq!(answer["available_slots"].as_array().map(Vec::len), Some(3));
}

#[test]
fn max_results_holds_over_all_periods() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    for format in ["periods", "slots"] {
        let mut request =
            body(tokens.text("sub"), day(&meeting), &json!({ "max_results": 1, "response_format": format }));
        let period = request["query_periods"][0].clone();
        request["query_periods"] = json!([period, period, period]);
        let answer =
            post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
        let rows = answer
            .as_object()
            .and_then(|answer| answer.values().next())
            .and_then(Value::as_array)
            .map(Vec::len);
        assert_eq!(rows, Some(1), "{format}");
    }
}

#[test]
fn a_calendar_that_is_not_asked_about_does_not_block() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let members = json!([{ "members": [{ "sub": tokens.text("sub"), "calendar_ids": ["cal_other"] }], "required": "all" }]);
    let request = body(tokens.text("sub"), day(&meeting), &json!({ "participants": members }));
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    assert_eq!(answer["available_periods"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_not_computed_is_refused() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let (sub, day) = (tokens.text("sub"), day(&meeting));
    let member = |member: Value| json!({ "participants": [{ "required": "all", "members": [member] }] });
    for (more, field) in [
        (json!({ "buffer": {} }), "buffer"),
        (json!({ "query_slots": [] }), "query_slots"),
        (json!({ "participants": [] }), "participants"),
        (json!({ "required_duration": { "minutes": 0 } }), "required_duration"),
        (json!({ "query_periods": [] }), "query_periods"),
        (
            json!({ "query_periods": [{ "start": "2031-01-02T00:00:00Z", "end": "2031-01-01T00:00:00Z" }] }),
            "query_periods[0]",
        ),
        (json!({ "response_format": "haiku" }), "response_format"),
        (member(json!({ "sub": "acc_unknown" })), "participants[0].members[0].sub"),
        (
            member(json!({ "sub": sub, "managed_availability": true })),
            "participants[0].members[0].managed_availability",
        ),
    ] {
        let request = body(sub, day, &more);
        let refused =
            post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).refused(422).json();
        assert!(refused["errors"].get(field).is_some(), "{field}: {refused}");
    }
    post_json(&sandbox, "/v1/availability", "unknown", &json!({})).refused(401);
}
