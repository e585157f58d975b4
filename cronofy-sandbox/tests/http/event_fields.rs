//! What an event is made of, field by field.

use serde_json::{Value, json};

use crate::events::{Diary, visit, with};
use crate::support::*;

#[test]
fn every_documented_field_is_taken() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let more = json!({
        "start": { "time": "2031-07-04T09:00:00Z", "tzid": "Europe/Lisbon" },
        "end": { "time": "2031-07-04T09:40:00Z", "tzid": "Europe/Lisbon" },
        "tzid": "Europe/Paris",
        "location": { "description": "Room 2", "lat": "38.7223", "long": "-9.1393" },
        "url": "https://orchard.example/visits/1",
        "reminders": [{ "minutes": 60 }, { "minutes": 1440 }],
        "reminders_create_only": true,
        "transparency": "opaque",
        "extended_transparency": "out_of_office",
        "attendees": { "invite": [{ "email": "rui@harbourdental.example", "display_name": "Rui" }], "remove": [] },
        "color": "#c6040f",
        "event_private": true,
        "conferencing": { "profile_id": "explicit", "provider_description": "Call", "join_url": "https://meet.example/1" },
        "subscriptions": [{ "type": "webhook", "uri": "https://app.example/hook", "interactions": [{ "type": "conferencing_assigned" }] }],
        "attachments": [],
        "locale": "en",
        "event_classes": "x",
        "something_new": 1,
    });
    diary.write(&sandbox, &with(visit("v-1"), &more)).is(202);
    let row = &diary.read(&sandbox, "&only_managed=true&localized_times=true&include_geo=true")[0];
    assert_eq!(row["start"], json!({ "time": "2031-07-04T10:00:00+01:00", "tzid": "Europe/Lisbon" }));
    assert_eq!(row["location"], json!({ "description": "Room 2", "lat": "38.7223", "long": "-9.1393" }));
    assert_eq!(row["transparency"], "opaque");
    assert_eq!(row["extended_transparency"], "out_of_office");
    let guest =
        json!({ "email": "rui@harbourdental.example", "display_name": "Rui", "status": "needs_action" });
    assert_eq!(row["attendees"], json!([guest]));
    assert_eq!(row["organizer"]["email"], "ada@orchard.example");
    assert_eq!(row["event_private"], true);
    assert_eq!(row["meeting_url"], "https://meet.example/1");
    let plain = &diary.own(&sandbox)[0];
    assert_eq!(plain["location"], json!({ "description": "Room 2" }), "coordinates only with include_geo");
    assert!(plain.get("google_event_id").is_none());
    let google = &diary.read(&sandbox, "&only_managed=True&google_event_ids=True")[0];
    assert!(google["google_event_id"].is_string());
    // What an update leaves out stays, except text, times and place.
    diary.write(&sandbox, &visit("v-1")).is(202);
    let row = &diary.own(&sandbox)[0];
    assert!(row.get("location").is_none());
    assert_eq!((&row["attendees"], &row["event_private"]), (&json!([guest]), &json!(true)));
    assert_eq!(row["meeting_url"], "https://meet.example/1");
    let less = json!({
        "attendees": { "reject": [{ "email": "RUI@harbourdental.example" }] },
        "conferencing": { "profile_id": "none" },
    });
    diary.write(&sandbox, &with(visit("v-1"), &less)).is(202);
    let row = &diary.own(&sandbox)[0];
    assert_eq!(row["attendees"], json!([]));
    assert!(row.get("conferencing").is_none());
}

#[test]
fn every_wrong_field_is_named() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let refused = |body: &Value| diary.write(&sandbox, body).refused(422).json()["errors"].clone();
    let nothing = refused(&json!({}));
    for name in ["event_id", "summary", "start", "end"] {
        let expected =
            json!([{ "key": "errors.required", "description": format!("{name} must be specified") }]);
        assert_eq!(nothing[name], expected);
    }
    assert_eq!(nothing.as_object().map(serde_json::Map::len), Some(4));
    let day = json!({ "start": "2031-03-04", "end": "2031-03-04" });
    let mixed = json!({ "start": "2031-03-04", "end": "2031-03-05T00:00:00Z" });
    for (change, field, key) in [
        (json!({ "end": "2031-03-04T09:00:00Z" }), "end", "errors.invalid_time_pair"),
        (day, "end", "errors.invalid_time_pair"),
        (mixed, "end", "errors.invalid_time_pair"),
        (json!({ "start": "soon" }), "start", "errors.invalid_format"),
        (json!({ "start": { "tzid": "Etc/UTC" } }), "start.time", "errors.required"),
        (json!({ "start": { "time": 5 } }), "start.time", "errors.invalid_format"),
        (json!({ "start": "9999-12-31" }), "start", "errors.invalid_format"),
        (json!({ "end": "-009999-01-02T01:59:59Z" }), "end", "errors.invalid_format"),
        (json!({ "tzid": "Nowhere/Else" }), "tzid", "errors.tzid_unrecognized"),
        (
            json!({ "start": { "time": "2031-03-04T09:00:00Z", "tzid": "x" } }),
            "start.tzid",
            "errors.tzid_unrecognized",
        ),
        (json!({ "summary": "x".repeat(1025) }), "summary", "errors.too_long"),
        (json!({ "description": "x".repeat(4097) }), "description", "errors.too_long"),
        (json!({ "summary": 5 }), "summary", "errors.invalid_format"),
        (json!({ "reminders": vec![json!({ "minutes": 1 }); 6] }), "reminders", "errors.too_many"),
        (json!({ "reminders": [{ "minutes": -1 }] }), "reminders[0].minutes", "errors.invalid_format"),
        (json!({ "reminders": [{ "minutes": 1e300 }] }), "reminders[0].minutes", "errors.invalid_format"),
        (json!({ "location": { "lat": 38.7 } }), "location.lat", "errors.invalid_format"),
        (json!({ "location": { "long": "east" } }), "location.long", "errors.invalid_format"),
        (json!({ "location": "here" }), "location", "errors.invalid_format"),
        (json!({ "attendees": { "invite": [{}] } }), "attendees.invite[0].email", "errors.required"),
        (
            json!({ "attendees": { "invite": [{ "email": "nobody" }] } }),
            "attendees.invite[0].email",
            "errors.invalid_email",
        ),
        (json!({ "attendees": { "invite": [[[]]] } }), "attendees.invite[0]", "errors.invalid_format"),
        (json!({ "transparency": "glass" }), "transparency", "errors.not_recognized"),
        (json!({ "color": "red" }), "color", "errors.invalid_format"),
        (json!({ "url": "/here" }), "url", "errors.invalid_format"),
        (json!({ "event_private": "perhaps" }), "event_private", "errors.invalid_format"),
        (
            json!({ "attachments": [{ "attachment_id": "a" }] }),
            "attachments[0].attachment_id",
            "errors.not_recognized",
        ),
        (json!({ "attachments": [{}] }), "attachments[0].attachment_id", "errors.required"),
        (
            json!({ "conferencing": { "profile_id": "pro_1" } }),
            "conferencing.profile_id",
            "errors.not_recognized",
        ),
        (json!({ "conferencing": { "profile_id": "explicit" } }), "conferencing.join_url", "errors.required"),
        (json!({ "subscriptions": [{ "type": "webhook" }] }), "subscriptions[0].uri", "errors.required"),
        (
            json!({ "recurrence": { "rules": [{}, {}] } }),
            "recurrence.rules",
            "errors.max_recurrence_rules_exceeded",
        ),
    ] {
        let errors = refused(&with(visit("v-1"), &change));
        assert_eq!(errors[field][0]["key"], key, "{change}: {errors}");
    }
    let large = json!({ "event_classes": "x".repeat(70_000) });
    assert_eq!(refused(&with(visit("v-1"), &large))["base"][0]["key"], "errors.too_long");
    assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
}

#[test]
fn the_calendar_makes_a_link_of_its_own() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let integrated = json!({ "conferencing": { "profile_id": "integrated" } });
    diary.write(&sandbox, &with(visit("v-1"), &integrated)).is(202);
    let row = diary.own(&sandbox).remove(0);
    assert!(row["conferencing"]["join_url"].as_str().is_some_and(|url| url.starts_with("https://meet.")));
    let past = json!({ "start": "2001-01-01T09:00:00Z", "end": "2001-01-01T10:00:00Z" });
    diary.write(&sandbox, &with(with(visit("v-2"), &integrated), &past)).is(202);
    assert!(diary.own(&sandbox)[0].get("conferencing").is_none(), "not for what is over");
}
