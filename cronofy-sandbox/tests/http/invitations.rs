//! Events for people in free/busy mode: mailed, answered, and from then on in two calendars.

use std::time::Duration;

use cronofy_sandbox::{InvitationAnswer, InvitationState, InvitationUnanswerable, Sandbox};
use serde_json::{Value, json};

use crate::events::{Diary, rows, visit, with, writable};
use crate::support::*;

const ADA: &str = "ada@orchard.example";

/// Ada, who lets the application see when she is busy.
pub(crate) fn free_busy(sandbox: &Sandbox) -> Diary {
    let tokens = connect(sandbox, INDIVIDUAL, ADA, &[("scope", "free_busy_write")]);
    let calendar = writable(sandbox, tokens.token());
    Diary { tokens, calendar }
}

/// An event tomorrow, at three in the morning: nobody in the sandbox has anything then.
fn booking(sandbox: &Sandbox) -> Value {
    let day = tomorrow(sandbox);
    with(visit("v-1"), &json!({ "start": format!("{day}T03:00:00Z"), "end": format!("{day}T04:00:00Z") }))
}

fn tomorrow(sandbox: &Sandbox) -> String {
    let seconds = sandbox.now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).expect("in range") + 86_400);
    time.expect("a time").strftime("%Y-%m-%d").to_string()
}

fn busy_at(sandbox: &Sandbox, diary: &Diary, query: &str, start: &str) -> Vec<Value> {
    let path = format!("/v1/free_busy?tzid=Etc/UTC{query}");
    let found = rows(sandbox, &path, diary.tokens.token(), "free_busy");
    found.into_iter().filter(|row| row["start"] == start).collect()
}

fn only(sandbox: &Sandbox) -> Value {
    let invitations = control(sandbox, "GET", "/_sandbox/invitations", &json!({})).is(200).json();
    assert_eq!(invitations["invitations"].as_array().map(Vec::len), Some(1), "{invitations}");
    invitations["invitations"][0].clone()
}

#[track_caller]
pub(crate) fn answer(sandbox: &Sandbox, word: &str) -> Value {
    let id = only(sandbox)["id"].as_str().expect("an identifier").to_owned();
    let path = format!("/_sandbox/invitations/{id}");
    control(sandbox, "POST", &path, &json!({ "answer": word })).is(200).json()
}

#[test]
fn what_is_written_is_mailed_and_seen_by_the_application_alone() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    let booking = booking(&sandbox);
    let start = booking["start"].as_str().expect("a time");
    diary.write(&sandbox, &booking).is(202);
    let invitation = only(&sandbox);
    assert_eq!(invitation["email"], ADA);
    assert_eq!((&invitation["state"], &invitation["event_id"]), (&json!("needs_action"), &json!("v-1")));
    assert_eq!(invitation["mails"][0]["kind"], "invitation");
    assert_eq!(invitation["mails"][0]["summary"], "Check-up");
    assert_eq!(
        busy_at(&sandbox, &diary, "", start),
        [] as [Value; 0],
        "without include_managed it is invisible"
    );
    let with_managed = busy_at(&sandbox, &diary, "&include_managed=true&include_ids=true", start);
    assert_eq!(with_managed.len(), 1);
    assert_eq!(with_managed[0]["calendar_id"], *diary.calendar);
    assert_eq!(with_managed[0]["event_id"], "v-1");
    get(&sandbox, "/v1/events?tzid=Etc/UTC", diary.tokens.token()).refused(403);
    diary.write(&sandbox, &booking).is(202);
    assert_eq!(only(&sandbox), invitation, "the same again is not mailed again");
}

#[test]
fn an_accepted_event_is_in_the_persons_own_calendar_too() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    let booking = booking(&sandbox);
    let start = booking["start"].as_str().expect("a time");
    diary.write(&sandbox, &booking).is(202);
    let accepted = answer(&sandbox, "accept");
    assert_eq!(accepted["state"], "accepted");
    let busy = busy_at(&sandbox, &diary, "&include_ids=true", start);
    assert_eq!((busy.len(), &busy[0]["event_uid"]), (1, &accepted["copy_event_uid"]));
    assert!(busy[0].get("event_id").is_none(), "nobody's application wrote it there");
    assert_eq!(busy_at(&sandbox, &diary, "&include_managed=true", start).len(), 2, "in two calendars");
    // Another text follows at once; another time asks again, and the copy stands there.
    diary.write(&sandbox, &with(booking.clone(), &json!({ "summary": "Longer check-up" }))).is(202);
    assert_eq!(only(&sandbox)["state"], "accepted");
    let day = &start[..10];
    let times = json!({ "start": format!("{day}T04:00:00Z"), "end": format!("{day}T05:00:00Z") });
    diary.write(&sandbox, &with(booking.clone(), &times)).is(202);
    let moved = only(&sandbox);
    assert_eq!(moved["state"], "needs_action");
    let kinds: Vec<&Value> =
        moved["mails"].as_array().expect("a list").iter().map(|mail| &mail["kind"]).collect();
    assert_eq!(kinds, ["invitation", "update", "update"]);
    assert_eq!(busy_at(&sandbox, &diary, "", start), [] as [Value; 0]);
    assert_eq!(busy_at(&sandbox, &diary, "", times["start"].as_str().expect("a time")).len(), 1);
    assert_eq!(answer(&sandbox, "tentative")["state"], "tentative");
    let perhaps = busy_at(&sandbox, &diary, "", times["start"].as_str().expect("a time"));
    assert_eq!(perhaps[0]["free_busy_status"], "tentative");
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202);
    let cancelled = only(&sandbox);
    assert_eq!((&cancelled["state"], &cancelled["copy_event_uid"]), (&json!("cancelled"), &Value::Null));
    assert_eq!(cancelled["mails"][3]["kind"], "cancellation");
    assert_eq!(
        busy_at(&sandbox, &diary, "&include_managed=true", &format!("{day}T04:00:00Z")),
        [] as [Value; 0]
    );
    let deleted =
        busy_at(&sandbox, &diary, "&include_managed=true&include_deleted=true", &format!("{day}T04:00:00Z"));
    assert!(deleted.len() == 2 && deleted.iter().all(|row| row["deleted"] == true), "{deleted:?}");
}

#[test]
fn what_is_declined_takes_no_time() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    let booking = booking(&sandbox);
    let start = booking["start"].as_str().expect("a time");
    diary.write(&sandbox, &booking).is(202);
    answer(&sandbox, "accept");
    assert_eq!(answer(&sandbox, "decline")["state"], "declined");
    assert_eq!(busy_at(&sandbox, &diary, "&include_managed=true", start), [] as [Value; 0]);
    let free = busy_at(&sandbox, &diary, "&include_managed=true&include_free=true", start);
    assert_eq!((free.len(), &free[0]["free_busy_status"]), (1, &json!("free")));
}

#[test]
fn availability_must_name_both_profiles() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    let booking = booking(&sandbox);
    diary.write(&sandbox, &booking).is(202);
    let calendars = get(&sandbox, "/v1/calendars", diary.tokens.token()).is(200).json();
    let ids: Vec<&Value> =
        calendars["calendars"].as_array().expect("a list").iter().map(|row| &row["calendar_id"]).collect();
    let (own, hosted) = (ids[0], ids[1]);
    let day = &booking["start"].as_str().expect("a time")[..10];
    let free = |calendar_ids: &[&Value], from: &str, to: &str| {
        let member = json!({ "sub": diary.tokens.text("sub"), "calendar_ids": calendar_ids });
        let body = json!({
            "participants": [{ "required": "all", "members": [member] }],
            "required_duration": { "minutes": 60 },
            "query_periods": [{ "start": format!("{day}T{from}:00Z"), "end": format!("{day}T{to}:00Z") }],
        });
        let found = post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &body).is(200).json();
        found["available_periods"].as_array().is_some_and(|periods| !periods.is_empty())
    };
    let (unaccepted, meeting) = (("03:00", "04:00"), ("10:00", "11:00"));
    assert!(free(&[own], unaccepted.0, unaccepted.1), "the real calendar knows nothing of it: booked twice");
    assert!(!free(&[own, hosted], unaccepted.0, unaccepted.1));
    assert!(free(&[hosted], meeting.0, meeting.1), "the hosted calendar knows nothing of Ada's own meeting");
    assert!(!free(&[own, hosted], meeting.0, meeting.1));
    answer(&sandbox, "accept");
    assert!(!free(&[own], unaccepted.0, unaccepted.1), "once accepted, it is in both");
}

#[test]
fn no_access_means_invitations_as_well() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[("scope", "free_busy_write")]);
    let fields = [("decision", "allow"), ("account", ADA), ("access", "no_access")];
    let code = decide(&sandbox, &target, &fields).param("code").expect("a code");
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    let calendar = writable(&sandbox, tokens.token());
    let diary = Diary { tokens, calendar };
    let booking = booking(&sandbox);
    diary.write(&sandbox, &booking).is(202);
    answer(&sandbox, "accept");
    let start = booking["start"].as_str().expect("a time");
    assert_eq!(
        busy_at(&sandbox, &diary, "", start),
        [] as [Value; 0],
        "their own calendar stays out of sight"
    );
    let reader = Diary::of(&sandbox, ADA);
    let own = reader.read(&sandbox, "").into_iter().find(|row| row["summary"] == "Check-up");
    let copy = own.expect("the event is in Ada's own calendar");
    assert_eq!(copy["participation_status"], "accepted");
    assert_eq!(copy["options"]["change_participation_status"], true);
}

#[test]
fn events_show_what_the_person_answered_and_nothing_of_their_own() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, ADA, &[("scope", "free_busy_write read_events")]);
    let calendar = writable(&sandbox, tokens.token());
    let diary = Diary { tokens, calendar };
    assert_eq!(
        diary.read(&sandbox, "&include_managed=true"),
        [] as [Value; 0],
        "no titles of Ada's own events"
    );
    diary.write(&sandbox, &booking(&sandbox)).is(202);
    for (word, status) in [("ignore", "needs_action"), ("accept", "accepted"), ("decline", "declined")] {
        answer(&sandbox, word);
        let rows = diary.read(&sandbox, "&include_managed=true");
        assert_eq!(rows.iter().map(|row| &row["participation_status"]).collect::<Vec<_>>(), [status]);
    }
}

#[test]
fn who_deletes_a_copy_declines() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    diary.write(&sandbox, &booking(&sandbox)).is(202);
    let uid = answer(&sandbox, "accept")["copy_event_uid"].as_str().expect("a copy").to_owned();
    let path = format!("/_sandbox/users/{ADA}/events/{uid}");
    control(&sandbox, "DELETE", &path, &json!({})).is(204);
    let declined = only(&sandbox);
    assert_eq!((&declined["state"], &declined["copy_event_uid"]), (&json!("declined"), &Value::Null));
    assert_eq!(answer(&sandbox, "accept")["copy_event_uid"], *uid, "and can still change their mind");
}

#[test]
fn a_test_answers_for_the_person() {
    let sandbox = start();
    let diary = free_busy(&sandbox);
    diary.write(&sandbox, &booking(&sandbox)).is(202);
    sandbox.advance(Duration::from_secs(1));
    diary.write(&sandbox, &with(booking(&sandbox), &json!({ "event_id": "v-2" }))).is(202);
    let both = sandbox.invitations();
    assert_eq!(both.iter().map(|one| one.event_id.as_str()).collect::<Vec<_>>(), ["v-1", "v-2"]);
    let ignored = sandbox.answer_invitation(&both[0].id, InvitationAnswer::Ignore).expect("it can lie");
    assert_eq!(ignored.state, InvitationState::Ignored);
    sandbox.answer_invitation(&both[1].id, InvitationAnswer::Accept).expect("there is room");
    for (query, found) in [
        ("", 2),
        ("?state=accepted", 1),
        ("?state=needs_action", 0),
        ("?email=ADA@orchard.example", 2),
        ("?email=bram@orchard.example", 0),
    ] {
        let path = format!("/_sandbox/invitations{query}");
        let listed = control(&sandbox, "GET", &path, &json!({})).is(200).json();
        assert_eq!(listed["invitations"].as_array().map(Vec::len), Some(found), "{query}");
    }
    let path = format!("/_sandbox/invitations/{}", both[1].id);
    for (body, field) in [
        (json!({}), "answer"),
        (json!({ "answer": "perhaps" }), "answer"),
        (json!({ "answer": 5 }), "answer"),
        (json!({ "answer": "ignore" }), "answer"),
        (json!({ "answer": "accept", "comment": "fine" }), "comment"),
    ] {
        let errors = control(&sandbox, "POST", &path, &body).refused(422).json();
        assert!(errors["errors"][field][0]["key"].is_string(), "{body}: {errors}");
    }
    control(&sandbox, "GET", "/_sandbox/invitations?state=lost", &json!({})).refused(422);
    control(&sandbox, "GET", "/_sandbox/invitations?person=ada", &json!({})).refused(422);
    control(&sandbox, "POST", "/_sandbox/invitations/inv_0", &json!({ "answer": "accept" })).refused(404);
    diary.delete(&sandbox, &json!({ "event_id": "v-2" })).is(202);
    let late = sandbox.answer_invitation(&both[1].id, InvitationAnswer::Accept);
    assert_eq!(late.map_err(|why| why.to_string()), Err("the event was cancelled".to_owned()));
    let unknown = sandbox.answer_invitation("inv_0", InvitationAnswer::Accept);
    assert_eq!(unknown.err(), Some(InvitationUnanswerable::Unknown));
}
