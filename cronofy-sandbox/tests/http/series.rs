//! Events that repeat.

use serde_json::{Value, json};

use crate::events::{Diary, present, visit, with};
use crate::support::*;

#[test]
fn a_series_is_written_as_a_rule_and_read_as_its_occurrences() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let today: jiff::civil::Date = present(&sandbox)[..10].parse().expect("a date");
    let day = |offset: i64| (today + jiff::Span::new().days(offset)).to_string();
    let series = json!({
        "start": { "time": format!("{}T09:00:00Z", day(1)), "tzid": "Etc/UTC" },
        "end": { "time": format!("{}T10:00:00Z", day(1)), "tzid": "Etc/UTC" },
        "recurrence": { "rules": [{ "frequency": "daily", "interval": 2, "count": 3 }] },
    });
    diary.write(&sandbox, &with(visit("s-1"), &series)).is(202);
    let rows = diary.own(&sandbox);
    let starts: Vec<&Value> = rows.iter().map(|row| &row["start"]).collect();
    let expected: Vec<Value> =
        [1, 3, 5].iter().map(|offset| json!(format!("{}T09:00:00Z", day(*offset)))).collect();
    assert_eq!(starts, expected.iter().collect::<Vec<_>>());
    assert_eq!(rows[0]["event_id"], "s-1");
    assert_eq!(rows[0]["recurrence"]["rules"][0]["count"], 3);
    assert!(rows[1].get("event_id").is_none() && rows[1].get("recurrence").is_none());
    assert_eq!(rows[1]["series_master"], rows[0]["event_uid"]);
    assert!(
        rows.iter().all(|row| row["recurring"] == true && row["series_identifier"] == rows[0]["event_uid"])
    );
    let busy = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC&include_managed=true", diary.tokens.token()).json();
    let listed =
        busy["free_busy"].as_array().expect("a list").iter().filter(|row| expected.contains(&row["start"]));
    assert!(listed.count() >= 3);
    // Left out, the rule stays; an empty list ends it.
    let mut once = with(visit("s-1"), &series);
    once.as_object_mut().expect("an object").remove("recurrence");
    diary.write(&sandbox, &once).is(202);
    assert_eq!(diary.own(&sandbox).len(), 3);
    diary.write(&sandbox, &with(once, &json!({ "recurrence": { "rules": [] } }))).is(202);
    assert_eq!(diary.own(&sandbox).len(), 1);
    for (rule, field, key) in [
        (json!({}), "frequency", "errors.required"),
        (json!({ "frequency": "hourly" }), "frequency", "errors.not_recognized"),
        (
            json!({ "frequency": "daily", "interval": 0 }),
            "interval",
            "errors.must_be_integer_greater_than_zero",
        ),
        (json!({ "frequency": "daily", "count": -1 }), "count", "errors.must_be_integer_greater_than_zero"),
        (json!({ "frequency": "daily", "count": 1001 }), "count", "errors.not_supported"),
        (json!({ "frequency": "daily", "until": "soon" }), "until", "errors.must_be_date"),
        (
            json!({ "frequency": "daily", "count": 1, "until": day(9) }),
            "until",
            "errors.not_supported_count_until_combination",
        ),
        (json!({ "frequency": "daily", "by_day": ["monday"] }), "by_day", "errors.not_supported"),
        (json!({ "frequency": "weekly", "by_day": ["someday"] }), "by_day[0]", "errors.not_recognized"),
    ] {
        let body = with(visit("s-2"), &json!({ "recurrence": { "rules": [rule] } }));
        let errors = diary.write(&sandbox, &body).refused(422).json();
        assert_eq!(
            errors["errors"][format!("recurrence.rules[0].{field}")][0]["key"],
            key,
            "{rule}: {errors}"
        );
    }
}

#[test]
fn a_series_takes_time_whenever_it_takes_place() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let series = json!({
        "start": "2031-03-04T03:00:00Z",
        "end": "2031-03-04T04:00:00Z",
        "recurrence": { "rules": [{ "frequency": "weekly", "by_day": ["tuesday", "thursday"] }] },
    });
    diary.write(&sandbox, &with(visit("s-1"), &series)).is(202);
    let free = |day: &str| {
        let body = json!({
            "participants": [{ "required": "all", "members": [{ "sub": diary.tokens.text("sub") }] }],
            "required_duration": { "minutes": 60 },
            "query_periods": [{ "start": format!("{day}T03:00:00Z"), "end": format!("{day}T04:00:00Z") }],
        });
        let found = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &body).is(200).json();
        found["available_periods"].as_array().is_some_and(|periods| !periods.is_empty())
    };
    let days = ["2031-03-04", "2031-03-05", "2031-03-06", "2034-11-09", "2034-11-10"];
    assert_eq!(days.map(free), [false, true, false, false, true]);
}
