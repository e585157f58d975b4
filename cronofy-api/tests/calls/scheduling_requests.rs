//! Asking people to pick a time for a meeting with somebody of an organizational unit.

use cronofy_api::SelectionRuleId;
use cronofy_api::core::RefusalKind;
use cronofy_api::core::types::{EmailAddress, Sub};
use cronofy_api::events::{EventDetails, Location};
use cronofy_api::scheduling::{
    CreateSchedulingRequest, CreatedSchedulingRequest, Recipient, SlotSelection, StaffGroup,
};
use cronofy_api::time::Duration;
use serde_json::json;

use crate::support::{answered, body, member, refused, sent, survives, unit};

fn sub(text: &str) -> Sub {
    Sub::new(text).unwrap()
}

fn rui() -> Recipient {
    Recipient::new(EmailAddress::new("rui@guests.example").unwrap())
}

fn lesson() -> EventDetails {
    EventDetails::new("Lesson")
}

fn staff(required: u32) -> StaffGroup {
    StaffGroup::new("Teachers", required, [sub("acc_1"), sub("acc_2")])
}

#[test]
fn create_a_scheduling_request() {
    let url = "POST https://api.cronofy.com/v1/scheduling_requests\nauthorization: Bearer token\n";
    let rest = "\"recipients\":[{\"email\":\"rui@guests.example\"}],\"event\":{\"summary\":\"Lesson\"}}";
    assert_eq!(
        sent(&CreateSchedulingRequest::with_host(&unit(), sub("acc_1"), [rui()], lesson())),
        format!("{url}{{\"host\":{{\"sub\":\"acc_1\"}},{rest}")
    );
    let group = StaffGroup::new("Teachers", 1, [sub("acc_1")]);
    assert_eq!(
        sent(&CreateSchedulingRequest::with_host_group(&unit(), group, [rui()], lesson())),
        format!(
            "{url}{{\"host_group\":{{\"name\":\"Teachers\",\"members\":[{{\"sub\":\"acc_1\"}}],\"required\":1}},{rest}"
        )
    );
    let rule = SelectionRuleId::new("sel_1").unwrap();
    assert_eq!(
        sent(&CreateSchedulingRequest::with_selection_rule(&unit(), rule, [rui()], lesson())),
        format!("{url}{{\"host_group\":{{\"sub\":\"sel_1\"}},{rest}")
    );
    assert_eq!(
        sent(&CreateSchedulingRequest::of_member(&member(), [rui()], lesson())),
        format!("{url}cronofy-impersonate: acc_1\n{{{rest}")
    );
}

#[test]
fn all_that_can_be_asked() {
    let details =
        lesson().description("Bring paper.").location(Location::new().description("Room 2")).locale("en");
    let recipients = [rui().display_name("Rui").slot_selector(true), rui().slot_selector(false)];
    let call = CreateSchedulingRequest::of_member(&member(), recipients, details)
        .collaborators(staff(2))
        .duration(Duration::minutes(30));
    assert_eq!(
        body(&call),
        json!({
            "recipients": [
                { "email": "rui@guests.example", "display_name": "Rui", "slot_selector": true },
                { "email": "rui@guests.example", "slot_selector": false },
            ],
            "collaborator_groups": [
                { "name": "Teachers", "members": [{ "sub": "acc_1" }, { "sub": "acc_2" }], "required": 2 },
            ],
            "event": { "summary": "Lesson", "description": "Bring paper.",
                       "location": { "description": "Room 2" }, "locale": "en", "duration": { "minutes": 30 } },
        })
    );
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    let of_group = |group| CreateSchedulingRequest::with_host_group(&unit(), group, [rui()], lesson());
    let of_member = |recipients: Vec<Recipient>, details| {
        CreateSchedulingRequest::of_member(&member(), recipients, details)
    };
    for (wrong, why) in [
        (of_group(staff(0)), "required is not between 1 and 2"),
        (of_group(staff(3)), "required is not between 1 and 2"),
        (of_group(StaffGroup::new("Nobody", 1, [])), "members is empty"),
        (of_member(vec![], lesson()), "recipients is empty"),
        (of_member(vec![rui()], EventDetails::new("")), "summary is empty"),
        (of_member(vec![rui()], lesson()).collaborators(staff(3)), "required is not between 1 and 2"),
        (
            of_member(vec![rui()], lesson()).duration(Duration::minutes(0)),
            "duration is not between 1 and 2147483647",
        ),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn whatever_is_answered_is_kept() {
    let request = json!({ "scheduling_request": {
        "scheduling_request_id": "srq_1", "slot_selection": "pending",
        "primary_select_url": "https://app.cronofy.com/rts/x", "dashboard_url": "https://app.cronofy.com/y",
        "summary": "Lesson", "buffer": { "before": { "minutes": 20 } },
        "recipient_operations": { "view_url": "https://a.example/v", "decline_url": "https://a.example/d",
                                  "reschedule_url": "https://a.example/r" },
        "recipients": [{ "email": "rui@guests.example", "display_name": "Rui", "slot_selector": true,
                         "select_url": "https://app.cronofy.com/rts/x" }],
        "event": { "summary": "Lesson" },
    } });
    survives::<CreatedSchedulingRequest>(request.clone(), &["slot_selection"]);
    // The older form of the call calls it otherwise.
    let older = json!({ "scheduler_request": { "scheduler_request_id": "srq_1" } });
    survives::<CreatedSchedulingRequest>(older.clone(), &[]);

    let call = || CreateSchedulingRequest::of_member(&member(), [rui()], lesson());
    let made = answered(call(), 200, &request.to_string()).unwrap().scheduling_request.unwrap();
    assert_eq!(made.slot_selection, Some(SlotSelection::Pending));
    let made = answered(call(), 200, &older.to_string()).unwrap();
    assert!(made.scheduling_request.is_none() && !made.extra.is_empty());
    let error = answered(call(), 403, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::Forbidden);
}
