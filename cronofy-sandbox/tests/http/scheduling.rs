//! Pages on which somebody picks a time.

use std::time::{Duration, UNIX_EPOCH};

use cronofy_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::events::{Diary, with};
use crate::support::*;

const PATH: &str = "/v1/real_time_scheduling";
const NINE: &str = "2031-03-04T09:00:00Z";
const TEN: &str = "2031-03-04T10:00:00Z";

/// A page for an event in Kit's calendar, from nine to eleven on a day without anything else.
fn wish(kit: &Diary) -> Value {
    let sub = kit.tokens.text("sub");
    json!({
        "oauth": { "redirect_uri": "https://app.example/picked?a=1", "state": "s 1" },
        "event": { "event_id": "i-7", "summary": "<Interview>", "tzid": "Europe/Lisbon",
                   "location": { "description": "Room 2" } },
        "availability": {
            "participants": [{ "required": "all", "members": [{ "sub": sub }] }],
            "required_duration": { "minutes": 60 },
            "query_periods": [{ "start": NINE, "end": "2031-03-04T11:00:00Z" }],
        },
        "target_calendars": [{ "sub": sub, "calendar_id": kit.calendar }],
    })
}

fn kit(sandbox: &Sandbox) -> Diary {
    Diary::of(sandbox, "kit@webmail.example")
}

#[track_caller]
fn make(sandbox: &Sandbox, body: &Value) -> Value {
    let answer = post_json(sandbox, PATH, sandbox.client_secret(), body).is(200).json();
    assert_eq!(answer["url"], answer["real_time_scheduling"]["url"]);
    answer["real_time_scheduling"].clone()
}

fn id(link: &Value) -> &str {
    link["real_time_scheduling_id"].as_str().expect("an identifier")
}

/// The target of the page.
fn page(sandbox: &Sandbox, link: &Value) -> String {
    let url = link["url"].as_str().expect("an address");
    url.strip_prefix(sandbox.app_url()).expect("our own address").to_owned()
}

#[track_caller]
fn read(sandbox: &Sandbox, link: &Value) -> Value {
    let target = format!("{PATH}/{}", id(link));
    let by_id = get(sandbox, &target, sandbox.client_secret()).is(200).json();
    let token = page(sandbox, link).rsplit('/').next().expect("a token").to_owned();
    let by_token = get(sandbox, &format!("{PATH}?token={token}"), sandbox.client_secret()).is(200).json();
    assert_eq!(by_id, by_token);
    by_id["real_time_scheduling"].clone()
}

fn disable(sandbox: &Sandbox, link: &Value, message: &str) -> Answer {
    let target = format!("{PATH}/{}/disable", id(link));
    post_json(sandbox, &target, sandbox.client_secret(), &json!({ "display_message": message }))
}

/// The application's own events on that day.
fn booked(sandbox: &Sandbox, kit: &Diary) -> Vec<Value> {
    kit.read(sandbox, "&only_managed=true&from=2031-03-04&to=2031-03-05")
}

#[test]
fn a_time_is_picked_once() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let link = make(&sandbox, &wish(&kit));
    assert!(id(&link).starts_with("sch_"));
    let read_before = read(&sandbox, &link);
    assert_eq!(read_before, link);
    assert_eq!(link["status"], "open");
    assert_eq!(link["event"], wish(&kit)["event"]);

    let page = page(&sandbox, &link);
    let shown = browse(&sandbox, &page).is(200);
    for part in [NINE, TEN, "Tuesday, 4 March 2031, 09:00", "&lt;Interview&gt;", "Europe/Lisbon"] {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    assert_eq!(shown.body.matches("name=\"start\"").count(), 3);

    decide(&sandbox, &page, &[("start", "2031-03-04T09:30:00Z")]).refused(409);
    decide(&sandbox, &page, &[("start", "soon")]).is(400);
    decide(&sandbox, &page, &[]).is(400);
    let from_elsewhere =
        [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "application/x-www-form-urlencoded")];
    let body = form(&[("start", NINE)]);
    send(sandbox.app_url(), "POST", &page, &from_elsewhere, body.as_bytes()).is(403);
    assert!(booked(&sandbox, &kit).is_empty());

    let picked = decide(&sandbox, &page, &[("start", TEN)]).is(303);
    let token = page.rsplit('/').next().map(str::to_owned);
    assert!(picked.header("location").is_some_and(|url| url.starts_with("https://app.example/picked?a=1&")));
    assert_eq!((picked.param("token"), picked.param("state")), (token, Some("s 1".to_owned())));
    let events = booked(&sandbox, &kit);
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["event_id"], &events[0]["start"]), (&json!("i-7"), &json!(TEN)));
    assert_eq!(events[0]["location"]["description"], "Room 2");

    let after = read(&sandbox, &link);
    assert_eq!(after["status"], "completed");
    assert_eq!(
        (&after["event"]["start"], &after["event"]["end"]),
        (&json!(TEN), &json!("2031-03-04T11:00:00Z"))
    );
    decide(&sandbox, &page, &[("start", NINE)]).refused(409);
    assert_eq!(booked(&sandbox, &kit), events);
    assert!(browse(&sandbox, &page).is(200).body.contains("A time was picked"));
    let errors = disable(&sandbox, &link, "Too late").refused(422).json();
    assert!(errors["errors"]["base"].is_array(), "{errors}");
}

#[test]
fn what_is_taken_meanwhile_is_offered_no_more() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let link = make(&sandbox, &wish(&kit));
    let page = page(&sandbox, &link);
    let meeting = json!({ "event_id": "m", "summary": "Meeting", "start": NINE, "end": TEN });
    kit.write(&sandbox, &meeting).is(202);
    let shown = browse(&sandbox, &page).is(200).body;
    assert!(!shown.contains(NINE) && shown.contains(TEN), "{shown}");
    decide(&sandbox, &page, &[("start", NINE)]).refused(409);
    assert_eq!(read(&sandbox, &link)["status"], "open");
    revoke(&sandbox, "token", kit.tokens.text("refresh_token")).is(200);
    assert!(browse(&sandbox, &page).is(200).body.contains("no time that is free"));
    decide(&sandbox, &page, &[("start", TEN)]).refused(409);
}

#[test]
fn a_page_is_taken_back() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let link = make(&sandbox, &wish(&kit));
    let page = page(&sandbox, &link);
    let answer = disable(&sandbox, &link, "Let us wait.\n<Until May>").is(200).json();
    assert_eq!(answer["real_time_scheduling"], with(link.clone(), &json!({ "status": "disabled" })));
    assert_eq!(read(&sandbox, &link)["status"], "disabled");
    let shown = browse(&sandbox, &page).is(200).body;
    assert!(shown.contains("Let us wait.<br>\n&lt;Until May&gt;") && !shown.contains("<form"), "{shown}");
    decide(&sandbox, &page, &[("start", NINE)]).refused(409);
    assert!(booked(&sandbox, &kit).is_empty());
    disable(&sandbox, &link, "Never").is(200);
    assert!(browse(&sandbox, &page).is(200).body.contains("Never"));
    for wrong in [String::new(), "é".repeat(501)] {
        let errors = disable(&sandbox, &link, &wrong).refused(422).json();
        assert!(errors["errors"]["display_message"].is_array(), "{errors}");
    }
    disable(&sandbox, &link, &"é".repeat(500)).is(200);
}

#[test]
fn redirects_formats_and_notice_are_as_asked() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let more = json!({
        "redirect_urls": { "completed_url": "https://app.example/thanks",
                           "no_times_suitable_url": "https://app.example/sorry" },
        "callback_urls": { "completed_url": "https://app.example/hook" },
        "formatting": { "hour_format": "h" }, "event_creation": "default", "selection_mode": "no_confirm",
        "minimum_notice": { "hours": 24 },
    });
    let page = page(&sandbox, &make(&sandbox, &with(wish(&kit), &more)));
    assert!(browse(&sandbox, &page).is(200).body.contains("10:00 AM"));
    let none = decide(&sandbox, &page, &[("start", "none")]).is(303);
    assert!(none.header("location").is_some_and(|url| url.starts_with("https://app.example/sorry?token=")));
    // To the evening before: what is closer than a day is not offered.
    let evening = UNIX_EPOCH + Duration::from_secs(1_930_341_600);
    sandbox.advance(evening.duration_since(sandbox.now()).expect("it is not 2031 yet"));
    assert!(browse(&sandbox, &page).is(200).body.contains("no time that is free"));
    decide(&sandbox, &page, &[("start", TEN)]).refused(409);

    let other = Diary::of(&sandbox, "ada@orchard.example");
    let more = json!({ "redirect_urls": { "completed_url": "https://app.example/thanks" } });
    let link = make(&sandbox, &with(wish(&other), &more));
    let page = self::page(&sandbox, &link);
    assert!(browse(&sandbox, &page).is(200).body.contains(", 10:00<"));
    decide(&sandbox, &page, &[("start", "none")]).is(200);
    let thanks = decide(&sandbox, &page, &[("start", TEN)]).is(303);
    assert!(
        thanks.header("location").is_some_and(|url| url.starts_with("https://app.example/thanks?token="))
    );
}

#[test]
fn what_is_wrong_is_named() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let errors = |body: &Value| {
        let answer = post_json(&sandbox, PATH, sandbox.client_secret(), body).refused(422).json();
        answer["errors"].as_object().expect("a map").keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(errors(&json!({})), ["availability", "event", "oauth"]);
    for (path, value, named) in [
        ("/oauth/redirect_uri", json!("ftp://app.example/"), "oauth.redirect_uri"),
        ("/oauth/redirect_uri", json!(null), "oauth.redirect_uri"),
        ("/event/event_id", json!(null), "event.event_id"),
        ("/event/tzid", json!(null), "event.tzid"),
        ("/event/tzid", json!("Mars/Olympus"), "event.tzid"),
        ("/event/summary", json!(null), "event.summary"),
        ("/event/summary", json!("x".repeat(1025)), "event.summary"),
        ("/availability/required_duration", json!(null), "availability.required_duration"),
        ("/availability/participants", json!(null), "availability.participants"),
        (
            "/availability/participants/0/members/0/sub",
            json!("acc_x"),
            "availability.participants[0].members[0].sub",
        ),
        ("/target_calendars/0/sub", json!("acc_x"), "target_calendars[0].sub"),
        ("/target_calendars/0/calendar_id", json!("cal_x"), "target_calendars[0].calendar_id"),
    ] {
        let mut body = wish(&kit);
        *body.pointer_mut(path).expect("a member") = value;
        assert_eq!(errors(&body), [named], "{path}");
    }
    for (more, named) in [
        (json!({ "event_creation": "single" }), "event_creation"),
        (json!({ "event_creation": "many" }), "event_creation"),
        (json!({ "formatting": { "hour_format": "x" } }), "formatting.hour_format"),
        (json!({ "minimum_notice": { "days": 1 } }), "minimum_notice"),
        (json!({ "redirect_urls": { "completed_url": "x" } }), "redirect_urls.completed_url"),
    ] {
        assert_eq!(errors(&with(wish(&kit), &more)), [named]);
    }
    let mut guests = wish(&kit);
    guests["event"]["attendees"] = json!({ "invite": [{ "email": "sam@postbox.example" }] });
    assert_eq!(errors(&guests), ["event.attendees"]);
    let mut timed = wish(&kit);
    timed["event"]["start"] = json!("nonsense");
    assert!(make(&sandbox, &timed)["event"].get("start").is_none());
}

#[test]
fn pages_are_the_applications_own() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let link = make(&sandbox, &wish(&kit));
    let target = format!("{PATH}/{}", id(&link));
    post_json(&sandbox, PATH, kit.tokens.token(), &wish(&kit)).refused(403);
    post_json(&sandbox, PATH, "nobody", &wish(&kit)).refused(401);
    get(&sandbox, &target, kit.tokens.token()).refused(403);
    get(&sandbox, &format!("{PATH}/sch_x"), sandbox.client_secret()).refused(404);
    get(&sandbox, &format!("{PATH}?token=x"), sandbox.client_secret()).refused(404);
    get(&sandbox, PATH, sandbox.client_secret()).refused(422);
    disable(&sandbox, &json!({ "real_time_scheduling_id": "sch_x" }), "x").refused(404);
    browse(&sandbox, "/rts/x").is(404);
    decide(&sandbox, "/rts/x", &[("start", NINE)]).is(404);

    // Some clients send the credential in the body.
    let credential = json!({ "client_id": sandbox.client_id(), "client_secret": sandbox.client_secret() });
    post_json(&sandbox, PATH, kit.tokens.token(), &with(wish(&kit), &credential)).is(200);
    let wrong = json!({ "client_id": sandbox.client_id(), "client_secret": "CRN_wrong" });
    post_json(&sandbox, PATH, sandbox.client_secret(), &with(wish(&kit), &wrong)).refused(401);
}

#[test]
fn pages_are_bounded_and_gone_after_a_reset() {
    let sandbox = start();
    let kit = kit(&sandbox);
    let first = make(&sandbox, &wish(&kit));
    for _ in 1..200 {
        make(&sandbox, &wish(&kit));
    }
    let errors = post_json(&sandbox, PATH, sandbox.client_secret(), &wish(&kit)).refused(422).json();
    assert_eq!(errors["errors"]["base"][0]["key"], "errors.too_many");
    sandbox.reset();
    get(&sandbox, &format!("{PATH}/{}", id(&first)), sandbox.client_secret()).refused(404);
}
