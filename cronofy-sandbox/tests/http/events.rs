//! Events, as applications write and read them.

use cronofy_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::*;

/// A connected account and its primary calendar.
pub(crate) struct Diary {
    pub(crate) tokens: Connected,
    pub(crate) calendar: String,
}

impl Diary {
    #[track_caller]
    pub(crate) fn of(sandbox: &Sandbox, account: &str) -> Self {
        let tokens = connect_user(sandbox, account);
        let calendar = writable(sandbox, tokens.token());
        Self { tokens, calendar }
    }

    pub(crate) fn path(&self) -> String {
        format!("/v1/calendars/{}/events", self.calendar)
    }

    #[track_caller]
    pub(crate) fn write(&self, sandbox: &Sandbox, body: &Value) -> Answer {
        post_json(sandbox, &self.path(), self.tokens.token(), body)
    }

    #[track_caller]
    pub(crate) fn delete(&self, sandbox: &Sandbox, body: &Value) -> Answer {
        delete_json(sandbox, &self.path(), self.tokens.token(), body)
    }

    /// The rows of `GET /v1/events?tzid=Etc/UTC` and `query`.
    #[track_caller]
    pub(crate) fn read(&self, sandbox: &Sandbox, query: &str) -> Vec<Value> {
        rows(sandbox, &format!("/v1/events?tzid=Etc/UTC{query}"), self.tokens.token(), "events")
    }

    /// The application's own events, all of them.
    #[track_caller]
    pub(crate) fn own(&self, sandbox: &Sandbox) -> Vec<Value> {
        self.read(sandbox, "&only_managed=true")
    }
}

/// The first calendar that can be written to.
#[track_caller]
pub(crate) fn writable(sandbox: &Sandbox, token: &str) -> String {
    let body = get(sandbox, "/v1/calendars", token).is(200).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let writable = calendars.iter().find(|calendar| calendar["calendar_readonly"] == false);
    writable.expect("a calendar to write to")["calendar_id"].as_str().expect("an identifier").to_owned()
}

/// Every row of a list, page after page.
#[track_caller]
pub(crate) fn rows(sandbox: &Sandbox, path: &str, token: &str, list: &str) -> Vec<Value> {
    let (mut path, mut rows) = (path.to_owned(), Vec::new());
    loop {
        let page = get(sandbox, &path, token).is(200).json();
        rows.extend(page[list].as_array().expect("a list").clone());
        let Some(next) = page["pages"]["next_page"].as_str() else { return rows };
        next.strip_prefix(sandbox.api_url()).expect("our own address").clone_into(&mut path);
    }
}

pub(crate) fn delete_json(sandbox: &Sandbox, target: &str, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json; charset=utf-8")];
    send(sandbox.api_url(), "DELETE", target, &headers, body.to_string().as_bytes())
}

pub(crate) fn visit(id: &str) -> Value {
    json!({
        "event_id": id,
        "summary": "Check-up",
        "description": "First visit.",
        "start": "2031-03-04T09:00:00Z",
        "end": "2031-03-04T09:40:00Z",
    })
}

/// `base` with other members.
pub(crate) fn with(mut base: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        base[name] = value.clone();
    }
    base
}

#[test]
fn an_event_id_creates_once_and_then_updates() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let answer = diary.write(&sandbox, &visit("v-1")).is(202);
    assert_eq!(answer.body, "");
    let created = diary.own(&sandbox);
    assert_eq!(created.len(), 1);
    assert_eq!(created[0]["event_id"], "v-1");
    assert_eq!(created[0]["calendar_id"], *diary.calendar);
    assert_eq!(created[0]["start"], "2031-03-04T09:00:00Z");
    let options = json!({ "delete": true, "update": true, "change_participation_status": false });
    assert_eq!(created[0]["options"], options);
    sandbox.advance(std::time::Duration::from_secs(60));
    diary.write(&sandbox, &visit("v-1")).is(202);
    assert_eq!(diary.own(&sandbox), created, "the same again changes nothing");
    diary.write(&sandbox, &with(visit("v-1"), &json!({ "summary": "Moved", "description": null }))).is(202);
    let updated = diary.own(&sandbox);
    assert_eq!((&updated[0]["summary"], &updated[0]["description"]), (&json!("Moved"), &json!("")));
    assert_eq!(updated[0]["event_uid"], created[0]["event_uid"]);
    assert_eq!(updated[0]["created"], created[0]["created"]);
    assert_ne!(updated[0]["updated"], created[0]["updated"]);
}

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
        (json!({ "attachments": [{ "attachment_id": "a" }] }), "attachments", "errors.not_supported"),
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
fn calendars_that_cannot_be_written_to() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let body = get(&sandbox, "/v1/calendars", diary.tokens.token()).is(200).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let readonly = calendars.iter().find(|calendar| calendar["calendar_readonly"] == true).expect("holidays");
    let id = readonly["calendar_id"].as_str().expect("an identifier");
    let token = diary.tokens.token();
    post_json(&sandbox, &format!("/v1/calendars/{id}/events"), token, &visit("v-1")).refused(403);
    post_json(&sandbox, "/v1/calendars/cal_other/events", token, &visit("v-1")).refused(404);
    delete_json(&sandbox, "/v1/calendars/cal_other/events", token, &json!({ "event_id": "v" })).refused(404);
    let other = Diary::of(&sandbox, "bram@orchard.example");
    post_json(&sandbox, &other.path(), token, &visit("v-1")).refused(404);
    let reader = connect(&sandbox, INDIVIDUAL, "cleo@orchard.example", &[("scope", "read_events")]);
    let path = format!("/v1/calendars/{}/events", writable(&sandbox, reader.token()));
    post_json(&sandbox, &path, reader.token(), &visit("v-1")).refused(403);
    delete_json(&sandbox, &path, reader.token(), &json!({ "event_id": "v-1" })).refused(403);
    delete_json(&sandbox, "/v1/events", reader.token(), &json!({ "delete_all": true })).refused(403);
    let writer = connect(&sandbox, INDIVIDUAL, "dov@orchard.example", &[("scope", "create_event")]);
    get(&sandbox, "/v1/events?tzid=Etc/UTC", writer.token()).refused(403);
}

#[test]
fn a_write_can_answer_with_the_identity() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let userinfo = get(&sandbox, "/v1/userinfo", diary.tokens.token()).json();
    let body = with(visit("v-1"), &json!({ "include_userinfo": true }));
    assert_eq!(diary.write(&sandbox, &body).is(202).json(), json!({ "userinfo": userinfo }));
    let body = json!({ "event_id": "v-1", "include_userinfo": true });
    assert_eq!(diary.delete(&sandbox, &body).is(202).json(), json!({ "userinfo": userinfo }));
}

#[test]
fn what_is_deleted_is_shown_to_those_who_ask() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    diary.write(&sandbox, &visit("v-1")).is(202);
    for _ in 0..2 {
        assert_eq!(diary.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202).body, "");
    }
    diary.delete(&sandbox, &json!({ "event_id": "never" })).is(202);
    let errors = diary.delete(&sandbox, &json!({})).refused(422).json();
    assert_eq!(errors["errors"]["event_id"][0]["description"], "event_id must be specified");
    assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
    let deleted = diary.read(&sandbox, "&only_managed=true&include_deleted=true");
    assert_eq!((deleted.len(), &deleted[0]["deleted"]), (1, &json!(true)));
    diary.write(&sandbox, &visit("v-1")).is(202);
    let again = diary.read(&sandbox, "&only_managed=true&include_deleted=true");
    assert_eq!((again.len(), &again[0]["deleted"]), (1, &json!(false)));
}

#[test]
fn everything_of_the_application_is_deleted_at_once() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let token = diary.tokens.token();
    let before = diary.read(&sandbox, "").len();
    for (method, body) in [
        ("", json!({ "delete_all": true })),
        ("", json!({ "calendar_ids": [diary.calendar] })),
        ("?delete_all=True", json!({})),
        (&*format!("?calendar_ids%5B%5D={}", diary.calendar), json!({})),
    ] {
        diary.write(&sandbox, &visit("v-1")).is(202);
        diary.write(&sandbox, &visit("v-2")).is(202);
        delete_json(&sandbox, &format!("/v1/events{method}"), token, &body).is(202);
        assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
        assert_eq!(diary.read(&sandbox, "").len(), before, "events of others stay");
    }
    for (body, field) in [
        (json!({}), "delete_all"),
        (json!({ "delete_all": false }), "delete_all"),
        (json!({ "calendar_ids": [] }), "calendar_ids"),
        (json!({ "calendar_ids": [5] }), "calendar_ids[0]"),
        (json!({ "delete_all": true, "calendar_ids": [diary.calendar] }), "calendar_ids"),
    ] {
        let errors = delete_json(&sandbox, "/v1/events", token, &body).refused(422).json();
        assert!(errors["errors"][field][0]["key"].is_string(), "{body}: {errors}");
    }
    delete_json(&sandbox, "/v1/events", token, &json!({ "calendar_ids": ["cal_other"] })).refused(404);
}

#[test]
fn filters_of_a_read() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let token = diary.tokens.token();
    let external = diary.read(&sandbox, "");
    assert!(external.iter().all(|row| row.get("event_id").is_none()));
    let first_uid = external[0]["event_uid"].as_str().expect("a uid");
    assert!(first_uid.starts_with("evt_external_"), "{first_uid}");
    diary.write(&sandbox, &visit("far")).is(202);
    assert_eq!(diary.read(&sandbox, "&include_managed=true").len(), external.len() + 1);
    assert_eq!(diary.read(&sandbox, "&only_managed=true&from=2031-03-04&to=2031-03-05").len(), 1);
    assert_eq!(
        diary.read(&sandbox, "&only_managed=true&from=2031-03-01&to=2031-03-04").len(),
        0,
        "to is not part"
    );
    assert_eq!(diary.read(&sandbox, "&only_managed=true&from=2031-03-05&to=2031-03-09").len(), 0);
    sandbox.advance(std::time::Duration::from_secs(60));
    let now = humantime(&sandbox);
    assert_eq!(diary.read(&sandbox, &format!("&include_managed=true&last_modified={now}")).len(), 0);
    diary
        .write(&sandbox, &with(visit("far"), &json!({ "start": "2032-01-01", "end": "2032-01-02" })))
        .is(202);
    assert_eq!(diary.read(&sandbox, &format!("&include_managed=true&last_modified={now}")).len(), 1);
    let old = "&only_managed=true&from=2031-03-04&to=2031-03-05";
    assert_eq!(diary.read(&sandbox, old).len(), 0);
    let moved = diary.read(&sandbox, &format!("{old}&include_moved=true"));
    assert_eq!((moved.len(), &moved[0]["start"]), (1, &json!("2032-01-01")));
    assert_eq!(moved[0]["transparency"], "transparent", "whole days are free unless they say otherwise");
    let here = format!("&include_managed=true&calendar_ids%5B%5D={}", diary.calendar);
    assert_eq!(diary.read(&sandbox, &here).len(), external.len() + 1);
    assert_eq!(diary.read(&sandbox, "&calendar_ids[]=cal_other").len(), 0);
    for (query, field) in [
        ("", "tzid"),
        ("?tzid=Nowhere/Else", "tzid"),
        ("?tzid=Etc/UTC&from=soon", "from"),
        ("?tzid=Etc/UTC&to=2031-13-01", "to"),
        ("?tzid=Etc/UTC&last_modified=2031-03-04", "last_modified"),
    ] {
        let errors = get(&sandbox, &format!("/v1/events{query}"), token).refused(422).json();
        assert!(errors["errors"][field][0]["key"].is_string(), "{query}: {errors}");
    }
}

/// The sandbox's present as a Time.
fn humantime(sandbox: &Sandbox) -> String {
    let seconds = sandbox.now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).expect("not so late")).expect("a time");
    time.to_string()
}

#[test]
fn events_of_others_need_an_unrestricted_calendar() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let uid = diary.read(&sandbox, "")[0]["event_uid"].clone();
    let edit = json!({ "event_uid": uid, "summary": "x", "start": "2031-03-04", "end": "2031-03-05" });
    diary.write(&sandbox, &edit).refused(403);
    diary.delete(&sandbox, &json!({ "event_uid": uid })).refused(403);
    diary.write(&sandbox, &with(edit, &json!({ "event_uid": "evt_external_0" }))).refused(404);
    diary.delete(&sandbox, &json!({ "event_uid": "evt_external_0" })).refused(404);
}

#[test]
fn a_series_is_written_as_a_rule_and_read_as_its_occurrences() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let today: jiff::civil::Date = humantime(&sandbox)[..10].parse().expect("a date");
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
fn a_calendar_of_an_application_takes_events_but_no_guests() {
    let sandbox = start();
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "application_calendar_id": "desk-1",
    });
    let tokens = Connected(post_json(&sandbox, "/v1/application_calendars", "", &body).is(200).json());
    let calendar = writable(&sandbox, tokens.token());
    let diary = Diary { tokens, calendar };
    diary.write(&sandbox, &visit("v-1")).is(202);
    let row = &diary.own(&sandbox)[0];
    assert_eq!((&row["summary"], &row["participation_status"]), (&json!("Check-up"), &json!("accepted")));
    for (change, field, key) in [
        (
            json!({ "attendees": { "invite": [{ "email": "a@b.example" }] } }),
            "attendees",
            "errors.event.cannot_set_attendees",
        ),
        (
            json!({ "conferencing": { "profile_id": "integrated" } }),
            "conferencing.profile_id",
            "errors.integrated_conferencing_not_available",
        ),
    ] {
        let errors = diary.write(&sandbox, &with(visit("v-1"), &change)).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key);
    }
    let empty =
        json!({ "attendees": { "invite": [], "remove": [] }, "conferencing": { "profile_id": "default" } });
    diary.write(&sandbox, &with(visit("v-1"), &empty)).is(202);
    assert!(diary.own(&sandbox)[0].get("conferencing").is_none(), "the default of a calendar that has none");
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

#[test]
fn a_disconnected_profile_is_locked() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    diary.write(&sandbox, &visit("v-1")).is(202);
    let (sub, profile_id) = (diary.tokens.text("sub"), diary.tokens.profile_id());
    let profile = format!("/_sandbox/accounts/{sub}/profiles/{profile_id}");
    control(&sandbox, "POST", &format!("{profile}/disconnect"), &json!({})).is(200);
    let token = diary.tokens.token();
    diary.write(&sandbox, &visit("v-2")).refused(423);
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).refused(423);
    delete_json(&sandbox, "/v1/events", token, &json!({ "delete_all": true })).refused(423);
    let calendar = json!({ "profile_id": profile_id, "name": "Home visits" });
    post_json(&sandbox, "/v1/calendars", token, &calendar).refused(423);
    assert_eq!(diary.own(&sandbox).len(), 1, "what was read before can be read still");
    control(&sandbox, "POST", &format!("{profile}/reconnect"), &json!({})).is(200);
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202);
    assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
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

#[test]
fn another_application_sees_an_event_of_somebody_else() {
    let other =
        "[[applications]]\nname = \"Rota\"\nclient_id = \"rota\"\nclient_secrets = [\"rota-secret\"]\n";
    let sandbox = builder().scenario(other).start_blocking().expect("a sandbox starts");
    let mine = Diary::of(&sandbox, "ada@orchard.example");
    let code =
        allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[("client_id", "rota")]), "ada@orchard.example");
    let pairs = [
        ("client_id", "rota"),
        ("client_secret", "rota-secret"),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
    ];
    let tokens = Connected(post_form(&sandbox, "/oauth/token", &pairs).is(200).json());
    let theirs = Diary { calendar: writable(&sandbox, tokens.token()), tokens };
    let day = (jiff::Timestamp::try_from(sandbox.now()).expect("a time")
        + jiff::SignedDuration::from_hours(24))
    .strftime("%Y-%m-%d")
    .to_string();
    let times = json!({ "start": format!("{day}T03:00:00Z"), "end": format!("{day}T04:00:00Z") });
    mine.write(&sandbox, &with(visit("v-1"), &times)).is(202);
    assert_eq!(theirs.own(&sandbox), [] as [Value; 0]);
    let seen =
        theirs.read(&sandbox, "").into_iter().find(|row| row["summary"] == "Check-up").expect("it is there");
    assert!(seen.get("event_id").is_none());
    assert_eq!(seen["event_uid"], mine.own(&sandbox)[0]["event_uid"]);
    assert_eq!(seen["options"]["update"], false);
    // The same event_id is another event of another application.
    theirs.write(&sandbox, &with(with(visit("v-1"), &times), &json!({ "summary": "Shift" }))).is(202);
    theirs.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202);
    assert_eq!(mine.own(&sandbox).len(), 1);
}
