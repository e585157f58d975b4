//! Failures on purpose, as a client's socket sees them, and what of the call took effect.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use cronofy_sandbox::{BlockingSandbox, Fault, FaultOn, Sandbox};
use serde_json::{Value, json};

use crate::support::*;

const TOKEN: &str = "POST /oauth/token";
const USERINFO: &str = "GET /v1/userinfo";
const FAULTS: &str = "/_sandbox/faults";

/// All that a connection brought, and how it ended.
struct Raw {
    text: String,
    end: Result<(), ErrorKind>,
}

impl Raw {
    fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

/// One request over a socket of its own, read until the socket ends.
fn raw(sandbox: &Sandbox, head: &str, body: &str) -> Raw {
    let mut stream = open(sandbox, head, body);
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).map(drop).map_err(|error| error.kind());
    Raw { text: String::from_utf8_lossy(&bytes).into_owned(), end }
}

fn open(sandbox: &Sandbox, head: &str, body: &str) -> TcpStream {
    let host = sandbox.api_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("the sandbox listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket option");
    let length = body.len();
    let head = format!("{head}Host: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(head.as_bytes()).expect("the sandbox reads");
    stream
}

/// The exchange of a code, over a socket of its own.
fn exchange_raw(sandbox: &Sandbox, code: &str) -> Raw {
    raw(sandbox, EXCHANGE, &exchange_form(sandbox, code))
}

const EXCHANGE: &str = "POST /oauth/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";

fn exchange_form(sandbox: &Sandbox, code: &str) -> String {
    form(&[
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
    ])
}

fn code(sandbox: &Sandbox) -> String {
    allow(sandbox, &target(sandbox, INDIVIDUAL, &[]), "ada@orchard.example")
}

/// A sandbox in which the next exchange meets the fault, and a code to exchange.
fn with(fault: Fault) -> (BlockingSandbox, String) {
    let sandbox = builder().seed(7).start_blocking().expect("a sandbox starts");
    let code = code(&sandbox);
    sandbox.fault(fault).expect("a sensible fault");
    (sandbox, code)
}

fn once() -> FaultOn {
    Fault::on(TOKEN).nth(1)
}

/// The effect of a call that failed: the code is spent, or it is not.
#[track_caller]
fn took_effect(sandbox: &Sandbox, code: &str, effect: bool) {
    let again = exchange(sandbox, code);
    assert_eq!(again.status, if effect { 400 } else { 200 }, "{again:?}");
}

#[test]
fn a_reset_before_the_commit_leaves_everything_as_it_was() {
    let (sandbox, code) = with(once().reset());
    let answer = exchange_raw(&sandbox, &code);
    assert_eq!((answer.text.as_str(), answer.end), ("", Err(ErrorKind::ConnectionReset)));
    took_effect(&sandbox, &code, false);
}

#[test]
fn a_reset_after_the_commit_loses_only_the_answer() {
    let (sandbox, code) = with(once().after_commit().reset());
    let answer = exchange_raw(&sandbox, &code);
    assert_eq!((answer.text.as_str(), answer.end), ("", Err(ErrorKind::ConnectionReset)));
    took_effect(&sandbox, &code, true);
}

#[test]
fn a_close_is_an_end_without_an_answer_and_without_an_error() {
    for (trigger, effect) in [(once(), false), (once().after_commit(), true)] {
        let (sandbox, code) = with(trigger.close());
        let answer = exchange_raw(&sandbox, &code);
        assert_eq!((answer.text.as_str(), answer.end), ("", Ok(())));
        took_effect(&sandbox, &code, effect);
    }
}

#[test]
fn a_status_replaces_the_answer_at_either_point() {
    for (trigger, effect) in [(once(), false), (once().after_commit(), true)] {
        let fault = trigger.status(503).header("Retry-After", "2").body("<h1>Sorry</h1>");
        let (sandbox, code) = with(fault.header("Content-Type", "text/html"));
        let answer = exchange(&sandbox, &code).refused(503);
        assert_eq!((answer.header("retry-after"), answer.body.as_str()), (Some("2"), "<h1>Sorry</h1>"));
        assert_eq!(answer.header("content-type"), Some("text/html"));
        took_effect(&sandbox, &code, effect);
    }
}

#[test]
fn a_status_can_have_a_json_body_or_none() {
    let (sandbox, code) = with(once().status(400).body(json!({ "error": "temporarily_unavailable" })));
    let answer = exchange(&sandbox, &code).refused(400);
    assert_eq!(answer.json(), json!({ "error": "temporarily_unavailable" }));
    sandbox.fault(once().status(500)).expect("a sensible fault");
    let answer = exchange(&sandbox, &code).refused(500);
    assert_eq!((answer.body.as_str(), answer.header("content-length")), ("", Some("0")));
}

#[test]
fn a_delay_lets_the_client_wait_for_its_own_answer() {
    let by = Duration::from_millis(120);
    for trigger in [once(), once().after_commit()] {
        let (sandbox, code) = with(trigger.delay(by));
        let began = Instant::now();
        assert!(exchange(&sandbox, &code).is(200).json()["access_token"].is_string());
        assert!(began.elapsed() >= by);
        let entry = sandbox.journal().pop().expect("an entry");
        assert!(entry.duration_us >= 120_000, "{entry:?}");
        assert_eq!(entry.fault.and_then(|fault| fault.own_status), Some(200));
    }
}

#[test]
fn a_client_that_does_not_wait_is_in_the_journal_and_the_call_took_effect() {
    let (sandbox, code) = with(once().after_commit().delay(Duration::from_secs(60)));
    let id = sandbox.faults()[0].id.clone();
    let impatient = open(&sandbox, EXCHANGE, &exchange_form(&sandbox, &code));
    eventually(|| sandbox.faults()[0].fired == 1);
    took_effect(&sandbox, &code, true);
    impatient.shutdown(Shutdown::Both).expect("it is open");
    eventually(|| sandbox.journal().iter().any(|entry| entry.status.is_none()));
    let journal = sandbox.journal();
    let entry = journal.iter().find(|entry| entry.status.is_none()).expect("an entry");
    let fault = entry.fault.as_ref().expect("a fault");
    assert_eq!((&fault.id, fault.own_status), (&id, Some(200)));
    assert_eq!(entry.why.as_deref(), Some("the client went away before there was an answer"));
}

#[test]
fn a_hang_ends_when_the_sandbox_does() {
    for (trigger, own) in [(once(), None), (once().after_commit(), Some(200))] {
        let (sandbox, code) = with(trigger.hang());
        let mut hanging = open(&sandbox, EXCHANGE, &exchange_form(&sandbox, &code));
        eventually(|| sandbox.journal().last().is_some_and(|entry| entry.fault.is_some()));
        let entry = sandbox.journal().pop().expect("an entry");
        assert_eq!((entry.status, entry.fault.and_then(|fault| fault.own_status)), (None, own));
        hanging.set_nonblocking(true).expect("a socket option");
        let waiting = hanging.read(&mut [0]).expect_err("nothing comes");
        assert_eq!(waiting.kind(), ErrorKind::WouldBlock);
        hanging.set_nonblocking(false).expect("a socket option");
        took_effect(&sandbox, &code, own.is_some());
        let began = Instant::now();
        drop(sandbox);
        assert!(began.elapsed() < Duration::from_secs(2), "it is not waited for");
        assert_eq!(hanging.read(&mut [0]).map_err(|error| error.kind()), Ok(0));
    }
}

#[test]
fn a_hang_ends_when_the_client_goes() {
    let (sandbox, code) = with(Fault::on(TOKEN).hang());
    // More than there are connections: each of them makes room.
    for number in 1..=600 {
        let hanging = open(&sandbox, EXCHANGE, &exchange_form(&sandbox, &code));
        eventually(|| sandbox.faults()[0].fired == number);
        drop(hanging);
    }
    sandbox.clear_faults();
    took_effect(&sandbox, &code, false);
}

#[test]
fn a_truncated_answer_promises_all_and_brings_half() {
    let (sandbox, code) = with(once().truncate());
    let answer = exchange_raw(&sandbox, &code);
    assert_eq!(answer.end, Ok(()));
    let promised = answer.text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let promised: usize = promised.and_then(|length| length.parse().ok()).expect("a length");
    assert!(answer.text.starts_with("HTTP/1.1 200 OK\r\n"), "{}", answer.text);
    assert_eq!(answer.body().len(), promised / 2);
    assert!(answer.body().starts_with('{') && !answer.body().ends_with('}'), "{}", answer.body());
    took_effect(&sandbox, &code, true);
}

#[test]
fn what_has_no_body_cannot_be_halved_and_just_ends() {
    let (sandbox, code) = with(Fault::on("POST /oauth/token/revoke").truncate());
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    let body = form(&[
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("token", tokens.token()),
    ]);
    let head = "POST /oauth/token/revoke HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let answer = raw(&sandbox, head, &body);
    assert_eq!((answer.text.as_str(), answer.end), ("", Ok(())));
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}

#[test]
fn garbage_is_as_long_says_that_it_is_json_and_repeats_with_the_seed() {
    let garbage = || {
        let (sandbox, code) = with(once().garbage());
        let answer = exchange_raw(&sandbox, &code);
        assert!(answer.text.contains("content-type: application/json; charset=utf-8\r\n"), "{}", answer.text);
        let sent = answer.body().to_owned();
        took_effect(&sandbox, &code, true);
        sent
    };
    let (one, same) = (garbage(), garbage());
    assert!(serde_json::from_str::<Value>(&one).is_err());
    assert_eq!(one, same);
    assert!(one.len() > 100);
}

#[test]
fn a_wrong_content_type_leaves_the_body_alone() {
    let (sandbox, code) = with(once().content_type("text/html"));
    let answer = exchange(&sandbox, &code).is(200);
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.json()["access_token"].is_string());
}

#[test]
fn only_the_calls_that_it_is_about_are_hit() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let bob = connect_user(&sandbox, "ines@harbourdental.example");
    sandbox.fault(Fault::on(TOKEN).grant_type("refresh_token").status(503)).expect("a sensible fault");
    refresh(&sandbox, ada.text("refresh_token")).refused(503);
    connect_user(&sandbox, "ada@orchard.example");
    sandbox.clear_faults();

    sandbox.fault(Fault::on_everything().about(ada.text("sub")).status(500)).expect("a sensible fault");
    refresh(&sandbox, ada.text("refresh_token")).refused(500);
    get(&sandbox, "/v1/userinfo", ada.token()).refused(500);
    get(&sandbox, "/v1/userinfo", bob.token()).is(200);
    refresh(&sandbox, bob.text("refresh_token")).is(200);
    let code = code(&sandbox);
    exchange(&sandbox, &code).refused(500);
    sandbox.clear_faults();

    sandbox.fault(Fault::on_everything().client_id("another").status(500)).expect("a sensible fault");
    get(&sandbox, "/v1/userinfo", bob.token()).is(200);
    sandbox
        .fault(Fault::on_everything().client_id(sandbox.client_id()).status(500))
        .expect("a sensible fault");
    get(&sandbox, "/v1/userinfo", bob.token()).refused(500);
    get(&sandbox, "/v1/userinfo", sandbox.client_secret()).refused(500);
    // Neither what is not Cronofy's nor what is not there.
    get(&sandbox, "/v1/nothing", bob.token()).refused(404);
    send(sandbox.api_url(), "GET", "/_sandbox/health", &[], b"").is(200);
}

#[test]
fn they_are_placed_counted_and_taken_away_over_http() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let body = json!({
        "on": USERINFO, "sub": tokens.text("sub"), "nth": 2, "count": 2, "at": "after", "effect": "status",
        "status": 503, "headers": { "Retry-After": 2 }, "body": { "sorry": true }, "delay_ms": 1,
    });
    let placed = control(&sandbox, "POST", FAULTS, &body).is(201).json();
    let id = placed["id"].as_str().expect("an identifier").to_owned();
    let mut expected = body.clone();
    expected["headers"]["Retry-After"] = json!("2");
    for (member, value) in [("id", json!(id)), ("matched", json!(0)), ("fired", json!(0))] {
        expected[member] = value;
    }
    assert_eq!(placed, expected);
    let statuses: Vec<_> = (0..4).map(|_| get(&sandbox, "/v1/userinfo", tokens.token()).status).collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
    (expected["matched"], expected["fired"]) = (json!(4), json!(2));
    assert_eq!(
        control(&sandbox, "GET", FAULTS, &Value::Null).is(200).json(),
        json!({ "faults": [expected] })
    );
    assert_eq!((sandbox.faults()[0].matched, sandbox.faults()[0].fired), (4, 2));

    let hit =
        sandbox.journal().into_iter().filter(|entry| entry.fault.as_ref().is_some_and(|hit| hit.id == id));
    assert_eq!(hit.count(), 2);
    let one = format!("{FAULTS}/{id}");
    assert_eq!(control(&sandbox, "GET", &one, &Value::Null).is(200).json(), expected);
    assert_eq!(control(&sandbox, "DELETE", &one, &Value::Null).is(204).body, "");
    control(&sandbox, "DELETE", &one, &Value::Null).refused(404);
    control(&sandbox, "POST", FAULTS, &json!({ "on": "*", "effect": "reset" })).is(201);
    control(&sandbox, "DELETE", FAULTS, &Value::Null).is(204);
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
}

#[test]
fn what_makes_no_sense_is_refused_by_the_member() {
    let sandbox = start();
    let fault = |more: Value| {
        let mut body = json!({ "on": TOKEN, "effect": "reset" });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    for (body, field, part) in [
        (json!({}), "on", "needs an operation"),
        (json!({}), "effect", "must be status, delay"),
        (
            fault(json!({ "on": "POST /oauth/tokens" })),
            "on",
            "the nearest is POST /oauth/token, or * for all",
        ),
        (fault(json!({ "on": "GET /_sandbox/health" })), "on", "no such operation"),
        (fault(json!({ "onn": TOKEN })), "onn", "not known here: there are on, grant_type"),
        (
            fault(json!({ "on": USERINFO, "grant_type": "refresh_token" })),
            "grant_type",
            "only POST /oauth/token",
        ),
        (fault(json!({ "nth": 0 })), "nth", "counted from 1"),
        (fault(json!({ "count": -1 })), "count", "whole number"),
        (fault(json!({ "probability": 0 })), "probability", "more than 0"),
        (fault(json!({ "probability": 1.01 })), "probability", "at most 1"),
        (fault(json!({ "at": "during" })), "at", "before or after"),
        (fault(json!({ "at": "before", "effect": "truncate" })), "at", "there is none"),
        (fault(json!({ "at": "before", "effect": "garbage" })), "at", "there is none"),
        (fault(json!({ "effect": "explode" })), "effect", "must be status"),
        (fault(json!({ "effect": "status" })), "status", "needs a number"),
        (fault(json!({ "effect": "status", "status": "503" })), "status", "must be a number"),
        (fault(json!({ "effect": "status", "status": 101 })), "status", "from 200 to 599"),
        (fault(json!({ "effect": "status", "status": 204, "body": "x" })), "body", "has none"),
        (
            fault(json!({ "effect": "status", "status": 500, "headers": { "a b": "c" } })),
            "headers.a b",
            "name",
        ),
        (
            fault(json!({ "effect": "status", "status": 500, "headers": { "Content-Length": 3 } })),
            "headers.Content-Length",
            "framed",
        ),
        (
            fault(json!({ "effect": "status", "status": 500, "headers": { "a": "b\nc" } })),
            "headers.a",
            "value",
        ),
        (fault(json!({ "effect": "status", "status": 500, "body": "x".repeat(70_000) })), "body", "64 KiB"),
        (fault(json!({ "status": 500 })), "status", "reset has none"),
        (fault(json!({ "content_type": "text/html" })), "content_type", "reset has none"),
        (fault(json!({ "effect": "content_type" })), "content_type", "media type"),
        (fault(json!({ "effect": "delay" })), "delay_ms", "how long"),
        (fault(json!({ "delay_ms": 0 })), "delay_ms", "at least 1"),
        (fault(json!({ "delay_ms": 600_001 })), "delay_ms", "ten minutes"),
        (fault(json!({ "effect": "hang", "delay_ms": 5 })), "delay_ms", "for ever already"),
    ] {
        let answer = control(&sandbox, "POST", FAULTS, &body).refused(422);
        let told = answer.json()["errors"][field][0]["description"].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(part), "{body}: {}", answer.body);
    }
    assert!(sandbox.faults().is_empty());
    let stray = sandbox.fault(Fault::on(TOKEN).reset().header("Retry-After", "1")).unwrap_err().to_string();
    assert!(stray.contains("headers: the effect reset has none"), "{stray}");
    let invalid =
        sandbox.fault(Fault::on("GET /v1/userinf").before_commit().garbage()).unwrap_err().to_string();
    assert!(invalid.contains("on: there is no such operation; the nearest is GET /v1/userinfo"), "{invalid}");
    assert!(invalid.contains("at: garbage spoils the operation's own answer"), "{invalid}");
}

#[test]
fn a_seed_repeats_which_calls_fail() {
    let statuses = |seed| {
        let sandbox = builder().seed(seed).start_blocking().expect("a sandbox starts");
        sandbox.fault(Fault::on(USERINFO).probability(0.5).status(503)).expect("a sensible fault");
        let statuses: Vec<_> = (0..40).map(|_| get(&sandbox, "/v1/userinfo", "none").status).collect();
        assert!(statuses.contains(&503) && statuses.contains(&401), "{statuses:?}");
        statuses
    };
    assert_eq!(statuses(7), statuses(7));
    assert_ne!(statuses(7), statuses(8));
}

#[test]
fn a_fault_is_the_same_in_rust_and_in_json() {
    for fault in [
        Fault::on(TOKEN).grant_type("refresh_token").nth(2).after_commit().reset(),
        Fault::on_everything()
            .client_id("a")
            .about("b")
            .count(3)
            .probability(0.5)
            .delay(Duration::from_millis(8)),
        Fault::on(USERINFO)
            .status(503)
            .header("Retry-After", "2")
            .body("x")
            .delayed(Duration::from_millis(5)),
        Fault::on(USERINFO).content_type("text/html"),
        Fault::on(USERINFO).nth(3).count(u64::MAX).close(),
    ] {
        let text = serde_json::to_string(&fault).expect("it serialises");
        assert_eq!(serde_json::from_str::<Fault>(&text).expect("it is read back"), fault, "{text}");
    }
    let text = r#"{"on":"POST /oauth/token","nth":2,"at":"after","effect":"reset"}"#;
    let fault = Fault::on(TOKEN).nth(2).after_commit().reset();
    assert_eq!(serde_json::to_string(&fault).expect("it serialises"), text);
}
