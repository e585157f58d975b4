//! Events that others register for.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

fn course(capacity: u64) -> Value {
    json!({ "bookable_event_id": "first-aid", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T12:00:00Z",
        "status": "confirmed", "registration": { "capacity": capacity } })
}

fn path(rest: &str) -> String {
    format!("/v1/bookable_events/first-aid{rest}")
}

#[test]
fn an_event_is_made_filled_and_left() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    let post = |path: &str, body: &Value| post_json(&sandbox, path, &secret, body);
    let made = post("/v1/bookable_events", &course(1)).is(200).json();
    assert_eq!(made["start"], "2031-03-04T09:00:00Z");
    assert_eq!(
        made["registration"],
        json!({ "capacity": 1, "registered_count": 0, "total_count": 0, "registrations": [] })
    );
    let register = |id: &str, status: &str| {
        let body = json!({ "registration_id": id, "status": status, "metadata": { "name": id } });
        post(&path("/registrations"), &body)
    };
    let one = register("one", "pending").is(200).json();
    assert_eq!((&one["registration"]["registered_count"], &one["status"]), (&json!(1), &json!("confirmed")));
    // Who is there already may change.
    register("one", "accepted").is(200);
    let full = register("two", "tentative").refused(422).json();
    assert_eq!(full["errors"]["status"][0]["key"], "errors.too_many");
    assert_eq!(get(&sandbox, &path(""), &secret).is(200).json()["registration"]["total_count"], 1);
    let declined = register("two", "declined").is(200).json();
    assert_eq!(declined["registration"]["registered_count"], 1);
    let bearer = format!("Bearer {secret}");
    let remove = |id: &str| send(sandbox.api_url(), "DELETE", &path(id), &[("Authorization", &bearer)], b"");
    let left = remove("/registrations/one").is(200).json();
    assert_eq!(
        left["registration"]["registrations"][0],
        json!({ "registration_id": "one", "status": "removed", "metadata": null })
    );
    remove("/registrations/three").refused(404);
    register("two", "accepted").is(200);
    // The registrations stay; there is room for more.
    let mut more = course(2);
    more["status"] = json!("cancelled");
    let more = post("/v1/bookable_events", &more).is(200).json();
    assert_eq!((&more["status"], &more["registration"]["total_count"]), (&json!("cancelled"), &json!(2)));
    register("three", "pending").is(200);
}

#[test]
fn what_is_no_bookable_event_is_refused() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    let with = |name: &str, value: Value| {
        let mut event = course(1);
        event[name] = value;
        event
    };
    for (body, field, key) in [
        (json!({}), "registration.capacity", "errors.required"),
        (with("bookable_event_id", json!("a b")), "bookable_event_id", "errors.invalid_format"),
        (with("start", json!("2031-03-04")), "start", "errors.invalid_format"),
        (with("end", json!("2031-03-04T09:00:00Z")), "end", "errors.invalid_time_pair"),
        (with("status", json!("tentative")), "status", "errors.not_recognized"),
        (with("registration", json!({ "capacity": 257 })), "registration.capacity", "errors.invalid_format"),
    ] {
        let errors = post_json(&sandbox, "/v1/bookable_events", &secret, &body).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
    }
    post_json(&sandbox, "/v1/bookable_events", &secret, &course(1)).is(200);
    let pairs: serde_json::Map<String, Value> = (0..11).map(|pair| (pair.to_string(), json!("x"))).collect();
    for (body, field, key) in [
        (json!({ "status": "pending" }), "registration_id", "errors.required"),
        (json!({ "registration_id": "a", "status": "here" }), "status", "errors.not_recognized"),
        (
            json!({ "registration_id": "a", "status": "pending", "metadata": pairs }),
            "metadata",
            "errors.too_many",
        ),
        (
            json!({ "registration_id": "a", "status": "pending", "metadata": { "seats": 2 } }),
            "metadata.seats",
            "errors.invalid_format",
        ),
    ] {
        let errors = post_json(&sandbox, &path("/registrations"), &secret, &body).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
    }
    get(&sandbox, "/v1/bookable_events/second-aid", &secret).refused(404);
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    get(&sandbox, &path(""), tokens.token()).refused(403);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Never more than fit, and the count is that of those who come.
    #[test]
    fn no_event_is_overfull(
        capacity in 1..4_u64,
        steps in prop::collection::vec((0..6_usize, 0..5_usize), 1..20),
    ) {
        let sandbox = start();
        let secret = sandbox.client_secret().to_owned();
        post_json(&sandbox, "/v1/bookable_events", &secret, &course(capacity)).is(200);
        let words = ["pending", "accepted", "tentative", "declined", "removed"];
        let mut statuses = std::collections::BTreeMap::new();
        for (who, word) in steps {
            let body = json!({ "registration_id": who.to_string(), "status": words[word] });
            let answer = post_json(&sandbox, &path("/registrations"), &secret, &body);
            let others = statuses.iter().filter(|(other, word)| **other != who && **word < 3).count();
            let fits = word >= 3 || others < usize::try_from(capacity).expect("few");
            prop_assert_eq!(answer.status, if fits { 200 } else { 422 });
            if fits {
                statuses.insert(who, word);
            }
            let now = get(&sandbox, &path(""), &secret).is(200).json();
            let coming = statuses.values().filter(|word| **word < 3).count();
            prop_assert_eq!(&now["registration"]["registered_count"], &json!(coming));
            prop_assert_eq!(&now["registration"]["total_count"], &json!(statuses.len()));
        }
    }
}
