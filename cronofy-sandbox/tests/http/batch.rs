//! Several writes in one call.

use cronofy_sandbox::{Fault, RateLimits};
use serde_json::{Value, json};

use crate::events::{Diary, visit, with};
use crate::support::*;

#[test]
fn entries_are_applied_in_order_and_fail_by_themselves() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let (path, token) = (diary.path(), diary.tokens.token());
    let mut unnamed = visit("v-2");
    unnamed.as_object_mut().expect("an object").remove("summary");
    let encoded = path.replace('_', "%5F");
    let body = json!({ "batch": [
        { "method": "POST", "relative_url": path, "data": visit("v-1") },
        { "method": "POST", "relative_url": path, "data": unnamed },
        { "method": "DELETE", "relative_url": path, "data": { "event_id": "v-1" } },
        { "method": "POST", "relative_url": encoded, "data": visit("v-3") },
        { "method": "POST", "relative_url": "/v1/calendars/cal_other/events", "data": visit("v-4") },
        { "method": "DELETE", "relative_url": path, "data": { "event_id": "never", "include_userinfo": true } },
        { "method": "GET", "relative_url": "/v1/userinfo" },
        { "method": "DELETE", "relative_url": "/v1/events", "data": { "delete_all": true } },
        { "method": "POST", "relative_url": path, "data": "summary=x" },
        { "relative_url": path },
        [],
    ]});
    let answer = post_json(&sandbox, "/v1/batch", token, &body).is(207).json();
    let results = answer["batch"].as_array().expect("a list");
    let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
    assert_eq!(statuses, [202, 422, 202, 202, 404, 202, 422, 422, 422, 422, 422]);
    assert_eq!(results[0], json!({ "status": 202 }));
    let missing = json!([{ "key": "errors.required", "description": "summary must be specified" }]);
    assert_eq!(results[1]["data"], json!({ "errors": { "summary": missing } }));
    assert_eq!(results[5]["data"]["userinfo"]["sub"], diary.tokens.text("sub"));
    assert_eq!(results[6]["data"]["errors"]["relative_url"][0]["key"], "errors.not_supported");
    assert_eq!(results[8]["data"]["errors"]["data"][0]["key"], "errors.invalid_format");
    assert_eq!(results[9]["data"]["errors"]["method"][0]["key"], "errors.required");
    let own = diary.own(&sandbox);
    assert_eq!(own.iter().map(|row| &row["event_id"]).collect::<Vec<_>>(), ["v-3"]);
}

#[test]
fn there_are_at_most_fifty() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let (path, token) = (diary.path(), diary.tokens.token());
    let batch = |number: usize| {
        let entry = |index: usize| {
            let data = with(visit("v"), &json!({ "event_id": format!("v-{index}") }));
            json!({ "method": "POST", "relative_url": path, "data": data })
        };
        json!({ "batch": (0..number).map(entry).collect::<Vec<_>>() })
    };
    let errors = post_json(&sandbox, "/v1/batch", token, &batch(51)).refused(422).json();
    assert!(errors["errors"]["batch"][0]["key"].is_string(), "{errors}");
    assert_eq!(diary.own(&sandbox), [] as [Value; 0], "all or nothing of a batch that is refused");
    post_json(&sandbox, "/v1/batch", token, &batch(50)).is(207);
    assert_eq!(diary.own(&sandbox).len(), 50);
    assert_eq!(post_json(&sandbox, "/v1/batch", token, &batch(0)).is(207).json(), json!({ "batch": [] }));
    for body in [json!({}), json!({ "batch": "x" })] {
        post_json(&sandbox, "/v1/batch", token, &body).refused(422);
    }
    post_json(&sandbox, "/v1/batch", "unknown", &batch(1)).refused(401);
}

#[test]
fn each_entry_needs_its_own_scope() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let writer = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[("scope", "create_event")]);
    let body = json!({ "batch": [
        { "method": "POST", "relative_url": diary.path(), "data": visit("v-1") },
        { "method": "DELETE", "relative_url": diary.path(), "data": { "event_id": "v-1" } },
    ]});
    let answer = post_json(&sandbox, "/v1/batch", writer.token(), &body).is(207).json();
    assert_eq!(answer, json!({ "batch": [{ "status": 202 }, { "status": 403 }] }));
}

#[test]
fn faults_of_a_call_hit_its_entries() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let (path, token) = (diary.path(), diary.tokens.token());
    let upsert = Fault::on("POST /v1/calendars/{calendar_id}/events");
    let limited = upsert.clone().nth(2).status(429).header("Retry-After", "7");
    sandbox.fault(limited).expect("a sensible fault");
    let lost = upsert.clone().nth(3).after_commit().status(500).body(json!({ "x": 1 }));
    sandbox.fault(lost).expect("a sensible fault");
    // An entry has no connection of its own, and the batch as a whole has met what is about everything.
    sandbox.fault(upsert.reset()).expect("a sensible fault");
    sandbox.fault(Fault::on_everything().nth(2).count(u64::MAX).status(503)).expect("a sensible fault");
    let entry = |id: &str| json!({ "method": "post", "relative_url": path, "data": visit(id) });
    let body = json!({ "batch": [
        entry("v-1"),
        { "method": "DELETE", "relative_url": path, "data": { "event_id": "never" } },
        entry("v-2"),
        entry("v-3"),
        entry("v-4"),
    ]});
    let answer = post_json(&sandbox, "/v1/batch", token, &body).is(207).json();
    let expected = json!({ "batch": [
        { "status": 202 },
        { "status": 202 },
        { "status": 429, "headers": { "Retry-After": "7" } },
        { "status": 500, "data": { "x": 1 } },
        { "status": 202 },
    ]});
    assert_eq!(answer, expected);
    sandbox.clear_faults();
    let own = diary.own(&sandbox);
    let ids: std::collections::BTreeSet<&str> =
        own.iter().filter_map(|row| row["event_id"].as_str()).collect();
    assert_eq!(ids, ["v-1", "v-3", "v-4"].into());
}

#[test]
fn a_batch_is_one_request() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let (path, token) = (diary.path(), diary.tokens.token());
    sandbox.freeze();
    sandbox.set_rate_limits(RateLimits { per_second: 2, ..RateLimits::documented() });
    let entry = json!({ "method": "POST", "relative_url": path, "data": visit("v") });
    let body = json!({ "batch": vec![entry; 50] });
    for _ in 0..2 {
        let answer = post_json(&sandbox, "/v1/batch", token, &body).is(207).json();
        assert_eq!(answer, json!({ "batch": vec![json!({ "status": 202 }); 50] }));
    }
    post_json(&sandbox, "/v1/batch", token, &body).refused(429);
}
