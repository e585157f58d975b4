//! Events, whatever is written and whatever is asked for.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use cronofy_sandbox::BlockingSandbox;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::events::{Diary, delete_json, rows, visit, with};
use crate::support::*;

/// A sandbox whose clock stands, and a diary in it. One test at a time: each empties the diary.
struct Desk {
    sandbox: BlockingSandbox,
    diary: Diary,
}

static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(|| {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    sandbox.freeze();
    Mutex::new(Desk { sandbox, diary })
});

fn desk() -> MutexGuard<'static, Desk> {
    let desk = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    let everything = json!({ "delete_all": true });
    delete_json(&desk.sandbox, "/v1/events", desk.diary.tokens.token(), &everything).is(202);
    desk
}

impl Desk {
    /// Midnight in UTC, so many minutes away.
    fn at(&self, minutes: i64) -> Timestamp {
        let now = Timestamp::try_from(self.sandbox.now()).expect("a time");
        let day = now.to_zoned(TimeZone::UTC).start_of_day().expect("a day").timestamp();
        day.checked_add(minutes.minutes()).expect("in range")
    }

    /// Writes events in batches: minutes from today's midnight on, and minutes that they last.
    fn write(&self, events: &[(i64, i64)]) {
        let entry = |(index, (start, length)): (usize, &(i64, i64))| {
            let times = json!({
                "event_id": format!("v-{index}"),
                "start": self.at(*start).to_string(),
                "end": self.at(start + length).to_string(),
            });
            json!({ "method": "POST", "relative_url": self.diary.path(), "data": with(visit(""), &times) })
        };
        let entries: Vec<Value> = events.iter().enumerate().map(entry).collect();
        for batch in entries.chunks(50) {
            let answer =
                post_json(&self.sandbox, "/v1/batch", self.diary.tokens.token(), &json!({ "batch": batch }));
            let answer = answer.is(207).json();
            let done =
                answer["batch"].as_array().expect("a list").iter().all(|result| result["status"] == 202);
            assert!(done, "{answer}");
        }
    }

    fn ids(&self, query: &str) -> Vec<String> {
        let found = self.diary.read(&self.sandbox, query);
        found.iter().map(|row| row["event_id"].as_str().expect("an own event").to_owned()).collect()
    }
}

/// From sixty days ago to three hundred days ahead, in steps of half an hour so that ends often meet.
fn times() -> impl Strategy<Value = (i64, i64)> {
    (-60_i64 * 48..300 * 48, 1_i64..200).prop_map(|(start, length)| (start * 30, length * 30))
}

fn members() -> impl Strategy<Value = Value> {
    let text = || prop::option::of("\\PC{0,20}");
    let flag = || prop::option::of(any::<bool>());
    let color = prop::option::of("#[0-9a-fA-F]{6}");
    let guest = "[a-z]{1,4}".prop_map(|name| json!({ "email": format!("{name}@guests.example") }));
    let guests = prop::option::of(prop::collection::vec(guest, 0..4));
    let reminders = prop::option::of(prop::collection::vec(0_u16..2000, 0..=5));
    let kind = prop::option::of(prop::sample::select(vec!["none", "default", "integrated"]));
    (text(), text(), flag(), color, guests, reminders, kind).prop_map(
        |(description, place, private, color, guests, reminders, kind)| {
            let minutes =
                reminders.map(|all| all.iter().map(|minutes| json!({ "minutes": minutes })).collect());
            json!({
                "description": description,
                "location": { "description": place },
                "event_private": private,
                "color": color,
                "attendees": { "invite": guests },
                "reminders": minutes.map(|all: Vec<Value>| all),
                "conferencing": kind.map(|kind| json!({ "profile_id": kind })),
            })
        },
    )
}

/// Any JSON, with numbers and texts that somebody could have trouble with.
fn garbage() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "9999-12-31",
            "-009999-01-01",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2031-02-30",
            "2031-03-04T09:00:00",
            "+262142-01-01T00:00:00Z",
            "1e999",
            "NaN",
            "9998-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "2031-03-04T24:00:00Z",
            "\u{0}",
            "Etc/UTC",
            "../../etc/passwd",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let names = prop::sample::select(vec![
            "time",
            "tzid",
            "email",
            "invite",
            "rules",
            "frequency",
            "interval",
            "count",
            "until",
            "by_day",
            "minutes",
            "lat",
            "long",
            "profile_id",
            "join_url",
            "type",
            "uri",
            "interactions",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

const FIELDS: [&str; 22] = [
    "event_id",
    "event_uid",
    "summary",
    "description",
    "start",
    "end",
    "tzid",
    "location",
    "url",
    "reminders",
    "reminders_create_only",
    "transparency",
    "extended_transparency",
    "attendees",
    "color",
    "event_private",
    "conferencing",
    "subscriptions",
    "attachments",
    "recurrence",
    "locale",
    "include_userinfo",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_upsert_is_idempotent(members in members(), (start, length) in times()) {
        let desk = desk();
        let times = json!({ "start": desk.at(start).to_string(), "end": desk.at(start + length).to_string() });
        let body = with(with(visit("v-1"), &members), &times);
        desk.diary.write(&desk.sandbox, &body).is(202);
        let once = desk.diary.own(&desk.sandbox);
        desk.sandbox.advance(std::time::Duration::from_secs(1));
        desk.diary.write(&desk.sandbox, &body).is(202);
        prop_assert_eq!(desk.diary.own(&desk.sandbox), once);
    }

    #[test]
    fn a_window_holds_what_a_plain_filter_finds(
        events in prop::collection::vec(times(), 0..12),
        from in prop::option::of(-100_i64..400),
        to in prop::option::of(-100_i64..400),
    ) {
        let desk = desk();
        desk.write(&events);
        let date = |day: i64| desk.at(day * 1440).to_string()[..10].to_owned();
        let mut query = "&only_managed=true".to_owned();
        let bounds = [from.map(|day| format!("&from={}", date(day))), to.map(|day| format!("&to={}", date(day)))];
        bounds.iter().flatten().for_each(|bound| query.push_str(bound));
        // What is left out is 42 days back and 201 ahead, but not if both are.
        let (first, last) = match (from, to) {
            (None, None) => (i64::MIN / 2000, i64::MAX / 2000),
            (from, to) => (from.unwrap_or(-42), to.unwrap_or(201)),
        };
        let mut expected: Vec<(i64, String)> = events
            .iter()
            .enumerate()
            .filter(|(_, (start, length))| *start < last * 1440 && start + length >= first * 1440)
            .map(|(index, (start, _))| (*start, format!("v-{index}")))
            .collect();
        let mut found = desk.ids(&query);
        expected.sort();
        let mut names: Vec<String> = expected.into_iter().map(|(_, name)| name).collect();
        names.sort();
        found.sort();
        prop_assert_eq!(found, names);
    }

    #[test]
    fn all_pages_together_are_the_list(events in prop::collection::vec(times(), 0..30), size in 1_usize..12) {
        let desk = desk();
        desk.write(&events);
        let token = desk.diary.tokens.token();
        let path = "/v1/events?tzid=Etc/UTC&only_managed=true";
        let paged = |size: usize| {
            let settings = json!({ "page_size": size });
            control(&desk.sandbox, "PATCH", "/_sandbox/settings", &settings).is(200);
            let pages = get(&desk.sandbox, path, token).is(200).json()["pages"].clone();
            (pages["total"].clone(), rows(&desk.sandbox, path, token, "events"))
        };
        let (total, in_pages) = paged(size);
        let (one, at_once) = paged(1000);
        prop_assert_eq!(total, events.len().div_ceil(size).max(1));
        prop_assert_eq!(one, 1);
        prop_assert_eq!(at_once.len(), events.len());
        prop_assert_eq!(in_pages, at_once);
    }

    #[test]
    fn every_spelling_of_a_time_is_understood((start, length) in times(), spelling in 0_usize..7, zoned: bool) {
        let desk = desk();
        let written = |minutes: i64| {
            let time = desk.at(minutes);
            let plain = time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let text = match spelling {
                0 => format!("{plain}Z"),
                1 => format!("{plain}UTC"),
                2 => format!("{plain}+00:00"),
                3 => format!("{}Z", plain.replace('T', " ")),
                4 => format!("{plain}.000Z"),
                5 => format!("{} UTC", plain.replace('T', " ")),
                _ => time.to_zoned(TimeZone::fixed(jiff::tz::offset(2))).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            };
            if zoned { json!({ "time": text, "tzid": "Asia/Kolkata" }) } else { json!(text) }
        };
        let times = json!({ "start": written(start), "end": written(start + length) });
        desk.diary.write(&desk.sandbox, &with(visit("v-1"), &times)).is(202);
        let row = desk.diary.own(&desk.sandbox).remove(0);
        prop_assert_eq!(&row["start"], &json!(desk.at(start).to_string()));
        prop_assert_eq!(&row["end"], &json!(desk.at(start + length).to_string()));
    }

    #[test]
    fn whatever_a_body_holds_no_write_fails(
        name in prop::sample::select(vec![
            "batch", "permissions", "profile_id", "name", "color", "status", "delete_all", "calendar_ids", "event_id",
            "event_uid", "include_userinfo", "redirect_uri",
        ]),
        value in garbage(),
        entry in garbage(),
    ) {
        let desk = desk();
        let (path, token) = (desk.diary.path(), desk.diary.tokens.token());
        let status = format!("{path}/evt_external_0/participation_status");
        let data = json!({ "method": "POST", "relative_url": path, "data": entry });
        for body in [json!({ name: value }), json!({ name: [entry] }), json!({ name: [data] }), value, entry] {
            for target in ["/v1/batch", "/v1/permissions", "/v1/calendars", &status] {
                let answer = post_json(&desk.sandbox, target, token, &body);
                prop_assert!(answer.status < 500, "{target} {body}: {answer:?}");
            }
            for target in ["/v1/events", &path] {
                let answer = delete_json(&desk.sandbox, target, token, &body);
                prop_assert!(answer.status < 500, "{target} {body}: {answer:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_field_holds_it_is_taken_or_named(
        field in prop::sample::select(FIELDS.to_vec()),
        value in garbage(),
    ) {
        let desk = desk();
        let body = with(visit("v-1"), &json!({ field: value }));
        let answer = desk.diary.write(&desk.sandbox, &body);
        if answer.status == 422 {
            let errors = answer.json()["errors"].clone();
            let named: Vec<&String> = errors.as_object().expect("a map").keys().collect();
            // A time that is wrong by the other one is told at the end.
            let is_meant = |name: &String| name.starts_with(field) || (field == "start" && name == "end");
            prop_assert!(!named.is_empty() && named.iter().all(|name| is_meant(name)), "{body}: {errors}");
        } else {
            prop_assert_eq!(answer.status, 202, "{}", body);
        }
        // What was taken can be read, in every form.
        desk.diary.read(&desk.sandbox, "&include_managed=true&localized_times=true&include_geo=true");
        let busy = "/v1/free_busy?tzid=Asia/Kolkata&include_managed=true&localized_times=true&include_ids=true";
        get(&desk.sandbox, busy, desk.diary.tokens.token()).is(200);
    }

    #[test]
    fn whatever_a_query_holds_it_is_answered_or_refused(
        name in prop::sample::select(vec!["from", "to", "tzid", "last_modified", "calendar_ids[]", "include_geo"]),
        value in garbage(),
    ) {
        let desk = desk();
        desk.write(&[(0, 60), (1440, 60)]);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let query = form(&[("only_managed", "true"), (name, &text)]);
        let tzid = if name == "tzid" { "" } else { "&tzid=Etc/UTC" };
        for list in ["events", "free_busy"] {
            let answer = get(&desk.sandbox, &format!("/v1/{list}?{query}{tzid}"), desk.diary.tokens.token());
            prop_assert!([200, 422].contains(&answer.status), "{query}: {answer:?}");
        }
    }
}
