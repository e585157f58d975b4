//! Availability, checked against the free/busy answer of the same sandbox.

use serde_json::{Value, json};

use crate::support::*;

/// A query about one account on one day from eight to six, with `more` replacing what it names.
pub(crate) fn body(sub: &str, day: &str, more: &Value) -> Value {
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

/// What comes back, without who has time.
fn times(answer: &Value) -> Vec<(String, String)> {
    let rows = answer.as_object().and_then(|answer| answer.values().next()).and_then(Value::as_array);
    let text = |row: &Value, name: &str| row[name].as_str().expect("a time").to_owned();
    rows.expect("a list").iter().map(|row| (text(row, "start"), text(row, "end"))).collect()
}

/// The periods of a time on the day of the meeting.
fn periods(sandbox: &cronofy_sandbox::Sandbox, request: &Value) -> Vec<(String, String)> {
    times(&post_json(sandbox, "/v1/availability", sandbox.client_secret(), request).is(200).json())
}

/// A time of the day of the meeting, so many minutes from it.
fn near(meeting: &Value, name: &str, minutes: i64) -> String {
    let time: jiff::Timestamp = meeting[name].as_str().expect("a time").parse().expect("a time");
    let time = time.checked_add(jiff::Span::new().minutes(minutes)).expect("a time");
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn a_buffer_keeps_its_distance_from_the_meeting() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let (sub, day) = (tokens.text("sub"), day(&meeting));
    let (opens, closes) = (format!("{day}T08:00:00Z"), format!("{day}T18:00:00Z"));
    let buffer = json!({ "before": { "minutes": 10 }, "after": { "minutes": 25 } });
    let member =
        |buffer: Value| json!([{ "required": "all", "members": [{ "sub": sub, "buffer": buffer }] }]);
    for (more, before, after) in [
        (json!({ "buffer": buffer }), 10, 25),
        (json!({ "participants": member(buffer.clone()) }), 10, 25),
        (json!({ "buffer": { "after": { "minimum": { "minutes": 25 } } } }), 0, 25),
        // A member's own replaces that of the query, side by side.
        (json!({ "buffer": buffer, "participants": member(json!({ "after": { "minutes": 0 } })) }), 10, 0),
        (json!({ "buffer": buffer, "participants": member(json!({ "before": { "hours": 1 } })) }), 60, 25),
    ] {
        let expected = [
            (opens.clone(), near(&meeting, "start", -after)),
            (near(&meeting, "end", before), closes.clone()),
        ];
        let mut request = body(sub, day, &more);
        request["required_duration"] = json!({ "minutes": 5 });
        assert_eq!(periods(&sandbox, &request), expected, "{more}");
    }
}

#[test]
fn slots_asked_for_are_tried_each() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let start = |minutes: i64| json!({ "start": near(&meeting, "start", minutes) });
    let expected = [-75, -60, 60, 600]
        .map(|minutes| (near(&meeting, "start", minutes), near(&meeting, "start", minutes + 60)));
    // The format names the list, and is all that it does.
    for (format, list) in [
        (json!(null), "available_periods"),
        (json!("periods"), "available_periods"),
        (json!("slots"), "available_slots"),
        (json!("overlapping_slots"), "available_slots"),
    ] {
        let more = json!({
            "query_periods": [],
            "query_slots": [start(600), start(0), start(-60), start(-59), start(-75), start(-60), start(60)],
            "response_format": format,
        });
        let request = body(tokens.text("sub"), day(&meeting), &more);
        let answer =
            post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
        assert!(answer[list].is_array(), "{answer}");
        assert_eq!(times(&answer), expected, "{format}");
    }
}

#[test]
fn a_member_is_met_in_its_own_periods_only() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let sub = tokens.text("sub");
    let (from, to) = (near(&meeting, "start", -90), near(&meeting, "end", 30));
    let member = json!({ "sub": sub, "available_periods": [{ "start": from, "end": to }] });
    let more = json!({ "participants": [{ "required": "all", "members": [member] }] });
    let request = body(sub, day(&meeting), &more);
    let expected = [(from.max(format!("{}T08:00:00Z", day(&meeting))), near(&meeting, "start", 0))];
    assert_eq!(periods(&sandbox, &request), expected);
}

#[test]
fn whoever_has_time_is_named_where_one_is_enough() {
    let sandbox = start();
    let (ada, meeting) = setup(&sandbox);
    let bram = connect_user(&sandbox, "bram@orchard.example");
    let (ada, bram) = (ada.text("sub"), bram.text("sub"));
    let group =
        |required: Value| json!([{ "required": required, "members": [{ "sub": ada }, { "sub": bram }] }]);
    let during = json!({ "start": meeting["start"], "end": meeting["end"] });
    let more = |required| json!({ "participants": group(required), "query_periods": [during] });
    let one = body(ada, day(&meeting), &more(json!(1)));
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &one).is(200).json();
    let expected =
        json!([{ "start": meeting["start"], "end": meeting["end"], "participants": [{ "sub": bram }] }]);
    assert_eq!(answer["available_periods"], expected);
    for both in [json!(2), json!("all")] {
        assert!(periods(&sandbox, &body(ada, day(&meeting), &more(both))).is_empty());
    }
}

#[test]
fn tentative_and_foreign_events_can_be_left_out() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[("scope", "read_write")]);
    let found = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", tokens.token()).is(200).json();
    let rows = found["free_busy"].as_array().expect("a list");
    let away = rows.iter().find(|row| row["free_busy_status"] == "tentative").expect("a tentative day");
    let (sub, day) = (tokens.text("sub"), day(away));
    let with = |option: &str| {
        let members = json!([{ "sub": sub, option: true }]);
        body(sub, day, &json!({ "participants": [{ "required": "all", "members": members }] }))
    };
    let whole_day = [(format!("{day}T08:00:00Z"), format!("{day}T18:00:00Z"))];
    assert!(periods(&sandbox, &with("managed_availability")).is_empty());
    assert_eq!(periods(&sandbox, &with("ignore_tentative")).len(), 2);
    assert_eq!(periods(&sandbox, &with("only_managed_events")), whole_day);
}

#[test]
fn the_status_of_every_member_is_told_once() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let sub = tokens.text("sub");
    let group = json!({ "required": 1, "members": [{ "sub": sub }] });
    let more = json!({ "include_member_statuses": true, "participants": [group, group] });
    let request = body(sub, day(&meeting), &more);
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    assert_eq!(answer["member_statuses"], json!([{ "sub": sub, "sync_status": "active" }]));
    assert_eq!(answer["available_periods"][0]["participants"], json!([{ "sub": sub }]));
}

#[test]
fn a_member_without_a_profile_is_disconnected() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let revoke = format!("/v1/profiles/{}/revoke", tokens.profile_id());
    post_json(&sandbox, &revoke, tokens.token(), &json!({})).is(202);
    let request = body(tokens.text("sub"), "2031-03-04", &json!({ "include_member_statuses": true }));
    let answer = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &request).is(200).json();
    let expected = json!([{ "sub": tokens.text("sub"), "sync_status": "disconnected" }]);
    assert_eq!(answer["member_statuses"], expected);
}

#[test]
fn results_are_in_order_whatever_the_order_of_the_periods() {
    let sandbox = start();
    let (tokens, meeting) = setup(&sandbox);
    let day = day(&meeting);
    let period =
        |from: &str, to: &str| json!({ "start": format!("{day}T{from}Z"), "end": format!("{day}T{to}Z") });
    let more = json!({ "query_periods": [
        period("20:00:00", "21:00:00"), period("04:00:00", "06:00:00"), period("05:00:00", "06:00:00"),
        period("21:00:00", "22:00:00"),
    ] });
    let found = periods(&sandbox, &body(tokens.text("sub"), day, &more));
    let time = |from: &str, to: &str| (format!("{day}T{from}:00Z"), format!("{day}T{to}:00Z"));
    assert_eq!(found, [time("04:00", "06:00"), time("20:00", "21:00"), time("21:00", "22:00")]);
}
