//! Which events a read is about, and who sees what.

use serde_json::{Value, json};

use crate::events::{Diary, present, visit, with, writable};
use crate::support::*;

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
    let now = present(&sandbox);
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
