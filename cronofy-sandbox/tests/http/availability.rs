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
        (json!({ "buffer": { "before": { "minutes": 10 } } }), "buffer"),
        (json!({ "query_slots": [{ "start": "2031-01-01T00:00:00Z" }] }), "query_slots"),
        (json!({ "include_member_statuses": true }), "include_member_statuses"),
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

/// The Python SDK sends `"buffer": {}` with every query, and no `response_format`.
#[test]
fn an_option_that_asks_for_nothing_is_no_option() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let (sub, day) = (tokens.text("sub"), day(&meeting));
    let plain = post_json(&sandbox, "/v1/availability", tokens.token(), &body(sub, day, &json!({}))).is(200);
    let member = json!({
        "sub": sub, "buffer": {}, "availability_rule_ids": null, "availability_constraints": [],
        "managed_availability": false,
    });
    for more in [
        json!({ "buffer": {} }),
        json!({ "buffer": { "before": { "minutes": 0 }, "after": { "minutes": 0 } } }),
        json!({ "include_member_statuses": false, "excluded_events": [], "query_slots": null }),
        json!({ "participants": [{ "required": "all", "members": [member] }] }),
    ] {
        let answer = post_json(&sandbox, "/v1/availability", tokens.token(), &body(sub, day, &more)).is(200);
        assert_eq!(answer.body, plain.body, "{more}");
    }
}

#[test]
fn each_mistake_has_its_own_key() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let (sub, day) = (tokens.text("sub"), day(&meeting));
    let period = |start: &str, end: &str| json!({ "query_periods": [{ "start": start, "end": end }] });
    let many = |count: usize, item: Value| vec![item; count];
    for (more, field, key) in [
        (json!({ "required_duration": null }), "required_duration", "errors.required"),
        (json!({ "required_duration": 60 }), "required_duration", "errors.invalid_format"),
        (json!({ "query_periods": null }), "query_periods", "errors.required"),
        (json!({ "query_periods": many(11, json!({})) }), "query_periods", "errors.invalid_format"),
        (
            period("2031-01-02T00:00:00Z", "2031-01-01T00:00:00Z"),
            "query_periods[0]",
            "errors.invalid_time_pair",
        ),
        (period("tomorrow", "2031-01-01T00:00:00Z"), "query_periods[0].start", "errors.invalid_format"),
        // What `Date.prototype.toISOString` writes: Cronofy refuses fractions of a second (docs: data-types).
        (
            period("2031-01-01T00:00:00.250Z", "2031-01-02T00:00:00.000Z"),
            "query_periods[0].start",
            "errors.invalid_format",
        ),
        (json!({ "query_periods": [{}] }), "query_periods[0].end", "errors.required"),
        (json!({ "participants": null }), "participants", "errors.required"),
        (
            json!({ "participants": [{ "required": "all", "members": many(51, json!({ "sub": sub })) }] }),
            "participants",
            "errors.invalid_format",
        ),
    ] {
        let request = body(sub, day, &more);
        let refused = post_json(&sandbox, "/v1/availability", tokens.token(), &request).refused(422).json();
        assert_eq!(refused["errors"][field][0]["key"], key, "{field}: {refused}");
    }
}
