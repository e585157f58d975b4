//! Asking when people have time.

use cronofy_api::availability::{
    Availability, AvailabilityQuery, Buffer, Constraint, FindAvailability, FindSequencedAvailability, Gap,
    Group, Member, SequencedEvent, Sequences, SyncStatus,
};
use cronofy_api::core::types::{CalendarId, Sub, Userinfo};
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::time::{DateTime, Duration};
use cronofy_api::{AvailabilityRuleId, EventId, EventUid, SequenceId, Tzid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, api_key, body, calendar, member, refused, sent, survives, user};

fn sub(text: &str) -> Sub {
    Sub::new(text).unwrap()
}

fn time(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn day() -> (DateTime, DateTime) {
    (time("2031-03-04T08:00:00Z"), time("2031-03-04T17:00:00Z"))
}

fn asking(group: Group) -> AvailabilityQuery {
    AvailabilityQuery::new(group, Duration::minutes(45), [day()])
}

fn least() -> AvailabilityQuery {
    asking(Group::all([sub("acc_1")]))
}

fn find(query: AvailabilityQuery) -> FindAvailability {
    FindAvailability::new(api_key(), query)
}

#[test]
fn find_availability() {
    let body = "{\"participants\":[{\"members\":[{\"sub\":\"acc_1\"}],\"required\":\"all\"}],\
         \"required_duration\":{\"minutes\":45},\
         \"query_periods\":[{\"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}]}";
    assert_eq!(
        sent(&find(least())),
        format!("POST https://api.cronofy.com/v1/availability\nauthorization: Bearer CRN_secret\n{body}")
    );
    assert_eq!(
        sent(&FindAvailability::new(user(), least())),
        format!("POST https://api.cronofy.com/v1/availability\nauthorization: Bearer token\n{body}")
    );
    assert_eq!(
        sent(&FindAvailability::new(member(), least())),
        format!(
            "POST https://api.cronofy.com/v1/availability\nauthorization: Bearer token\n\
             cronofy-impersonate: acc_1\n{body}"
        )
    );
}

#[test]
fn all_that_can_be_asked() {
    let rule = AvailabilityRuleId::new("weekdays").unwrap();
    let ines = Member::new(sub("acc_1"))
        .managed_by([rule])
        .available(day())
        .calendar(calendar())
        .buffer(Buffer::after(Duration::minutes(5)))
        .only_managed_events()
        .ignoring_tentative()
        .constraint(Constraint::per_day(2))
        .constraint(Constraint::per_week(5).in_zone(Tzid::utc()));
    let query = asking(Group::all([ines, Member::new(sub("acc_2")).managed_by([])]))
        .and(Group::at_least(1, [sub("res_1"), sub("res_2")]))
        .in_overlapping_slots()
        .starting_every(Duration::minutes(15))
        .buffer(Buffer::around(Duration::hours(1), Duration::minutes(0)))
        .max_results(3.try_into().unwrap())
        .with_member_statuses()
        .without_event(EventId::new("visit-1").unwrap())
        .without_event_uid(EventUid::new("evt_external_1").unwrap());
    let period = json!({ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T17:00:00Z" });
    assert_eq!(
        body(&find(query)),
        json!({
            "participants": [
                { "required": "all", "members": [
                    { "sub": "acc_1", "managed_availability": true, "availability_rule_ids": ["weekdays"],
                      "available_periods": [period], "calendar_ids": ["cal_a@b_c"],
                      "buffer": { "after": { "minutes": 5 } }, "only_managed_events": true,
                      "ignore_tentative": true, "availability_constraints": [
                        { "limit": 2, "period": "day" }, { "limit": 5, "period": "week", "tzid": "Etc/UTC" }] },
                    { "sub": "acc_2", "managed_availability": true, "availability_rule_ids": [] },
                ] },
                { "required": 1, "members": [{ "sub": "res_1" }, { "sub": "res_2" }] },
            ],
            "required_duration": { "minutes": 45 }, "query_periods": [period],
            "response_format": "overlapping_slots", "start_interval": { "minutes": 15 },
            "buffer": { "before": { "minutes": 60 }, "after": { "minutes": 0 } }, "max_results": 3,
            "include_member_statuses": true,
            "excluded_events": [{ "event_id": "visit-1" }, { "event_uid": "evt_external_1" }],
        })
    );
    let starts = [time("2031-03-04T08:00:00Z"), time("2031-03-04T10:30:00Z")];
    let at =
        AvailabilityQuery::starting_at(Group::all([sub("acc_1")]), Duration::hours(1), starts).in_slots();
    assert_eq!(
        body(&find(at)),
        json!({
            "participants": [{ "required": "all", "members": [{ "sub": "acc_1" }] }],
            "required_duration": { "minutes": 60 }, "response_format": "slots",
            "query_slots": [{ "start": "2031-03-04T08:00:00Z" }, { "start": "2031-03-04T10:30:00Z" }],
        })
    );
}

/// A person with free/busy access.
fn free_busy(syncing: bool) -> Userinfo {
    serde_json::from_value(json!({ "sub": "acc_1", "cronofy.type": "account", "cronofy.data": { "profiles": [
        { "provider_name": "google_free_busy", "profile_id": "pro_1", "profile_initial_sync_required": syncing,
          "profile_calendars": [{ "calendar_id": "cal_a", "calendar_readonly": true }] },
        { "provider_name": "cronofy", "profile_id": "pro_2",
          "profile_calendars": [{ "calendar_id": "cal_b" }, { "calendar_id": "cal_c", "calendar_deleted": true }] },
    ] } }))
    .unwrap()
}

#[test]
fn an_account_is_asked_about_both_its_profiles() {
    let members = |userinfo: &Userinfo| {
        body(&find(asking(Group::all([userinfo]))))["participants"][0]["members"].take()
    };
    assert_eq!(members(&free_busy(false)), json!([{ "sub": "acc_1", "calendar_ids": ["cal_a", "cal_b"] }]));
    assert_eq!(members(&free_busy(true)), json!([{ "sub": "acc_1" }]));
    let with_more =
        Member::for_account(&free_busy(false)).calendar(CalendarId::new("cal_d").unwrap()).managed();
    assert_eq!(
        body(&find(asking(Group::all([with_more]))))["participants"][0]["members"],
        json!([{ "sub": "acc_1", "managed_availability": true, "calendar_ids": ["cal_a", "cal_b", "cal_d"] }])
    );
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    let nobody: [Sub; 0] = [];
    let never: [(DateTime, DateTime); 0] = [];
    let no_start: [DateTime; 0] = [];
    let halves = (time("2031-03-04T08:00:00Z"), time("2031-03-04T08:00:00.5Z"));
    let one = || Group::all([sub("acc_1")]);
    let long = |minutes| AvailabilityQuery::new(one(), Duration::minutes(minutes), [day()]);
    for (wrong, why) in [
        (asking(Group::all(nobody.clone())), "members is empty"),
        (least().and(Group::all(nobody)), "members is empty"),
        (asking(Group::at_least(0, [sub("acc_1")])), "required is not between 1 and 1"),
        (asking(Group::at_least(3, [sub("acc_1"), sub("acc_2")])), "required is not between 1 and 2"),
        (long(0), "required_duration is not between 1 and 2147483647"),
        (long(u32::MAX), "required_duration is not between 1 and 2147483647"),
        (AvailabilityQuery::new(one(), Duration::hours(1), never), "query_periods is empty"),
        (AvailabilityQuery::starting_at(one(), Duration::hours(1), no_start), "query_slots is empty"),
        (
            AvailabilityQuery::new(one(), Duration::hours(1), [day(), halves]),
            "query_periods has a fraction of a second, which is refused",
        ),
        (
            AvailabilityQuery::starting_at(one(), Duration::hours(1), [halves.1]),
            "query_slots has a fraction of a second, which is refused",
        ),
        (
            asking(Group::all([Member::new(sub("acc_1")).available(halves)])),
            "available_periods has a fraction of a second, which is refused",
        ),
        (least().starting_every(Duration::minutes(0)), "start_interval is not between 1 and 2147483647"),
        (
            least().buffer(Buffer::before(Duration::minutes(u32::MAX))),
            "buffer is not between 0 and 2147483647",
        ),
        (
            asking(Group::all(
                [Member::new(sub("acc_1")).buffer(Buffer::after(Duration::minutes(u32::MAX)))],
            )),
            "buffer is not between 0 and 2147483647",
        ),
    ] {
        assert_eq!(refused(&find(wrong)), why);
    }
}

/// `developers/api/scheduling/availability`.
fn documented(list: &str) -> Value {
    let coming = |subs: &[&str]| subs.iter().map(|sub| json!({ "sub": sub })).collect::<Vec<_>>();
    json!({
        list: [
            { "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T09:45:00Z",
              "participants": coming(&["acc_1", "acc_2", "res_1"]) },
            { "start": "2031-03-04T10:00:00Z", "end": "2031-03-04T10:45:00Z",
              "participants": coming(&["acc_2", "res_2"]) },
            { "start": "2031-03-04T11:00:00Z", "end": "2031-03-04T11:45:00Z", "participants": [] },
        ],
        "member_statuses": [
            { "sub": "acc_1", "sync_status": "active" }, { "sub": "acc_2", "sync_status": "disconnected" },
        ],
    })
}

#[test]
fn an_answer_keeps_what_nobody_knows_yet() {
    for list in ["available_periods", "available_slots"] {
        survives::<Availability>(documented(list), &["sync_status"]);
        // The least there is.
        survives::<Availability>(json!({ list: [] }), &[]);
    }
}

#[test]
fn times_are_walked_through() {
    let text = documented("available_slots").to_string();
    let found = answered(find(least().in_slots()), 200, &text).unwrap();
    assert_eq!((found.len(), found.iter().len(), found.is_empty()), (3, 3, false));
    let told: Vec<(String, Vec<&str>)> = found
        .iter()
        .map(|slot| {
            (slot.start().to_string(), slot.participants().map(|coming| coming.sub().as_str()).collect())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("2031-03-04T09:00:00Z".to_owned(), vec!["acc_1", "acc_2", "res_1"]),
            ("2031-03-04T10:00:00Z".to_owned(), vec!["acc_2", "res_2"]),
            ("2031-03-04T11:00:00Z".to_owned(), vec![]),
        ]
    );
    assert_eq!(found.get(1).unwrap().end().to_string(), "2031-03-04T10:45:00Z");
    assert_eq!(found.get(3), None);
    assert_eq!(found.subs(), [sub("acc_1"), sub("acc_2"), sub("res_1"), sub("res_2")]);
    assert_eq!(found.member_statuses[1].sync_status, Some(SyncStatus::Disconnected));
}

#[test]
fn an_answer_without_times_is_not_one_that_nobody_has_time() {
    let slot = r#"{"start":"2031-03-04T09:00:00Z","end":"2031-03-04T09:45:00Z","participants":null}"#;
    let none = answered(find(least()), 200, &format!("{{\"available_slots\":[{slot}]}}")).unwrap();
    assert_eq!(none.get(0).unwrap().participants().len(), 0);
    for broken in [
        "{}".to_owned(),
        r#"{"available_slots":null}"#.to_owned(),
        r#"{"available_slots":{}}"#.to_owned(),
        r#"{"available_slots":[],"available_slots":[]}"#.to_owned(),
        r#"{"available_slots":[],"available_periods":[]}"#.to_owned(),
        r#"{"available_slots":[{"start":"2031-03-04T09:00:00Z"}]}"#.to_owned(),
        r#"{"available_slots":[{"start":"soon","end":"later"}]}"#.to_owned(),
        slot.replace("null", "[{}]"),
        slot.replace("null", r#"[{"sub":"a","sub":"a"}]"#),
        slot.replace("null", r#"[{"sub":""}]"#),
        slot.replace("null", r#"[],"participants":[]"#),
    ] {
        let body =
            if broken.contains("available") { broken } else { format!("{{\"available_slots\":[{broken}]}}") };
        assert!(answered(find(least()), 200, &body).is_err(), "{body}");
    }
}

#[test]
fn refusals_are_told_apart() {
    let body = r#"{"errors":{"participants[0].members[0].sub":[{"key":"errors.not_recognized","description":"x"}]}}"#;
    let error = answered(find(least()), 422, body).unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.fields.of("participants[0].members[0].sub")[0].key, "errors.not_recognized");
    let error = answered(find(least()), 402, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::PaymentRequired);
}

fn talk(name: &str) -> SequencedEvent {
    SequencedEvent::new(SequenceId::new(name).unwrap(), Group::all([sub("acc_1")]), Duration::hours(1))
}

#[test]
fn find_sequenced_availability() {
    assert_eq!(
        sent(&FindSequencedAvailability::new(api_key(), [talk("1")], [day()])),
        "POST https://api.cronofy.com/v1/sequenced_availability\nauthorization: Bearer CRN_secret\n\
         {\"query_periods\":[{\"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}],\
         \"sequence\":[{\"sequence_id\":\"1\",\
         \"participants\":[{\"members\":[{\"sub\":\"acc_1\"}],\"required\":\"all\"}],\
         \"required_duration\":{\"minutes\":60}}]}"
    );
    let gap = Gap::between(Duration::minutes(30), Duration::minutes(60));
    let first = talk("1")
        .ordinal(1)
        .and(Group::at_least(1, [sub("res_1")]))
        .starting_every(Duration::minutes(30))
        .buffer(Buffer::around(Gap::at_least(Duration::minutes(5)), gap))
        .within(day());
    let second = talk("2").ordinal(2).buffer(Buffer::before(Gap::at_most(Duration::minutes(90))));
    let sequence = body(&FindSequencedAvailability::new(user(), [first, second], [day()]))["sequence"].take();
    assert_eq!(
        sequence,
        json!([
            { "sequence_id": "1", "ordinal": 1, "required_duration": { "minutes": 60 },
              "participants": [{ "required": "all", "members": [{ "sub": "acc_1" }] },
                               { "required": 1, "members": [{ "sub": "res_1" }] }],
              "start_interval": { "minutes": 30 },
              "buffer": { "before": { "minimum": { "minutes": 5 } },
                          "after": { "minimum": { "minutes": 30 }, "maximum": { "minutes": 60 } } },
              "query_periods": [{ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T17:00:00Z" }] },
            { "sequence_id": "2", "ordinal": 2, "required_duration": { "minutes": 60 },
              "participants": [{ "required": "all", "members": [{ "sub": "acc_1" }] }],
              "buffer": { "before": { "maximum": { "minutes": 90 } } } },
        ])
    );
}

#[test]
fn limits_of_a_sequence_are_kept_too() {
    let never: [(DateTime, DateTime); 0] = [];
    let name = || SequenceId::new("1").unwrap();
    let halves = (time("2031-03-04T08:00:00Z"), time("2031-03-04T08:00:00.5Z"));
    let short = SequencedEvent::new(name(), Group::all([sub("acc_1")]), Duration::minutes(0));
    let far = talk("1").buffer(Buffer::after(Gap::at_most(Duration::minutes(u32::MAX))));
    for (wrong, why) in [
        (FindSequencedAvailability::new(user(), [], [day()]), "sequence is empty"),
        (FindSequencedAvailability::new(user(), [talk("1")], never), "query_periods is empty"),
        (
            FindSequencedAvailability::new(user(), [short], [day()]),
            "required_duration is not between 1 and 2147483647",
        ),
        (FindSequencedAvailability::new(user(), [far], [day()]), "buffer is not between 0 and 2147483647"),
        (
            FindSequencedAvailability::new(user(), [talk("1").within(halves)], [day()]),
            "query_periods has a fraction of a second, which is refused",
        ),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn sequences_keep_what_nobody_knows_yet() {
    let time = json!({ "sequence_id": "1", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T10:00:00Z",
        "participants": [{ "sub": "acc_1" }] });
    let answer = json!({ "sequences": [{ "sequence": [time, time] }] });
    survives::<Sequences>(answer.clone(), &[]);
    let call = FindSequencedAvailability::new(user(), [talk("1")], [day()]);
    let found = answered(call.clone(), 200, &answer.to_string()).unwrap();
    assert_eq!(found.sequences[0].sequence[1].sequence_id.as_str(), "1");
    assert!(answered(call, 200, "{}").is_err());
}

prop_compose! {
    fn slot()(
        minute in 0..60,
        coming in prop::collection::vec(("acc_[0-9]", any::<Option<bool>>()), 0..5),
        extra in prop::option::of("[a-z]{1,5}x"),
    ) -> Value {
        let coming = coming.into_iter().map(|(sub, known)| match known {
            Some(known) => json!({ "sub": sub, "known": known }),
            None => json!({ "sub": sub }),
        });
        let time = format!("2031-03-04T09:{minute:02}:00Z");
        let mut slot = json!({ "start": time, "end": time, "participants": coming.collect::<Vec<_>>() });
        if let Some(name) = extra {
            slot[name] = json!({ "é": null });
        }
        slot
    }
}

proptest! {
    /// Whatever was found, it is written as it was read, and each time has the people that it came with.
    #[test]
    fn any_answer_is_written_as_it_was_read(slots in prop::collection::vec(slot(), 0..20)) {
        let answer = json!({ "available_slots": slots });
        let read: Availability = serde_json::from_str(&answer.to_string()).unwrap();
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), answer);
        for (slot, available) in slots.iter().zip(&read) {
            let coming: Vec<&str> = available.participants().map(|coming| coming.sub().as_str()).collect();
            let came: Vec<&str> =
                slot["participants"].as_array().unwrap().iter().map(|coming| coming["sub"].as_str().unwrap()).collect();
            prop_assert_eq!(coming, came);
        }
    }

    /// A question that is sent is one that the server can read; one that is not says why.
    #[test]
    fn any_question_is_sent_whole_or_not_at_all(
        minutes in 0..200_u32,
        sizes in prop::collection::vec((0..3_usize, any::<Option<u8>>()), 1..4),
        periods in 0..3_usize,
    ) {
        let group = |(size, least): (usize, Option<u8>)| {
            let members = (0..size).map(|member| sub(&format!("acc_{member}")));
            match least {
                Some(least) => Group::at_least(u32::from(least), members),
                None => Group::all(members),
            }
        };
        let mut groups = sizes.iter().copied().map(group);
        let first = groups.next().unwrap();
        let query = AvailabilityQuery::new(first, Duration::minutes(minutes), vec![day(); periods]);
        let query = groups.fold(query, AvailabilityQuery::and);
        let kept = minutes > 0 && periods > 0 && sizes.iter().all(|(size, least)| {
            *size > 0 && least.is_none_or(|least| (1..=*size).contains(&usize::from(least)))
        });
        prop_assert_eq!(find(query.clone()).request().is_ok(), kept);
        if kept {
            let body = body(&find(query));
            prop_assert_eq!(body["participants"].as_array().unwrap().len(), sizes.len());
            prop_assert_eq!(body["query_periods"].as_array().unwrap().len(), periods);
        }
    }
}
