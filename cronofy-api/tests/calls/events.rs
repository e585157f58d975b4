//! Reading, writing and deleting events.

use cronofy_api::core::{Endpoint, NextPage, Paged, RefusalKind};
use cronofy_api::events::{
    Conferencing, DeleteEvent, Event, EventDetails, EventRef, EventsPageRef, ExtendedTransparency, Frequency,
    Invitee, Location, ParticipationStatus, ReadEvents, Recurrence, Transparency, UpsertEvent,
};
use cronofy_api::time::{Date, DateTime, EventTime, Weekday};
use cronofy_api::{AttachmentId, EventId, Raw, Tzid};
use cronofy_types::{CalendarId, EmailAddress};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, calendar, member, refused, sent, survives, user};

fn lisbon() -> Tzid {
    "Europe/Lisbon".parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn time(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn id(text: &str) -> EventId {
    EventId::new(text).unwrap()
}

#[test]
fn read_events() {
    assert_eq!(
        sent(&ReadEvents::new(user(), lisbon())),
        "GET https://api.cronofy.com/v1/events?tzid=Europe%2FLisbon\nauthorization: Bearer token\n"
    );
    let all = ReadEvents::new(member(), lisbon())
        .from(date("2031-03-03"))
        .to(time("2031-03-10T00:00:00Z"))
        .calendar(calendar())
        .calendar(CalendarId::new("cal_2").unwrap())
        .modified_since(time("2031-01-01T00:00:00Z"))
        .including_deleted()
        .including_deleted()
        .including_moved()
        .including_managed()
        .only_managed()
        .localized()
        .with_geographic_locations()
        .with_google_event_ids();
    assert_eq!(
        sent(&all),
        "GET https://api.cronofy.com/v1/events?tzid=Europe%2FLisbon&from=2031-03-03&to=2031-03-10T00%3A00%3A00Z\
         &calendar_ids%5B%5D=cal_a%40b_c&calendar_ids%5B%5D=cal_2&last_modified=2031-01-01T00%3A00%3A00Z\
         &include_deleted=true&include_moved=true&include_managed=true&only_managed=true&localized_times=true\
         &include_geo=true&google_event_ids=true\n\
         authorization: Bearer token\ncronofy-impersonate: acc_1\n"
    );
    // A page has all of the query in it, and is asked for by the same credential.
    let second = all.at(NextPage::new("https://api.cronofy.com/v1/events/pages/5fe1b09c77d2"));
    assert_eq!(
        sent(&second),
        "GET https://api.cronofy.com/v1/events/pages/5fe1b09c77d2\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n"
    );
    let foreign = second.at(NextPage::new("https://api-de.cronofy.com/v1/events/pages/5fe1b09c77d2"));
    assert_eq!(refused(&foreign), "the page is on another server than the credentials are for");
}

/// `developers/api/events/read-events`, and the rest of what may come.
fn documented() -> Value {
    json!({
        "calendar_id": "cal_1", "event_uid": "evt_external_1", "event_id": "mine", "google_event_id": "g",
        "summary": "Team offsite", "description": "", "start": "2031-03-06", "end": "2031-03-08",
        "deleted": true, "created": "0000-12-29T00:00:00Z", "updated": "2031-01-12T09:24:16Z",
        "location": { "description": "Sintra", "lat": "38.7223", "long": "-9.1393" },
        "participation_status": "accepted",
        "attendees": [{ "email": "rui@orchard.example", "display_name": "Rui Pais", "status": "needs_action" }],
        "organizer": { "email": "ines@harbourdental.example", "display_name": "Ines Okafor" },
        "transparency": "opaque", "extended_transparency": "working_elsewhere", "status": "confirmed",
        "categories": ["Work"], "recurring": true, "series_identifier": "s", "event_private": true,
        "options": { "delete": true, "update": true, "change_participation_status": true },
        "meeting_url": "https://meet.example/1",
        "conferencing": { "provider_name": "zoom", "join_url": "https://zoom.example/1", "pending": true },
    })
}

const OPEN: [&str; 4] = ["participation_status", "transparency", "extended_transparency", "status"];

#[test]
fn an_event_keeps_what_nobody_knows_yet() {
    survives::<Event>(documented(), &OPEN);
    let text = documented().to_string();
    let borrowed: EventRef<'_> = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(borrowed).unwrap(), documented());
}

#[test]
fn little_and_odd_events_spoil_nothing() {
    let page = r#"{"pages":null,"x":1,"events":[
        {"calendar_id":"c","event_uid":"1","summary":null,"attendees":null,"deleted":null,"location":null},
        {"calendar_id":"c","event_uid":"2","start":"soon","end":{"time":5,"tzid":"Etc/UTC"},"summary":7,
         "created":"long ago","updated":null,"status":["?"],"event_id":""}]}"#;
    let page = answered(ReadEvents::new(user(), lisbon()), 200, page).unwrap();
    assert_eq!(page.extra["x"], 1);
    assert_eq!(page.next_page(), Ok(None));
    let [little, odd] = &page.items[..] else { panic!("{page:?}") };
    assert!(little.extra.is_empty() && little.attendees.is_empty() && !little.deleted);
    assert_eq!((&odd.start, &odd.end, &odd.summary, &odd.created), (&None, &None, &None, &None));
    assert_eq!(
        Value::Object((*odd.extra).clone()),
        json!({ "start": "soon", "end": { "time": 5, "tzid": "Etc/UTC" }, "summary": 7,
            "created": "long ago", "status": ["?"] })
    );
    for broken in ["{}", "[]", r#"{"events":[{"calendar_id":"c"}]}"#, r#"{"events":[],"events":[]}"#] {
        assert!(answered(ReadEvents::new(user(), lisbon()), 200, broken).is_err(), "{broken}");
    }
}

#[test]
fn a_page_that_is_gone_and_a_plan_that_is_too_small() {
    for (status, kind) in [(404, RefusalKind::NotFound), (402, RefusalKind::PaymentRequired)] {
        let error = answered(ReadEvents::new(user(), lisbon()), status, "").unwrap_err();
        assert_eq!(error.refusal().unwrap().kind(), kind);
    }
    let body =
        r#"{"errors":{"tzid":[{"key":"errors.tzid_unrecognized","description":"TZID not recognized"}]}}"#;
    let error = answered(ReadEvents::new(user(), lisbon()), 422, body).unwrap_err();
    assert_eq!(error.refusal().unwrap().fields.of("tzid")[0].key, "errors.tzid_unrecognized");
}

#[test]
fn the_borrowed_page_is_read_from_the_raw_answer() {
    let text = json!({
        "pages": { "current": 1, "total": 2, "next_page": "https://api.cronofy.com/v1/events/pages/2" },
        "events": [documented()],
    })
    .to_string();
    let bytes = answered(Raw(ReadEvents::new(user(), lisbon())), 200, &text).unwrap();
    let page = EventsPageRef::parse(&bytes).unwrap();
    assert_eq!(page.events[0].summary.as_deref(), Some("Team offsite"));
    assert_eq!(page.next_page().unwrap().as_str(), "https://api.cronofy.com/v1/events/pages/2");
    assert!(answered(Raw(ReadEvents::new(user(), lisbon())), 500, &text).is_err());
}

#[test]
fn upsert_event() {
    let span = (
        EventTime::in_zone(time("2031-03-04T09:00:00Z"), lisbon()),
        EventTime::in_zone(time("2031-03-04T09:40:00Z"), lisbon()),
    );
    let least = UpsertEvent::new(user(), calendar(), id("visit-20931"), span, EventDetails::new("Check-up"));
    assert_eq!(
        sent(&least),
        "POST https://api.cronofy.com/v1/calendars/cal_a%40b_c/events\nauthorization: Bearer token\n\
         {\"event_id\":\"visit-20931\",\"start\":{\"time\":\"2031-03-04T09:00:00Z\",\"tzid\":\"Europe/Lisbon\"},\
         \"end\":{\"time\":\"2031-03-04T09:40:00Z\",\"tzid\":\"Europe/Lisbon\"},\"summary\":\"Check-up\"}"
    );
    let rui = || EmailAddress::new("rui@orchard.example").unwrap();
    let most = EventDetails::new("Dental check-up")
        .description("First visit.")
        .tzid(lisbon())
        .location(Location::new().description("Room 2").at("38.7223", "-9.1393"))
        .url("https://orchard.example/")
        .reminder(60)
        .reminder(1440)
        .reminders_create_only()
        .transparency(Transparency::Opaque)
        .extended_transparency(ExtendedTransparency::OutOfOffice)
        .invite(Invitee::new(rui()).display_name("Rui Pais"))
        .uninvite(Invitee::new(rui()))
        .color("#49BED8")
        .private(true)
        .conferencing(Conferencing::explicit("Phone", "tel:1"))
        .when_conferencing_assigned("https://hooks.example/")
        .attachment(AttachmentId::new("att_1").unwrap())
        .recurrence(Recurrence::weekly_on([Weekday::Monday]).count(3.try_into().unwrap()))
        .locale("pt");
    let days = (date("2031-03-04"), date("2031-03-05"));
    let most = UpsertEvent::new(member(), calendar(), id("visit-20931"), days, most).with_userinfo();
    assert_eq!(
        body(&most),
        json!({
            "event_id": "visit-20931", "summary": "Dental check-up", "description": "First visit.",
            "start": "2031-03-04", "end": "2031-03-05", "tzid": "Europe/Lisbon",
            "location": { "description": "Room 2", "lat": "38.7223", "long": "-9.1393" },
            "url": "https://orchard.example/", "reminders": [{ "minutes": 60 }, { "minutes": 1440 }],
            "reminders_create_only": true, "transparency": "opaque", "extended_transparency": "out_of_office",
            "attendees": {
                "invite": [{ "email": "rui@orchard.example", "display_name": "Rui Pais" }],
                "remove": [{ "email": "rui@orchard.example" }],
            },
            "color": "#49BED8", "event_private": true,
            "conferencing": { "profile_id": "explicit", "provider_description": "Phone", "join_url": "tel:1" },
            "subscriptions": [{ "type": "webhook", "uri": "https://hooks.example/",
                "interactions": [{ "type": "conferencing_assigned" }] }],
            "attachments": [{ "attachment_id": "att_1" }],
            "recurrence": { "rules": [{ "frequency": "weekly", "by_day": ["monday"], "count": 3 }] },
            "locale": "pt", "include_userinfo": true,
        })
    );
}

fn details(details: EventDetails) -> UpsertEvent {
    UpsertEvent::new(user(), calendar(), id("1"), (date("2031-03-04"), date("2031-03-05")), details)
}

#[test]
fn what_is_taken_away_is_said() {
    let none = EventDetails::new("x").without_url().without_reminders().without_subscriptions();
    let none = none.conferencing(Conferencing::none()).recurrence(Recurrence::none());
    assert_eq!(
        body(&details(none)),
        json!({ "event_id": "1", "start": "2031-03-04", "end": "2031-03-05", "summary": "x", "url": null,
            "reminders": [], "subscriptions": [], "conferencing": { "profile_id": "none" },
            "recurrence": { "rules": [] } })
    );
    let until =
        Recurrence::every(Frequency::Monthly).interval(2.try_into().unwrap()).until(date("2032-01-01"));
    assert_eq!(
        body(&details(EventDetails::new("x").recurrence(until)))["recurrence"],
        json!({ "rules": [{ "frequency": "monthly", "interval": 2, "until": "2032-01-01" }] })
    );
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    let fits = EventDetails::new("é".repeat(1024)).description("é".repeat(4096)).color("#c6040f");
    assert!(details((0..5).fold(fits, EventDetails::reminder)).request().is_ok());
    for (wrong, why) in [
        (EventDetails::new(""), "summary is empty"),
        (
            EventDetails::new("é".repeat(1025)),
            "summary is 1025 characters long, and may be no longer than 1024",
        ),
        (
            EventDetails::new("x").description("é".repeat(4097)),
            "description is 4097 characters long, and may be no longer than 4096",
        ),
        (
            (0..6).fold(EventDetails::new("x"), EventDetails::reminder),
            "reminders has 6 items, and may have no more than 5",
        ),
        (EventDetails::new("x").color("red"), "color is no color such as #49BED8"),
    ] {
        assert_eq!(refused(&details(wrong)), why);
    }
    let halves = (time("2031-03-04T09:00:00Z"), time("2031-03-04T09:00:00.5Z"));
    let upsert = UpsertEvent::new(user(), calendar(), id("1"), halves, EventDetails::new("x"));
    assert_eq!(refused(&upsert), "end has a fraction of a second, which is refused");
}

#[test]
fn the_answer_to_a_write_is_nothing_or_userinfo() {
    let call = || details(EventDetails::new("x"));
    assert_eq!(answered(call(), 202, "").unwrap(), None);
    assert_eq!(answered(call(), 202, " {}").unwrap(), None);
    let userinfo = r#"{"userinfo":{"sub":"acc_1","cronofy.type":"account"}}"#;
    assert_eq!(answered(call(), 202, userinfo).unwrap().unwrap().sub.as_str(), "acc_1");
    assert!(answered(call(), 202, "<html>").is_err());
    let locked = answered(call(), 423, "").unwrap_err();
    assert_eq!(locked.refusal().unwrap().kind(), RefusalKind::AccountLocked);
}

#[test]
fn delete_event() {
    assert_eq!(
        sent(&DeleteEvent::new(user(), calendar(), id("1"))),
        "DELETE https://api.cronofy.com/v1/calendars/cal_a%40b_c/events\nauthorization: Bearer token\n\
         {\"event_id\":\"1\"}"
    );
    let with_userinfo = DeleteEvent::new(user(), calendar(), id("1")).with_userinfo();
    assert_eq!(body(&with_userinfo), json!({ "event_id": "1", "include_userinfo": true }));
    assert_eq!(answered(with_userinfo, 202, "").unwrap(), None);
}

#[test]
fn a_value_that_cronofy_calls_unknown_is_known() {
    assert_eq!(ParticipationStatus::from("unknown"), ParticipationStatus::Uncertain);
}

proptest! {
    /// Whatever an event is made of, it is read, and written as it was; and the borrowed form reads the same.
    #[test]
    fn any_event_is_written_as_it_was_read(
        members in proptest::sample::subsequence(documented().as_object().unwrap().clone().into_iter().collect::<Vec<_>>(), 0..=25),
        names in prop::collection::vec("[a-z_]{1,12}", 0..4),
        text in "\\PC{0,20}",
    ) {
        let known = documented();
        let mut event: serde_json::Map<String, Value> = members.into_iter().collect();
        for name in names {
            if known.get(&name).is_none() {
                event.insert(name, json!({ "text": text }));
            }
        }
        event.insert("calendar_id".to_owned(), json!("c"));
        event.insert("event_uid".to_owned(), json!("e"));
        let event = Value::Object(event);
        let read: Event = serde_json::from_value(event.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), event.clone());
        let text = event.to_string();
        let borrowed: EventRef<'_> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_value(borrowed).unwrap(), event);
    }
}
