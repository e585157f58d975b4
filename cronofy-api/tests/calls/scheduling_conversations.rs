//! Conversations in which people agree on a time.

use cronofy_api::core::types::{EmailAddress, Sub};
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::events::Location;
use cronofy_api::scheduling::{
    Action, CreateSchedulingConversation, FindSchedulingConversation, FoundConversation, ListSlots,
    Participant, ParticipantStatus, ReadSchedulingConversation, SchedulingConversation, SelectSlot,
    SelectionMethod, Slots,
};
use cronofy_api::time::{DateTime, Duration};
use cronofy_api::{ParticipantId, SchedulingConversationId, SlotId, Tzid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, member, refused, sent, survives, user};

fn day() -> (DateTime, DateTime) {
    ("2031-03-04T08:00:00Z".parse().unwrap(), "2031-03-04T17:00:00Z".parse().unwrap())
}

fn karl() -> Participant {
    Participant::named(ParticipantId::new("@karl").unwrap())
}

fn create(people: impl IntoIterator<Item = Participant>) -> CreateSchedulingConversation {
    CreateSchedulingConversation::new(user(), people, Duration::hours(1), [day()])
}

fn conversation() -> SchedulingConversationId {
    SchedulingConversationId::new("scv_1/2").unwrap()
}

fn at(url: &str) -> Action {
    serde_json::from_value(json!({ "url": url })).unwrap()
}

#[test]
fn create_a_conversation() {
    assert_eq!(
        sent(&create([karl()])),
        "POST https://api.cronofy.com/v1/scheduling_conversations\nauthorization: Bearer token\n\
         {\"participants\":[{\"participant_id\":\"@karl\"}],\"required_duration\":{\"minutes\":60},\
         \"available_periods\":[{\"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}]}"
    );
    let grace = Participant::with_email(EmailAddress::new("grace@orchard.example").unwrap())
        .account(Sub::new("acc_1").unwrap())
        .common_name("Grace")
        .managed()
        .selecting(SelectionMethod::Auto);
    let other = Participant::with_account(Sub::new("acc_2").unwrap())
        .email(EmailAddress::new("karl@orchard.example").unwrap())
        .selecting(SelectionMethod::Manual);
    let call = create([grace, other])
        .tzid("Europe/Lisbon".parse::<Tzid>().unwrap())
        .subject("Review")
        .location(Location::new().description("Room 2"));
    assert_eq!(
        body(&call),
        json!({
            "participants": [
                { "sub": "acc_1", "email": "grace@orchard.example", "common_name": "Grace",
                  "managed_availability": true, "slots": { "selection_method": "auto" } },
                { "sub": "acc_2", "email": "karl@orchard.example", "slots": { "selection_method": "manual" } },
            ],
            "tzid": "Europe/Lisbon", "subject": "Review", "event": { "location": { "description": "Room 2" } },
            "required_duration": { "minutes": 60 },
            "available_periods": [{ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T17:00:00Z" }],
        })
    );
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    let asking = |minutes, periods: Vec<(DateTime, DateTime)>| {
        CreateSchedulingConversation::new(user(), [karl()], Duration::minutes(minutes), periods)
    };
    let halves = (day().0, "2031-03-04T08:00:00.5Z".parse().unwrap());
    for (wrong, why) in [
        (create([]), "participants is empty"),
        (create([karl(), karl(), karl()]), "participants has 3 items, and may have no more than 2"),
        (asking(0, vec![day()]), "required_duration is not between 1 and 2147483647"),
        (asking(60, vec![]), "available_periods is empty"),
        (asking(60, vec![halves]), "available_periods has a fraction of a second, which is refused"),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn read_and_find_a_conversation() {
    assert_eq!(
        sent(&ReadSchedulingConversation::new(user(), conversation())),
        "GET https://api.cronofy.com/v1/scheduling_conversations/scv_1%2F2\nauthorization: Bearer token\n"
    );
    assert_eq!(
        sent(&FindSchedulingConversation::new(user(), "hag&1".parse().unwrap())),
        "GET https://api.cronofy.com/v1/scheduling_conversations?token=hag%261\nauthorization: Bearer token\n"
    );
}

#[test]
fn slots_are_listed_and_selected_where_cronofy_says() {
    let slots = |end| format!("https://api.cronofy.com/v1/scheduling_conversations/scv_1/{end}");
    assert_eq!(
        sent(&ListSlots::new(member(), at(&slots("slots?p=1")))),
        "GET https://api.cronofy.com/v1/scheduling_conversations/scv_1/slots?p=1\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n"
    );
    assert_eq!(
        sent(&SelectSlot::new(user(), at(&slots("select")), SlotId::new("slt_1").unwrap())),
        "POST https://api.cronofy.com/v1/scheduling_conversations/scv_1/select\nauthorization: Bearer token\n\
         {\"selected_slots\":[{\"slot_id\":\"slt_1\"}]}"
    );
    assert!(ListSlots::new(user(), at("HTTPS://API.cronofy.com/v1/x")).request().is_ok());
}

#[test]
fn no_credential_goes_to_another_server() {
    let why = "the page is on another server than the credentials are for";
    for url in [
        "",
        "/v1/slots",
        "https://api.cronofy.com",
        "https://api.cronofy.com.evil.example/v1/slots",
        "https://api.cronofy.com@evil.example/v1/slots",
        "https://api.cronofy.com:8443/v1/slots",
        "http://api.cronofy.com/v1/slots",
        "https://api-de.cronofy.com/v1/slots",
        "https://äpi.cronofy.com/v1/slots",
    ] {
        assert_eq!(refused(&ListSlots::new(user(), at(url))), why, "{url}");
        assert_eq!(refused(&SelectSlot::new(user(), at(url), SlotId::new("slt_1").unwrap())), why, "{url}");
    }
}

proptest! {
    /// Whatever follows the name of Cronofy's server, the credential goes there or nowhere.
    #[test]
    fn whatever_url_comes_the_credential_goes_to_cronofy(rest in "[!-~é]{0,40}") {
        let list = ListSlots::new(user(), at(&format!("https://api.cronofy.com{rest}")));
        if let Ok(request) = list.request() {
            prop_assert_eq!(request.uri().host(), Some("api.cronofy.com"));
            prop_assert_eq!(request.uri().authority().unwrap().as_str(), "api.cronofy.com");
        }
    }
}

fn slot() -> Value {
    json!({ "slot_id": "slt_1", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T10:00:00Z" })
}

/// `developers/api-alpha/scheduling-conversations/read` and `select-slots`.
fn documented() -> Value {
    json!({
        "scheduling_conversation_id": "scv_1",
        "participants": [
            { "participant_id": "@grace", "sub": "acc_1", "email": "grace@orchard.example",
              "common_name": "Grace", "slots": { "selection_method": "auto", "selected": [slot()] },
              "status": "waiting", "possible_actions": {} },
            { "participant_id": "@karl", "status": "needs_action", "possible_actions": {
                "slots_list": { "url": "https://api.cronofy.com/v1/a" },
                "slots_select": { "url": "https://api.cronofy.com/v1/b" } } },
        ],
        "tzid": "America/Chicago", "subject": "Review", "required_duration": { "minutes": 60 },
        "available_periods": [{ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T17:00:00Z" }],
        "status": "in_progress",
        "chosen_slot": { "available_slot_id": "slt_1", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T10:00:00Z" },
    })
}

#[test]
fn answers_keep_what_nobody_knows_yet() {
    let mut conversation = documented();
    // Durations are no objects to grow.
    conversation.as_object_mut().unwrap().remove("required_duration");
    survives::<SchedulingConversation>(conversation.clone(), &["status", "selection_method"]);
    survives::<SchedulingConversation>(json!({}), &[]);
    survives::<Slots>(json!({ "slots": [slot(), slot()] }), &[]);
    let found =
        json!({ "participant": { "participant_id": "@karl" }, "scheduling_conversation": conversation });
    survives::<FoundConversation>(found, &["status", "selection_method"]);
}

#[test]
fn a_conversation_comes_alone_or_inside_of_another_object() {
    let read = || ReadSchedulingConversation::new(user(), conversation());
    let alone = answered(read(), 200, &documented().to_string()).unwrap();
    let wrapped = json!({ "scheduling_conversation": documented() }).to_string();
    assert_eq!(answered(read(), 200, &wrapped).unwrap(), alone);
    assert_eq!(alone.participants[1].status, Some(ParticipantStatus::NeedsAction));
    let actions = alone.participants[1].possible_actions.clone().unwrap();
    assert!(sent(&ListSlots::new(user(), actions.slots_list.unwrap())).contains("/v1/a\n"));

    let made = r#"{"scheduling_conversation":{"scheduling_conversation_id":"abcd1234"}}"#;
    let made = answered(create([karl()]), 200, made).unwrap();
    assert_eq!(made.scheduling_conversation_id.unwrap().as_str(), "abcd1234");
    let select = SelectSlot::new(user(), at("x"), SlotId::new("slt_1").unwrap());
    assert_eq!(answered(select, 200, &documented().to_string()).unwrap(), alone);
    let slots = answered(ListSlots::new(user(), at("x")), 200, r#"{"slots":[]}"#).unwrap();
    assert!(slots.slots.is_empty());
    let found = FindSchedulingConversation::new(user(), "t".parse().unwrap());
    let text =
        json!({ "participant": { "participant_id": "@karl" }, "scheduling_conversation": {} }).to_string();
    assert_eq!(
        answered(found, 200, &text).unwrap().participant.unwrap().participant_id.unwrap().as_str(),
        "@karl"
    );

    assert!(answered(read(), 200, "[]").is_err());
    assert!(answered(ListSlots::new(user(), at("x")), 200, "{}").is_err());
    let unknown = answered(read(), 404, "").unwrap_err();
    assert_eq!(unknown.refusal().unwrap().kind(), RefusalKind::NotFound);
}
