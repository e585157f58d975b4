//! Several writes in one request.

use cronofy_api::batch::{Entries, MOST_ENTRIES, SendBatch, Write};
use cronofy_api::core::types::{AccessToken, DataCenter};
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::credential::UserToken;
use cronofy_api::events::{DeleteEvent, DeleteExternalEvent, EditExternalEvent, EventDetails, UpsertEvent};
use cronofy_api::time::Date;
use cronofy_api::{EventId, EventUid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, calendar, member, refused, sent, user};

fn id(text: &str) -> EventId {
    EventId::new(text).unwrap()
}

fn uid() -> EventUid {
    EventUid::new("evt_external_1").unwrap()
}

fn days() -> (Date, Date) {
    ("2031-03-04".parse().unwrap(), "2031-03-05".parse().unwrap())
}

fn upsert(name: &str) -> UpsertEvent {
    UpsertEvent::new(user(), calendar(), id(name), days(), EventDetails::new("x"))
}

fn edit() -> EditExternalEvent {
    EditExternalEvent::new(user(), calendar(), uid(), days(), EventDetails::new("x"))
}

fn delete(name: &str) -> DeleteEvent {
    DeleteEvent::new(user(), calendar(), id(name))
}

fn delete_external() -> DeleteExternalEvent {
    DeleteExternalEvent::new(user(), calendar(), uid())
}

#[test]
fn send_batch() {
    assert_eq!(
        sent(&SendBatch::new(delete_external())),
        "POST https://api.cronofy.com/v1/batch\nauthorization: Bearer token\n\
         {\"batch\":[{\"method\":\"DELETE\",\"relative_url\":\"/v1/calendars/cal_a%40b_c/events\",\
         \"data\":{\"event_uid\":\"evt_external_1\"}}]}"
    );
    let impersonating = SendBatch::new((DeleteEvent::new(member(), calendar(), id("1")),));
    assert!(sent(&impersonating).contains("\ncronofy-impersonate: acc_1\n"));
}

/// A batch of calls in any form sends what each of them sends by itself.
#[test]
fn every_call_is_sent_as_it_is_by_itself() {
    let part = |method: &str, data: Value| json!({ "method": method, "relative_url": "/v1/calendars/cal_a%40b_c/events", "data": data });
    let expected = json!({ "batch": [
        part("POST", body(&upsert("1"))),
        part("POST", body(&edit())),
        part("DELETE", body(&delete("2"))),
        part("DELETE", body(&delete_external())),
    ] });
    assert_eq!(body(&SendBatch::new((upsert("1"), edit(), delete("2"), delete_external()))), expected);
    let writes: Vec<Write> =
        vec![upsert("1").into(), edit().into(), delete("2").into(), delete_external().into()];
    assert_eq!(body(&SendBatch::new(writes)), expected);
    let nested = (vec![upsert("1")], (edit(), vec![delete("2")]), delete_external());
    assert_eq!(body(&SendBatch::new(nested)), expected);
}

const ANSWER: &str = r#"{"later":1,"batch":[
    {"status":202,"later":[]},
    {"status":200,"data":{"userinfo":{"sub":"acc_1","cronofy.type":"account"}}},
    {"status":422,"headers":{"content-type":"application/json"},
     "data":{"errors":{"summary":[{"key":"errors.required","description":"summary must be specified"}]}}},
    {"status":429,"headers":{"Retry-After":"7","X":7,"a b":"c"},"data":null}]}"#;

#[test]
fn answers_are_those_of_their_entries() {
    let batch = SendBatch::new((delete_external(), upsert("1").with_userinfo(), vec![edit()], delete("2")));
    let (deleted, made, edited, limited) = answered(batch, 207, ANSWER).unwrap();
    let () = deleted.unwrap();
    assert_eq!(made.unwrap().unwrap().sub.as_str(), "acc_1");
    let [Err(error)] = &edited[..] else { panic!("{edited:?}") };
    assert_eq!(error.refusal().unwrap().fields.of("summary")[0].key, "errors.required");
    let error = limited.unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::RateLimited);
    assert_eq!(error.refusal().unwrap().retry_after.unwrap().as_secs(), 7);
}

#[test]
fn answers_to_any_writes_stand_in_their_order() {
    let writes: Vec<Write> =
        vec![delete_external().into(), upsert("1").into(), edit().into(), delete("2").into()];
    let answers = answered(SendBatch::new(writes), 207, ANSWER).unwrap();
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false, false]);
    assert_eq!(answers[0].as_ref().unwrap(), &None);
    assert!(answers[1].as_ref().unwrap().is_some());
}

/// Anything between 200 and 299 is a success, and nothing else is.
#[test]
fn what_is_a_success() {
    for (status, is_ok) in [(199, false), (200, true), (202, true), (204, true), (300, false), (302, false)] {
        let answer = json!({ "batch": [{ "status": status }] }).to_string();
        assert_eq!(answered(SendBatch::new(delete("1")), 207, &answer).unwrap().is_ok(), is_ok, "{status}");
    }
}

#[test]
fn an_odd_answer_spoils_its_own_entry_alone() {
    for odd in
        [json!({}), json!(7), json!({ "status": "202" }), json!({ "status": 99 }), json!({ "status": 1e9 })]
    {
        let answer = json!({ "batch": [odd, { "status": 202, "data": "" }] }).to_string();
        let (first, second) = answered(SendBatch::new((delete("1"), delete("2"))), 207, &answer).unwrap();
        let reason = core::error::Error::source(&first.unwrap_err()).unwrap().to_string();
        assert_eq!(reason, "answer to a batch entry has a missing or unusable `status`");
        assert_eq!(second.unwrap(), None);
    }
    let answer = json!({ "batch": [{ "status": 202, "data": { "userinfo": 7 } }] }).to_string();
    assert!(answered(SendBatch::new(delete("1")), 207, &answer).unwrap().is_err());
}

#[test]
fn too_few_or_too_many_answers_are_nobodys() {
    for answers in [0, 1, 3] {
        let answer = json!({ "batch": vec![json!({ "status": 202 }); answers] }).to_string();
        let error = answered(SendBatch::new(vec![delete("1"), delete("2")]), 207, &answer).unwrap_err();
        let reason = core::error::Error::source(&error).unwrap().to_string();
        assert_eq!(reason, "answer to a batch has a missing or unusable `batch`");
    }
    for broken in ["", "{}", "[]", r#"{"batch":7}"#] {
        assert!(answered(SendBatch::new(delete("1")), 207, broken).is_err(), "{broken}");
    }
    assert!(answered(SendBatch::new(delete("1")), 402, "").is_err());
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    let many =
        |count| SendBatch::new((0..count).map(|number| delete(&number.to_string())).collect::<Vec<_>>());
    assert_eq!(body(&many(MOST_ENTRIES))["batch"].as_array().unwrap().len(), 50);
    assert_eq!(refused(&many(51)), "batch has 51 items, and may have no more than 50");
    assert_eq!(refused(&many(0)), "batch is empty");
    let unnamed = UpsertEvent::new(user(), calendar(), id("1"), days(), EventDetails::new(""));
    assert_eq!(refused(&SendBatch::new((delete("1"), unnamed))), "entry 1: summary is empty");
}

#[test]
fn entries_are_of_one_account() {
    let of = |who: &UserToken| DeleteEvent::new(who, calendar(), id("2"));
    let token = |text| AccessToken::new(text).unwrap();
    let why = "entry 1: it goes by another credential than those before it";
    let other = of(&UserToken::new(DataCenter::Us, token("other")));
    let elsewhere = of(&UserToken::new(DataCenter::De, token("token")));
    let as_member = DeleteEvent::new(member(), calendar(), id("2"));
    for stranger in [other, elsewhere, as_member] {
        assert_eq!(refused(&SendBatch::new((delete("1"), stranger))), why);
    }
    assert!(SendBatch::new((delete("1"), of(&user()))).request().is_ok());
}

const fn is_repeatable<E: Entries>(_: &SendBatch<E>) -> bool {
    <SendBatch<E> as Endpoint>::REPEATABLE
}

#[test]
fn a_batch_is_as_repeatable_as_its_entries() {
    assert!(is_repeatable(&SendBatch::new((upsert("1"), vec![Write::from(delete("1"))]))));
}

proptest! {
    /// Whichever of the entries fail, each answer comes to its own.
    #[test]
    fn answers_find_their_entries(entries in prop::collection::vec((any::<bool>(), 200..600u16), 1..=50)) {
        let writes = entries.iter().enumerate().map(|(number, (is_upsert, _))| {
            let name = number.to_string();
            if *is_upsert { Write::from(upsert(&name)) } else { Write::from(delete(&name)) }
        });
        let statuses = entries.iter().map(|(_, status)| json!({ "status": status }));
        let answer = json!({ "batch": statuses.collect::<Vec<_>>() }).to_string();
        let answers = answered(SendBatch::new(writes.collect::<Vec<_>>()), 207, &answer).unwrap();
        prop_assert_eq!(answers.len(), entries.len());
        for ((_, status), answer) in entries.iter().zip(answers) {
            let refused = answer.err().map(|error| error.refusal().unwrap().status.as_u16());
            prop_assert_eq!(refused, (*status >= 300).then_some(*status));
        }
    }
}
