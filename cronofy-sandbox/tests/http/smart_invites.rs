//! Invitations that the application mails, and what comes back.

use std::collections::BTreeMap;

use cronofy_sandbox::{CallbackKind, Sandbox};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

const RUI: &str = "rui@orchard.example";
const ANA: &str = "ana@orchard.example";
const PATH: &str = "/v1/smart_invites";

fn event() -> Value {
    json!({ "summary": "Check-up", "description": "First; second,\nthird.", "start": "2031-07-04T09:00:00Z",
        "end": "2031-07-04T09:40:00Z", "tzid": "Europe/Lisbon", "location": { "description": "Room 2" } })
}

fn invite() -> Value {
    json!({ "method": "request", "smart_invite_id": "visit-1", "recipient": { "email": RUI }, "event": event(),
        "callback_url": "http://127.0.0.1:9/hook?secret=canary", "organizer": { "name": "Dr. \"Who\"" } })
}

fn to_many() -> Value {
    json!({ "smart_invite_id": "visit-1", "event": event(),
        "recipients": [{ "email": RUI, "status": "accepted" }, { "email": ANA }] })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn write(sandbox: &Sandbox, body: &Value) -> Answer {
    post_json(sandbox, PATH, sandbox.client_secret(), body)
}

fn one(sandbox: &Sandbox, email: &str) -> Answer {
    let path = format!("{PATH}?smart_invite_id=visit-1&recipient_email={email}");
    get(sandbox, &path, sandbox.client_secret())
}

fn many(sandbox: &Sandbox) -> Answer {
    get(sandbox, &format!("{PATH}?smart_invite_id=visit-1"), sandbox.client_secret())
}

fn reply(sandbox: &Sandbox, body: &Value) -> Answer {
    control(sandbox, "POST", "/_sandbox/smart_invites/reply", body)
}

/// The file, unfolded, as its lines.
fn lines(answer: &Value) -> Vec<String> {
    let file = answer["attachments"]["icalendar"].as_str().expect("a file");
    file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn an_invite_is_made_changed_and_cancelled() {
    let sandbox = start();
    let made = write(&sandbox, &invite()).is(200).json();
    assert_eq!(made["recipient"], json!({ "email": RUI, "status": "pending" }));
    assert_eq!(made["event"]["start"], json!({ "time": "2031-07-04T09:00:00Z", "tzid": "Europe/Lisbon" }));
    assert_eq!(made["event"]["location"], json!({ "description": "Room 2" }));
    let file = lines(&made);
    assert_eq!((file[0].as_str(), file[file.len() - 1].as_str()), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
    for line in [
        "METHOD:REQUEST",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "DTSTART:20310704T090000Z",
        "DTEND:20310704T094000Z",
        "SUMMARY:Check-up",
        "DESCRIPTION:First\\; second\\,\\nthird.",
        "LOCATION:Room 2",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:rui@orchard.example",
    ] {
        assert!(file.iter().any(|known| known == line), "{line} is not in {file:#?}");
    }
    assert!(file.iter().any(|line| line.starts_with("ORGANIZER;CN=\"Dr. Who\":mailto:")), "{file:#?}");
    let uid = |file: &[String]| file.iter().find(|line| line.starts_with("UID:")).cloned();

    let moved = with(event(), "end", json!("2031-07-04T10:00:00Z"));
    let changed = json!({ "smart_invite_id": "visit-1", "recipient": { "email": RUI }, "event": moved });
    let changed = write(&sandbox, &changed).is(200).json();
    assert_eq!(changed["callback_url"], made["callback_url"], "it stays");
    let again = lines(&changed);
    assert_eq!(uid(&again), uid(&file));
    assert!(again.contains(&"SEQUENCE:1".to_owned()));

    let cancel = json!({ "method": "cancel", "smart_invite_id": "visit-1", "recipient": { "email": RUI } });
    let cancelled = lines(&write(&sandbox, &cancel).is(200).json());
    assert_eq!(uid(&cancelled), uid(&file));
    for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2"] {
        assert!(cancelled.contains(&line.to_owned()), "{line} is not in {cancelled:#?}");
    }
    let said = json!({ "smart_invite_id": "visit-1", "recipient_email": RUI, "status": "accepted" });
    reply(&sandbox, &said).refused(422);
    let days = json!({ "summary": "Fair", "start": "2031-07-04", "end": "2031-07-06" });
    let fair = lines(&write(&sandbox, &with(invite(), "event", days)).is(200).json());
    assert!(fair.contains(&"DTSTART;VALUE=DATE:20310704".to_owned()), "{fair:#?}");
    reply(&sandbox, &said).is(200);
    write(&sandbox, &with(cancel, "recipient", json!({ "email": ANA }))).refused(404);
}

#[test]
fn what_is_answered_is_told_and_signed() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    write(&sandbox, &with(invite(), "callback_url", json!(receiver.url))).is(200);
    let proposal =
        json!({ "start": "2031-07-04T12:00:00Z", "end": "2031-07-04T13:00:00Z", "tzid": "Europe/Paris" });
    let said = json!({ "smart_invite_id": "visit-1", "recipient_email": "RUI@orchard.example",
        "status": "declined", "comment": "At noon?", "proposal": proposal });
    let answered = reply(&sandbox, &said).is(200).json();
    assert!(answered["callback"].as_str().is_some_and(|id| id.starts_with("cbk_")));

    let told = receiver.next();
    assert_eq!(told.signature(), digest(sandbox.client_secret(), &told.body));
    let body = told.json();
    assert_eq!(body["notification"], json!({ "type": "smart_invite" }));
    let smart_invite = &body["smart_invite"];
    assert_eq!(smart_invite["callback_url"], receiver.url);
    assert_eq!(smart_invite["recipient"], smart_invite["reply"]);
    assert_eq!(
        smart_invite["reply"]["proposal"]["start"],
        json!({ "time": "2031-07-04T14:00:00+02:00", "tzid": "Europe/Paris" })
    );
    assert_eq!(smart_invite.get("event"), None);
    // It is kept, and shown without the query of the URL.
    let callbacks = sandbox.callbacks();
    assert_eq!(callbacks[0].kind, CallbackKind::SmartInvite);
    assert!(!callbacks[0].body.to_string().contains("user=9"), "{}", callbacks[0].body);
    let read = one(&sandbox, RUI).is(200).json();
    assert_eq!((&read["replies"], read.get("attachments")), (&json!([smart_invite["reply"]]), None));

    // Somebody to whom it was passed on answers for himself.
    let passed =
        json!({ "smart_invite_id": "visit-1", "recipient_email": RUI, "email": ANA, "status": "accepted" });
    reply(&sandbox, &passed).is(200);
    let body = receiver.next().json();
    assert_eq!(body["smart_invite"]["reply"], json!({ "email": ANA, "status": "accepted" }));
    assert_eq!(body["smart_invite"]["recipient"]["status"], "declined");
    // At another time nobody has answered yet.
    let moved = with(event(), "end", json!("2031-07-04T10:00:00Z"));
    let moved = write(&sandbox, &with(invite(), "event", moved)).is(200).json();
    assert_eq!(moved["recipient"]["status"], "pending");
}

#[test]
fn an_invite_to_many() {
    let sandbox = start();
    let made = write(&sandbox, &to_many()).is(200).json();
    assert_eq!(
        made["recipients"],
        json!([{ "email": RUI, "status": "accepted" }, { "email": ANA, "status": "pending" }])
    );
    assert!(made.get("recipient").is_none() && made.get("callback_url").is_none());
    one(&sandbox, RUI).refused(404);
    let said = json!({ "smart_invite_id": "visit-1", "recipient_email": ANA, "status": "tentative" });
    let answered = reply(&sandbox, &said).is(200).json();
    assert_eq!(
        (&answered["callback"], &answered["smart_invite"]["recipients"][1]["status"]),
        (&Value::Null, &json!("tentative"))
    );
    // The same again changes nothing of what was answered.
    let again = write(&sandbox, &to_many()).is(200).json();
    assert_eq!(again["recipients"], answered["smart_invite"]["recipients"]);

    let remove = json!({ "method": "remove", "smart_invite_id": "visit-1", "recipient": { "email": RUI } });
    let left = write(&sandbox, &remove).is(200).json();
    assert_eq!(left["attachments"]["removed"]["email"], RUI);
    let file = left["attachments"]["removed"]["icalendar"].as_str().expect("a file");
    assert!(file.contains("METHOD:CANCEL\r\n") && file.contains(RUI) && !file.contains(ANA), "{file}");
    assert!(lines(&left).contains(&"METHOD:REQUEST".to_owned()));
    assert_eq!(many(&sandbox).is(200).json()["recipients"].as_array().map(Vec::len), Some(1));
    write(&sandbox, &remove).refused(404);
    let last = with(remove, "recipient", json!({ "email": ANA }));
    let errors = write(&sandbox, &last).refused(422).json();
    assert_eq!(errors["errors"]["recipient.email"][0]["key"], "errors.not_supported");
    let cancel =
        json!({ "method": "cancel", "smart_invite_id": "visit-1", "recipients": [{ "email": ANA }] });
    assert!(lines(&write(&sandbox, &cancel).is(200).json()).contains(&"METHOD:CANCEL".to_owned()));
}

#[test]
fn what_is_no_invite_is_refused() {
    let sandbox = start();
    for (body, field, key) in [
        (json!({}), "smart_invite_id", "errors.required"),
        (json!({}), "recipient", "errors.required"),
        (json!({}), "event", "errors.required"),
        (with(invite(), "event", json!(7)), "event", "errors.invalid_format"),
        (with(invite(), "event", json!({ "start": "2031-07-04" })), "event.end", "errors.required"),
        (with(invite(), "method", json!("counter")), "method", "errors.not_recognized"),
        (with(invite(), "recipients", json!([])), "recipients", "errors.invalid_format"),
        (with(to_many(), "recipients", json!([])), "recipients", "errors.required"),
        (with(invite(), "recipient", json!({ "email": "a" })), "recipient.email", "errors.invalid_email"),
        (
            with(to_many(), "recipients", json!([{ "email": RUI, "status": "busy" }])),
            "recipients[0].status",
            "errors.not_recognized",
        ),
        (with(invite(), "organizer", json!({ "email": "a" })), "organizer.email", "errors.invalid_email"),
        (with(invite(), "callback_url", json!("ftp://a.example")), "callback_url", "errors.invalid_format"),
        (
            json!({ "method": "remove", "smart_invite_id": "a", "recipients": [{ "email": RUI }] }),
            "recipient",
            "errors.required",
        ),
    ] {
        let errors = write(&sandbox, &body).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
    }
    one(&sandbox, RUI).refused(404);
    get(&sandbox, PATH, sandbox.client_secret()).refused(422);
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, PATH, tokens.token(), &invite()).refused(403);
    write(&sandbox, &invite()).is(200);
    let said = json!({ "smart_invite_id": "visit-1", "recipient_email": RUI, "status": "accepted" });
    for (body, field) in [
        (json!({}), "recipient_email"),
        (with(said.clone(), "status", json!("pending")), "status"),
        (with(said.clone(), "proposal", json!({ "start": "2031-07-04" })), "proposal.end"),
        (with(said.clone(), "stauts", json!("accepted")), "stauts"),
    ] {
        let errors = reply(&sandbox, &body).refused(422).json();
        assert!(errors["errors"].get(field).is_some(), "{errors}");
    }
    reply(&sandbox, &with(said, "recipient_email", json!(ANA))).refused(404);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever answers, what is read is what each said last.
    #[test]
    fn the_last_answer_counts(steps in prop::collection::vec((0..3_usize, 0..3_usize), 1..12)) {
        let sandbox = start();
        let emails = [RUI, ANA, "x@orchard.example"];
        let words = ["accepted", "tentative", "declined"];
        let recipients: Vec<Value> = emails.iter().map(|email| json!({ "email": email })).collect();
        write(&sandbox, &with(to_many(), "recipients", json!(recipients))).is(200);
        let mut said = BTreeMap::new();
        for (who, word) in steps {
            let body = json!({ "smart_invite_id": "visit-1", "recipient_email": emails[who], "status": words[word] });
            reply(&sandbox, &body).is(200);
            said.insert(emails[who], words[word]);
        }
        let read = many(&sandbox).is(200).json();
        for (place, email) in emails.iter().enumerate() {
            let expected = said.get(email).copied().unwrap_or("pending");
            prop_assert_eq!(&read["recipients"][place], &json!({ "email": email, "status": expected }));
        }
        prop_assert_eq!(read["replies"].as_array().map(Vec::len), Some(said.len()));
    }
}
