//! Queries that cannot be answered: each names the field, by its path, and what is wrong with it.

use serde_json::{Value, json};

use crate::availability::body;
use crate::support::*;

const DAY: &str = "2031-03-04";

#[track_caller]
fn refused(sandbox: &cronofy_sandbox::Sandbox, request: &Value, field: &str, key: &str) {
    let answer = post_json(sandbox, "/v1/availability", sandbox.client_secret(), request).refused(422).json();
    assert_eq!(answer["errors"][field][0]["key"], key, "{field}: {answer}");
    assert_eq!(answer["errors"].as_object().map(serde_json::Map::len), Some(1), "{field}: {answer}");
}

#[test]
fn each_mistake_of_the_query_has_its_own_key() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let period = |start: &str, end: &str| json!({ "query_periods": [{ "start": start, "end": end }] });
    let good = json!({ "start": "2031-01-01T00:00:00Z", "end": "2031-01-02T00:00:00Z" });
    let slots = |slots: Value| json!({ "query_periods": [], "query_slots": slots });
    for (more, field, key) in [
        (json!({ "required_duration": null }), "required_duration", "errors.required"),
        (json!({ "required_duration": 60 }), "required_duration", "errors.invalid_format"),
        (json!({ "required_duration": { "minutes": 0 } }), "required_duration", "errors.invalid_format"),
        (json!({ "start_interval": { "minutes": 0 } }), "start_interval", "errors.invalid_format"),
        (json!({ "response_format": "haiku" }), "response_format", "errors.not_supported"),
        (json!({ "response_format": 3 }), "response_format", "errors.invalid_format"),
        (json!({ "max_results": 0 }), "max_results", "errors.invalid_format"),
        (json!({ "include_member_statuses": "yes" }), "include_member_statuses", "errors.invalid_format"),
        (json!({ "query_periods": null }), "query_periods", "errors.required"),
        (json!({ "query_periods": "all" }), "query_periods", "errors.invalid_format"),
        (json!({ "query_periods": ["all"] }), "query_periods[0]", "errors.invalid_format"),
        (json!({ "query_periods": vec![good.clone(); 101] }), "query_periods", "errors.invalid_format"),
        (json!({ "query_periods": [{ "start": good["start"] }] }), "query_periods[0].end", "errors.required"),
        (
            json!({ "query_periods": null, "available_periods": [good, { "end": good["end"] }] }),
            "available_periods[1].start",
            "errors.required",
        ),
        (
            period("2031-01-02T00:00:00Z", "2031-01-01T00:00:00Z"),
            "query_periods[0]",
            "errors.invalid_time_pair",
        ),
        (
            period("2031-01-02T00:00:00Z", "2031-01-02T00:00:00Z"),
            "query_periods[0]",
            "errors.invalid_time_pair",
        ),
        (period("2031-01-02T00:00:00Z", "2041-01-02T00:00:00Z"), "query_periods", "errors.invalid_format"),
        (period("tomorrow", "2031-01-01T00:00:00Z"), "query_periods[0].start", "errors.invalid_format"),
        // What `Date.prototype.toISOString` writes: Cronofy refuses fractions of a second (docs: data-types).
        (
            period("2031-01-01T00:00:00.250Z", "2031-01-02T00:00:00.000Z"),
            "query_periods[0].start",
            "errors.invalid_format",
        ),
        (slots(json!([{}])), "query_slots[0].start", "errors.required"),
        (slots(json!([{ "start": "noon" }])), "query_slots[0].start", "errors.invalid_format"),
        (
            slots(json!([{ "start": "9999-12-30T21:30:00Z" }])),
            "query_slots[0].start",
            "errors.invalid_format",
        ),
        (json!({ "query_slots": [{ "start": good["start"] }] }), "query_periods", "errors.not_supported"),
        (json!({ "buffer": { "before": 5 } }), "buffer.before", "errors.invalid_format"),
        (json!({ "buffer": { "after": { "minutes": -5 } } }), "buffer.after", "errors.invalid_format"),
        (json!({ "buffer": { "after": { "minimum": 5 } } }), "buffer.after.minimum", "errors.invalid_format"),
        // The form of sequenced availability.
        (
            json!({ "buffer": { "after": { "minutes": 5, "maximum": { "minutes": 5 } } } }),
            "buffer.after.maximum",
            "errors.not_supported",
        ),
        (json!({ "excluded_events": [{}] }), "excluded_events[0]", "errors.invalid_format"),
        (
            json!({ "excluded_events": [{ "event_id": "a" }, { "event_id": 5 }] }),
            "excluded_events[1].event_id",
            "errors.invalid_format",
        ),
        (json!({ "participants": null }), "participants", "errors.required"),
        (json!({ "participants": [] }), "participants", "errors.required"),
        (json!({ "participants": {"members": []} }), "participants", "errors.invalid_format"),
    ] {
        refused(&sandbox, &body(tokens.text("sub"), DAY, &more), field, key);
    }
    post_json(&sandbox, "/v1/availability", "unknown", &json!({})).refused(401);
}

#[test]
fn each_mistake_about_people_has_its_own_path() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let sub = tokens.text("sub");
    let good = json!({ "required": "all", "members": [{ "sub": sub }] });
    for (group, field, key) in [
        (json!({ "members": [{ "sub": sub }] }), "participants[1].required", "errors.required"),
        (json!({ "required": "all" }), "participants[1].members", "errors.required"),
        (json!({ "required": "all", "members": [] }), "participants[1].members", "errors.required"),
        (json!({ "required": "all", "members": [5] }), "participants[1].members[0]", "errors.invalid_format"),
        (
            json!({ "required": "most", "members": [{ "sub": sub }] }),
            "participants[1].required",
            "errors.invalid_format",
        ),
        (
            json!({ "required": 0, "members": [{ "sub": sub }] }),
            "participants[1].required",
            "errors.invalid_format",
        ),
        (
            json!({ "required": 2, "members": [{ "sub": sub }] }),
            "participants[1].required",
            "errors.invalid_format",
        ),
        (
            json!({ "required": 1, "members": vec![json!({ "sub": sub }); 50] }),
            "participants",
            "errors.invalid_format",
        ),
    ] {
        refused(&sandbox, &body(sub, DAY, &json!({ "participants": [good, group] })), field, key);
    }
    for (option, value, path, key) in [
        ("sub", json!(null), "sub", "errors.required"),
        ("sub", json!("acc_unknown"), "sub", "errors.not_recognized"),
        ("calendar_ids", json!("cal_1"), "calendar_ids", "errors.invalid_format"),
        ("calendar_ids", json!(["cal_1", 2]), "calendar_ids[1]", "errors.invalid_format"),
        ("buffer", json!({ "before": { "hours": "1" } }), "buffer.before", "errors.invalid_format"),
        ("available_periods", json!([{}, { "end": 1 }]), "available_periods[0].start", "errors.required"),
        ("only_managed_events", json!(1), "only_managed_events", "errors.invalid_format"),
        ("ignore_tentative", json!("no"), "ignore_tentative", "errors.invalid_format"),
        ("managed_availability", json!([1]), "managed_availability", "errors.invalid_format"),
        ("availability_rule_ids", json!(["default"]), "availability_rule_ids", "errors.not_supported"),
        (
            "availability_constraints",
            json!([{ "limit": 3, "period": "day" }]),
            "availability_constraints",
            "errors.not_supported",
        ),
    ] {
        let mut member = json!({ "sub": sub });
        member[option] = value;
        let group = json!({ "required": 1, "members": [{ "sub": sub }, member] });
        let request = body(sub, DAY, &json!({ "participants": [good, group] }));
        let answer =
            post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).refused(422).json();
        let field = format!("participants[1].members[1].{path}");
        assert_eq!(answer["errors"][&field][0]["key"], key, "{field}: {answer}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let sandbox = start();
    let request = json!({ "participants": [{ "required": 1, "members": [{ "sub": "acc_unknown" }] }] });
    let answer =
        post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).refused(422).json();
    let fields: Vec<&String> = answer["errors"].as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["participants[0].members[0].sub", "query_periods", "required_duration"]);
}

/// A megabyte of wrong numbers is answered with a list that somebody can read, not with thirty megabytes.
#[test]
fn s28_a_hundred_mistakes_are_told_and_no_more() {
    let sandbox = start();
    let request = json!({ "participants": [{ "members": vec![1; 5000], "required": "all" }] });
    let answer =
        post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).refused(422).json();
    let errors = answer["errors"].as_object().expect("a map of fields");
    assert_eq!(errors.len(), 100);
    assert!(errors.contains_key("participants[0].members[0]"), "the first ones");
}
