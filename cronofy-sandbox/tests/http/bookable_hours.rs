//! Available periods, availability rules, and what they do to availability.

use cronofy_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::*;

const ADA: &str = "ada@orchard.example";

fn ada(sandbox: &Sandbox) -> Connected {
    connect(sandbox, INDIVIDUAL, ADA, &[("scope", "free_busy_write")])
}

fn delete(sandbox: &Sandbox, path: &str, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    send(sandbox.api_url(), "DELETE", path, &headers, body.to_string().as_bytes())
}

fn period(name: &str, day: &str) -> Value {
    json!({
        "available_period_id": name,
        "start": format!("2031-03-{day}T09:00:00Z"),
        "end": { "time": format!("2031-03-{day}T12:00:00Z"), "tzid": "Europe/Madrid" },
    })
}

fn offer(sandbox: &Sandbox, token: &str, period: &Value) {
    assert_eq!(post_json(sandbox, "/v1/available_periods", token, period).is(202).body, "");
}

fn offered(sandbox: &Sandbox, token: &str, query: &str) -> Vec<Value> {
    let answer = get(sandbox, &format!("/v1/available_periods{query}"), token).is(200).json();
    answer["available_periods"].as_array().expect("a list").clone()
}

#[test]
fn periods_are_made_changed_read_and_deleted() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let token = ada.token();
    assert_eq!(offered(&sandbox, token, ""), [] as [Value; 0]);
    for (name, day) in [("b", "05"), ("a", "06"), ("b", "04")] {
        offer(&sandbox, token, &period(name, day));
    }
    let row = |name: &str, day: &str| {
        json!({ "available_period_id": name, "start": format!("2031-03-{day}T09:00:00Z"),
            "end": format!("2031-03-{day}T12:00:00Z") })
    };
    assert_eq!(offered(&sandbox, token, ""), [row("b", "04"), row("a", "06")]);
    assert_eq!(offered(&sandbox, token, "?from=2031-03-05"), [row("a", "06")]);
    assert_eq!(offered(&sandbox, token, "?to=2031-03-06&from=2031-03-04"), [row("b", "04")]);
    // A day begins where the zone has it begin.
    assert_eq!(offered(&sandbox, token, "?to=2031-03-06&tzid=Pacific/Honolulu").len(), 2);
    let zoned = with(period("b", "04"), json!({ "time": "2031-03-04T09:00:00Z", "tzid": "Europe/Madrid" }));
    offer(&sandbox, token, &zoned);
    let localized = &offered(&sandbox, token, "?localized_times=true")[0];
    assert_eq!(localized["start"], json!({ "time": "2031-03-04T10:00:00+01:00", "tzid": "Europe/Madrid" }));

    let path = "/v1/available_periods";
    delete(&sandbox, path, token, &json!({ "available_period_id": "a" })).is(202);
    delete(&sandbox, path, token, &json!({ "available_period_id": "a" })).is(202);
    assert_eq!(offered(&sandbox, token, ""), [row("b", "04")]);
    delete(&sandbox, path, token, &json!({ "delete_all": true })).is(202);
    assert_eq!(offered(&sandbox, token, ""), [] as [Value; 0]);
}

fn with(mut period: Value, start: Value) -> Value {
    period["start"] = start;
    period
}

#[test]
fn periods_come_in_pages() {
    let sandbox = builder().page_size(1).start_blocking().expect("a sandbox starts");
    let ada = ada(&sandbox);
    for (name, day) in [("a", "04"), ("b", "05")] {
        offer(&sandbox, ada.token(), &period(name, day));
    }
    let first = get(&sandbox, "/v1/available_periods", ada.token()).is(200).json();
    let next = first["pages"]["next_page"].as_str().expect("another page");
    let path = next.strip_prefix(sandbox.api_url()).expect("of this sandbox");
    assert!(path.starts_with("/v1/available_periods/pages/"), "{path}");
    let second = get(&sandbox, path, ada.token()).is(200).json();
    assert_eq!(second["available_periods"][0]["available_period_id"], "b");
    get(&sandbox, "/v1/available_periods/pages/other", ada.token()).refused(404);
}

#[track_caller]
fn wrong(answer: Answer, field: &str, key: &str) {
    let errors = answer.refused(422).json();
    assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
}

#[test]
fn periods_that_are_refused() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let with = |name: &str, value: Value| {
        let mut body = period("a", "04");
        body[name] = value;
        body
    };
    for (body, field, key) in [
        (with("available_period_id", json!(null)), "available_period_id", "errors.required"),
        (with("available_period_id", json!("é")), "available_period_id", "errors.invalid_format"),
        (with("available_period_id", json!("x".repeat(65))), "available_period_id", "errors.too_long"),
        (with("start", json!(null)), "start", "errors.required"),
        (with("start", json!("soon")), "start", "errors.invalid_format"),
        (with("end", json!("2031-03-04T09:00:00Z")), "end", "errors.invalid_time_pair"),
        (with("tzid", json!("Mars/Olympus")), "tzid", "errors.tzid_unrecognized"),
        (
            json!({ "available_period_id": "a", "start": "2031-03-04", "end": "2031-03-05" }),
            "start",
            "errors.invalid_format",
        ),
    ] {
        wrong(post_json(&sandbox, "/v1/available_periods", ada.token(), &body), field, key);
    }
    for (body, field, key) in [
        (json!({}), "available_period_id", "errors.required"),
        (json!({ "delete_all": false }), "delete_all", "errors.invalid_format"),
        (
            json!({ "delete_all": true, "available_period_id": "a" }),
            "available_period_id",
            "errors.not_supported",
        ),
    ] {
        wrong(delete(&sandbox, "/v1/available_periods", ada.token(), &body), field, key);
    }
    wrong(get(&sandbox, "/v1/available_periods?from=soon", ada.token()), "from", "errors.invalid_format");
    wrong(get(&sandbox, "/v1/available_periods?tzid=x", ada.token()), "tzid", "errors.tzid_unrecognized");
}

#[test]
fn periods_stand_in_a_batch() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let entry = |method: &str, data: Value| json!({ "method": method, "relative_url": "/v1/available_periods", "data": data });
    let batch = json!({ "batch": [
        entry("POST", period("a", "04")),
        entry("POST", period("b", "05")),
        entry("POST", json!({})),
        entry("DELETE", json!({ "available_period_id": "a" })),
    ] });
    let answer = post_json(&sandbox, "/v1/batch", ada.token(), &batch).is(207).json();
    let statuses: Vec<&Value> =
        answer["batch"].as_array().expect("a list").iter().map(|entry| &entry["status"]).collect();
    assert_eq!(statuses, [202, 202, 422, 202]);
    assert_eq!(offered(&sandbox, ada.token(), "").len(), 1);
}

/// Every day from 09:30 to 12:00 by the clocks of Madrid, which is an hour ahead.
fn mornings(name: &str) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = |day| json!({ "day": day, "start_time": "09:30", "end_time": "12:00" });
    json!({ "availability_rule_id": name, "tzid": "Europe/Madrid",
        "weekly_periods": days.map(hours) })
}

fn rule(sandbox: &Sandbox, token: &str, rule: &Value) {
    let answer = post_json(sandbox, "/v1/availability_rules", token, rule).is(200).json();
    assert_eq!(answer, json!({ "availability_rule": rule }));
}

#[test]
fn rules_are_made_changed_read_and_deleted() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let token = ada.token();
    let list = |token: &str| get(&sandbox, "/v1/availability_rules", token).is(200).json();
    assert_eq!(list(token), json!({ "availability_rules": [] }));
    let mut other = mornings("a/b");
    rule(&sandbox, token, &other);
    other["weekly_periods"] = json!([]);
    rule(&sandbox, token, &other);
    rule(&sandbox, token, &mornings("default"));
    assert_eq!(list(token), json!({ "availability_rules": [other, mornings("default")] }));
    let one = get(&sandbox, "/v1/availability_rules/a%2Fb", token).is(200).json();
    assert_eq!(one, json!({ "availability_rule": other }));
    get(&sandbox, "/v1/availability_rules/never", token).refused(404);
    for _ in 0..2 {
        delete(&sandbox, "/v1/availability_rules/a%2Fb", token, &json!({})).is(202);
    }
    assert_eq!(list(token), json!({ "availability_rules": [mornings("default")] }));
    // They stay when the authorization goes.
    revoke(&sandbox, "token", token).is(200);
    assert_eq!(list(self::ada(&sandbox).token()), json!({ "availability_rules": [mornings("default")] }));
}

#[test]
fn rules_that_are_refused() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let with = |name: &str, value: Value| {
        let mut body = mornings("a");
        body[name] = value;
        body
    };
    let hours = |name: &str, value: Value| {
        let mut body = mornings("a");
        body["weekly_periods"][0][name] = value;
        body
    };
    for (body, field, key) in [
        (with("availability_rule_id", json!("")), "availability_rule_id", "errors.required"),
        (with("tzid", json!(null)), "tzid", "errors.required"),
        (with("tzid", json!("Mars/Olympus")), "tzid", "errors.tzid_unrecognized"),
        (with("calendar_ids", json!([])), "calendar_ids", "errors.invalid_format"),
        (with("calendar_ids", json!(["cal_other"])), "calendar_ids", "errors.not_recognized"),
        (with("weekly_periods", json!(null)), "weekly_periods", "errors.required"),
        (with("weekly_periods", json!([5])), "weekly_periods[0]", "errors.invalid_format"),
        (hours("day", json!("someday")), "weekly_periods[0].day", "errors.not_recognized"),
        (hours("start_time", json!("9:30")), "weekly_periods[0].start_time", "errors.invalid_format"),
        (hours("end_time", json!("24:00")), "weekly_periods[0].end_time", "errors.invalid_format"),
        (hours("end_time", json!("09:30")), "weekly_periods[0].end_time", "errors.invalid_time_pair"),
    ] {
        wrong(post_json(&sandbox, "/v1/availability_rules", ada.token(), &body), field, key);
    }
}

/// When somebody has an hour between eight and six on a day, with these options of the member.
fn free(sandbox: &Sandbox, ada: &Connected, day: &str, options: &Value) -> Vec<(String, String)> {
    let mut member = json!({ "sub": ada.text("sub"), "managed_availability": true });
    for (name, value) in options.as_object().expect("an object") {
        member[name] = value.clone();
    }
    let body = json!({
        "participants": [{ "required": "all", "members": [member] }],
        "required_duration": { "minutes": 60 },
        "query_periods": [{ "start": format!("{day}T08:00:00Z"), "end": format!("{day}T18:00:00Z") }],
    });
    let found = post_json(sandbox, "/v1/availability", sandbox.client_secret(), &body).is(200).json();
    let clock = |row: &Value, name: &str| row[name].as_str().expect("a time")[11..16].to_owned();
    let rows = found["available_periods"].as_array().expect("a list");
    rows.iter().map(|row| (clock(row, "start"), clock(row, "end"))).collect()
}

fn hours(times: &[(&str, &str)]) -> Vec<(String, String)> {
    times.iter().map(|(start, end)| ((*start).to_owned(), (*end).to_owned())).collect()
}

#[test]
fn managed_availability_is_what_rules_and_periods_say() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let day = "2031-03-04";
    let free = |options: Value| free(&sandbox, &ada, day, &options);
    assert_eq!(free(json!({})), hours(&[("08:00", "18:00")]), "nothing was said yet");
    rule(&sandbox, ada.token(), &mornings("default"));
    assert_eq!(free(json!({})), hours(&[("08:30", "11:00")]), "the clocks of Madrid are an hour ahead");
    assert_eq!(free(json!({ "managed_availability": false })), hours(&[("08:00", "18:00")]));
    assert_eq!(free(json!({ "availability_rule_ids": ["default"] })), hours(&[("08:30", "11:00")]));
    for none in [json!([]), json!(["other"])] {
        assert_eq!(free(json!({ "availability_rule_ids": none })), []);
    }
    offer(&sandbox, ada.token(), &period("a", "04"));
    assert_eq!(free(json!({})), hours(&[("08:30", "12:00")]), "both together");
    assert_eq!(free(json!({ "availability_rule_ids": [] })), hours(&[("09:00", "12:00")]));
    let within = json!([{ "start": format!("{day}T10:00:00Z"), "end": format!("{day}T16:00:00Z") }]);
    assert_eq!(
        free(json!({ "available_periods": within })),
        hours(&[("10:00", "12:00")]),
        "and the query's own"
    );
}

#[test]
fn a_rule_names_the_calendars_that_count() {
    let sandbox = start();
    let ada = ada(&sandbox);
    let meeting =
        get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", ada.token()).is(200).json()["free_busy"][0].clone();
    let day = &meeting["start"].as_str().expect("a time")[..10];
    let calendars = get(&sandbox, "/v1/calendars", ada.token()).is(200).json();
    let (own, hosted) =
        (&calendars["calendars"][0]["calendar_id"], &calendars["calendars"][1]["calendar_id"]);
    let mut all_day = mornings("default");
    for hours in all_day["weekly_periods"].as_array_mut().expect("a list") {
        (hours["start_time"], hours["end_time"]) = (json!("00:00"), json!("23:59"));
    }
    rule(&sandbox, ada.token(), &all_day);
    assert_eq!(free(&sandbox, &ada, day, &json!({})).len(), 2, "before and after the meeting");
    all_day["calendar_ids"] = json!([hosted]);
    rule(&sandbox, ada.token(), &all_day);
    assert_eq!(free(&sandbox, &ada, day, &json!({})), hours(&[("08:00", "18:00")]));
    assert_eq!(free(&sandbox, &ada, day, &json!({ "calendar_ids": [own] })).len(), 2, "the query's win");
}
