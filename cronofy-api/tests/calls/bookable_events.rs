//! Events that others register for.

use cronofy_api::availability::Period;
use cronofy_api::bookable_events::{
    BookableEvent, BookableEventStatus, CreateBookableEvent, ReadBookableEvent, RegistrationStatus,
    RemoveRegistration, UpsertRegistration,
};
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::time::DateTime;
use cronofy_api::{BookableEventId, RegistrationId};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, api_key, body, refused, sent, survives};

fn event(name: &str) -> BookableEventId {
    BookableEventId::new(name).unwrap()
}

fn seat(name: &str) -> RegistrationId {
    RegistrationId::new(name).unwrap()
}

fn period(start: &str, end: &str) -> Period {
    (start.parse::<DateTime>().unwrap(), end.parse::<DateTime>().unwrap()).into()
}

fn create(name: &str, capacity: u16) -> CreateBookableEvent {
    let morning = period("2031-03-04T09:00:00Z", "2031-03-04T12:00:00Z");
    CreateBookableEvent::new(&api_key(), event(name), morning, capacity)
}

fn register(status: RegistrationStatus) -> UpsertRegistration {
    UpsertRegistration::new(&api_key(), event("first-aid"), seat("seat_1"), status)
}

/// `developers/api/scheduling/bookable-events/read`
fn documented() -> Value {
    json!({
        "bookable_event_id": "first-aid",
        "start": "2031-03-04T09:00:00Z",
        "end": "2031-03-04T12:00:00Z",
        "status": "confirmed",
        "registration": {
            "capacity": 5,
            "registered_count": 1,
            "total_count": 2,
            "registrations": [
                { "registration_id": "seat_1", "status": "accepted", "metadata": { "name": "Rui Pais" } },
                { "registration_id": "seat_2", "status": "pending" }
            ],
            "pages": { "current": 1, "total": 2,
                "next_page": "https://api.cronofy.com/v1/bookable_events/first-aid/registrations/pages/8a0" }
        }
    })
}

#[test]
fn create_bookable_event() {
    assert_eq!(
        sent(&create("first-aid", 5)),
        "POST https://api.cronofy.com/v1/bookable_events\nauthorization: Bearer CRN_secret\n\
         {\"bookable_event_id\":\"first-aid\",\"start\":\"2031-03-04T09:00:00Z\",\"end\":\"2031-03-04T12:00:00Z\",\
         \"status\":\"confirmed\",\"registration\":{\"capacity\":5}}"
    );
    assert_eq!(body(&create("first-aid", 256).cancelled())["status"], "cancelled");
    for capacity in [0, 257] {
        assert_eq!(refused(&create("first-aid", capacity)), "registration.capacity is not between 1 and 256");
    }
    for name in ["a b", "a/b", "a.b", "é!"] {
        let why = "bookable_event_id has other characters than letters, digits, _ and -";
        assert_eq!(refused(&create(name, 5)), why);
    }
    for (parameter, start, end) in [
        ("start", "2031-03-04T09:00:00.5Z", "2031-03-04T12:00:00Z"),
        ("end", "2031-03-04T09:00:00Z", "2031-03-04T12:00:00.5Z"),
    ] {
        let call = CreateBookableEvent::new(&api_key(), event("a"), period(start, end), 1);
        assert_eq!(refused(&call), format!("{parameter} has a fraction of a second, which is refused"));
    }
    // `developers/api/scheduling/bookable-events/create`
    let made = json!({ "bookable_event_id": "first-aid", "start": "2031-03-04T09:00:00Z",
        "end": "2031-03-04T12:00:00Z", "status": "confirmed",
        "registration": { "capacity": 5, "registered_count": 0, "registrations": [] } });
    let made = answered(create("first-aid", 5), 200, &made.to_string()).unwrap();
    assert_eq!(made.status, Some(BookableEventStatus::Confirmed));
    assert_eq!((made.registration.capacity, made.registration.registered_count), (Some(5), Some(0)));
    assert!(made.registration.registrations.is_empty() && made.registration.pages.is_none());
    assert!(answered(create("first-aid", 5), 200, "{}").is_err());
}

#[test]
fn read_bookable_event() {
    let read = ReadBookableEvent::new(&api_key(), event("first aid"));
    assert_eq!(
        sent(&read),
        "GET https://api.cronofy.com/v1/bookable_events/first%20aid\nauthorization: Bearer CRN_secret\n"
    );
    survives::<BookableEvent>(documented(), &["status"]);
    let found = answered(read.clone(), 200, &documented().to_string()).unwrap();
    let [accepted, pending] = &found.registration.registrations[..] else { panic!("{found:?}") };
    assert_eq!(accepted.status, Some(RegistrationStatus::Accepted));
    assert_eq!(accepted.metadata["name"], "Rui Pais");
    assert!(pending.metadata.is_empty());
    assert!(!format!("{found:?}").contains("Rui"), "whoever registers is in no log");
    let unlimited = json!({ "bookable_event_id": "a", "registration": { "capacity": null } });
    let unlimited = answered(read.clone(), 200, &unlimited.to_string()).unwrap();
    assert_eq!((unlimited.registration.capacity, unlimited.start), (None, None));
    let error = answered(read, 404, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::NotFound);
}

#[test]
fn upsert_registration() {
    assert_eq!(
        sent(&register(RegistrationStatus::Accepted)),
        "POST https://api.cronofy.com/v1/bookable_events/first-aid/registrations\n\
         authorization: Bearer CRN_secret\n{\"registration_id\":\"seat_1\",\"status\":\"accepted\"}"
    );
    for (status, text) in [
        (RegistrationStatus::Pending, "pending"),
        (RegistrationStatus::Accepted, "accepted"),
        (RegistrationStatus::Tentative, "tentative"),
        (RegistrationStatus::Declined, "declined"),
        (RegistrationStatus::Removed, "removed"),
    ] {
        assert_eq!(body(&register(status))["status"], text);
    }
    let said = |pairs: usize| {
        let register = register(RegistrationStatus::Pending);
        (0..pairs).fold(register, |register, pair| register.metadata(format!("key {pair}"), "x"))
    };
    assert_eq!(body(&said(10))["metadata"].as_object().unwrap().len(), 10);
    assert_eq!(refused(&said(11)), "metadata has 11 items, and may have no more than 10");
    let odd = UpsertRegistration::new(&api_key(), event("a"), seat("a@example"), RegistrationStatus::Pending);
    assert_eq!(refused(&odd), "registration_id has other characters than letters, digits, _ and -");
    assert_eq!(answered(said(1), 200, &documented().to_string()).unwrap().registration.total_count, Some(2));
}

#[test]
fn remove_registration() {
    let remove = RemoveRegistration::new(&api_key(), event("first-aid"), seat("seat_1"));
    assert_eq!(
        sent(&remove),
        "DELETE https://api.cronofy.com/v1/bookable_events/first-aid/registrations/seat_1\n\
         authorization: Bearer CRN_secret\n"
    );
    // `developers/api/scheduling/bookable-events/registrations/delete`
    let left = json!({ "bookable_event_id": "first-aid", "registration": { "capacity": 5,
        "registered_count": 0, "total_count": 1,
        "registrations": [{ "registration_id": "seat_1", "status": "removed", "metadata": null }] } });
    let left = answered(remove, 200, &left.to_string()).unwrap();
    assert_eq!(left.registration.registrations[0].status, Some(RegistrationStatus::Removed));
    assert!(left.registration.registrations[0].metadata.is_empty());
}

proptest! {
    #[test]
    fn any_metadata_is_sent_as_it_is(pairs in prop::collection::btree_map("\\PC{0,9}", "\\PC{0,9}", 0..10)) {
        let register = register(RegistrationStatus::Tentative);
        let call = pairs.iter().fold(register, |call, (key, value)| call.metadata(key, value));
        let sent: Value = serde_json::from_slice(call.request().unwrap().body().as_bytes()).unwrap();
        prop_assert_eq!(sent.get("metadata").cloned().unwrap_or(json!({})), json!(pairs));
    }
}
