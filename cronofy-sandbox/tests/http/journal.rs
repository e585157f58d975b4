//! The journal: what it tells, what it keeps to itself, and how it is asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use cronofy_sandbox::{Expectation, Fault, Sandbox};
use serde_json::{Value, json};

use crate::support::*;

const JOURNAL: &str = "/_sandbox/journal";
const VERIFY: &str = "/_sandbox/journal/verify";

#[track_caller]
fn entries(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let answer = control(sandbox, "GET", &format!("{JOURNAL}?{query}"), &Value::Null).is(200).json();
    answer["entries"].as_array().expect("a list").clone()
}

/// The numbers of the entries.
#[track_caller]
fn numbers(sandbox: &Sandbox, query: &str) -> Vec<u64> {
    entries(sandbox, query).iter().filter_map(|entry| entry["sequence"].as_u64()).collect()
}

#[test]
fn an_entry_tells_what_was_asked_and_what_came_of_it() {
    let sandbox = start();
    sandbox.freeze();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    sandbox.clear_journal();
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "app/1")];
    let body = form(&[
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.text("refresh_token")),
        ("extra", "1"),
        ("extra", "2"),
    ]);
    send(sandbox.api_url(), "POST", "/oauth/token?from=here", &headers, body.as_bytes()).is(200);
    let mut entry = entries(&sandbox, "").pop().expect("an entry");
    assert!(entry["duration_us"].as_u64().is_some_and(|took| took > 0));
    assert!(entry["time"].as_str().is_some_and(|time| time.ends_with('Z')));
    entry.as_object_mut().expect("an object").retain(|name, _| name != "duration_us" && name != "time");
    let expected = json!({
        "sequence": 3,
        "method": "POST",
        "path": "/oauth/token",
        "operation": "POST /oauth/token",
        "status": 200,
        "client_id": sandbox.client_id(),
        "sub": tokens.text("sub"),
        "why": null,
        "fault": null,
        "headers": { "content-type": "application/x-www-form-urlencoded", "user-agent": "app/1" },
        "query": { "from": "here" },
        "body": {
            "client_id": sandbox.client_id(), "client_secret": "[masked]", "grant_type": "refresh_token",
            "refresh_token": "[masked]", "extra": ["1", "2"],
        },
        "body_bytes": body.len(),
        "cut": false,
    });
    assert_eq!(entry, expected);
}

#[test]
fn refusals_say_why_and_what_is_not_served_has_no_operation() {
    let sandbox = start();
    get(&sandbox, "/v1/userinfo", "nobody").refused(401);
    get(&sandbox, "/v1/nothing", "nobody").refused(404);
    send(sandbox.api_url(), "POST", "/oauth/token", &[], &vec![b'x'; 1024 * 1024 + 1]).refused(413);
    send(sandbox.api_url(), "HEAD", "/v1/userinfo", &[], b"").refused(401);
    let entries = entries(&sandbox, "");
    let told: Vec<_> = entries.iter().map(|entry| (&entry["operation"], &entry["status"])).collect();
    assert_eq!(
        told,
        [
            (&json!("GET /v1/userinfo"), &json!(401)),
            (&Value::Null, &json!(404)),
            (&json!("POST /oauth/token"), &json!(413)),
            (&json!("GET /v1/userinfo"), &json!(401)),
        ]
    );
    assert_eq!(entries[0]["why"], "unknown or revoked access token");
    assert_eq!(entries[0]["headers"]["authorization"], "Bearer [masked]");
    assert_eq!(entries[1]["path"], "/v1/nothing");
}

#[test]
fn it_is_asked_by_what_entries_have() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let ines = connect_user(&sandbox, "ines@harbourdental.example");
    get(&sandbox, "/v1/userinfo", ada.token()).is(200);
    get(&sandbox, "/v1/userinfo", ines.token()).is(200);
    refresh(&sandbox, "unknown").oauth_error("invalid_grant");
    let fault = sandbox.fault(Fault::on_everything().reset()).expect("a sensible fault");
    let host = sandbox.api_url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).expect("it listens");
    write!(stream, "GET /v1/account HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("it reads");
    eventually(|| sandbox.requests_served() == 8);

    assert_eq!(numbers(&sandbox, ""), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(numbers(&sandbox, "operation=POST+/oauth/token"), [2, 4, 7]);
    assert_eq!(numbers(&sandbox, "method=get"), [5, 6, 8]);
    assert_eq!(numbers(&sandbox, "path=/v1/"), [5, 6, 8]);
    assert_eq!(numbers(&sandbox, "status=400"), [7]);
    assert_eq!(numbers(&sandbox, "status=3xx"), [1, 3]);
    assert_eq!(numbers(&sandbox, "status=none"), [8]);
    assert_eq!(numbers(&sandbox, &format!("sub={}", ada.text("sub"))), [2, 5]);
    assert_eq!(numbers(&sandbox, &format!("client_id={}", sandbox.client_id())), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(numbers(&sandbox, &format!("fault={fault}")), [8]);
    assert_eq!(numbers(&sandbox, "fault=any"), [8]);
    assert_eq!(numbers(&sandbox, "since=6"), [7, 8]);
    assert_eq!(numbers(&sandbox, "limit=2"), [7, 8]);
    assert_eq!(numbers(&sandbox, "since=2&operation=POST%20/oauth/token&status=200"), [4]);
    for (query, field) in [
        ("operation=POST+/oauth/tokens", "operation"),
        ("status=9xx", "status"),
        ("since=yesterday", "since"),
        ("limit=-1", "limit"),
        ("statsu=200", "statsu"),
    ] {
        let answer = control(&sandbox, "GET", &format!("{JOURNAL}?{query}"), &Value::Null).refused(422);
        assert!(answer.json()["errors"][field].is_array(), "{}", answer.body);
    }
    control(&sandbox, "DELETE", JOURNAL, &Value::Null).is(204);
    assert_eq!((numbers(&sandbox, "").len(), sandbox.requests_served()), (0, 8));
}

/// Every flow that gives out a secret, those secrets sent back in all manner of places, and none of it in the
/// journal.
#[test]
fn s33_no_secret_is_in_the_journal() {
    let sandbox = start();
    let mut secrets = vec![sandbox.client_secret().to_owned(), sandbox.add_client_secret()];
    let code = allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[]), "ada@orchard.example");
    secrets.push(code.clone());
    secrets.push(allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[]), "ada@orchard.example"));
    let tokens = Connected(exchange(&sandbox, &code).is(200).json());
    for name in ["access_token", "refresh_token"] {
        secrets.push(tokens.text(name).to_owned());
    }
    let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    secrets.push(again.token().to_owned());
    let link = post_json(&sandbox, "/v1/link_tokens", tokens.token(), &json!({})).is(200).json();
    secrets.push(link["link_token"].as_str().expect("a link token").to_owned());
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    secrets.push(service.token().to_owned());
    let receiver = Receiver::start(&[]);
    let url = receiver.url.replace("user=9", "key=hush-hush-hush");
    let body = json!({ "email": "ada@orchard.example", "callback_url": url, "scope": "read_only" });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
    secrets.push(receiver.next().code());

    for secret in &secrets {
        let nested = json!({
            "note": secret, "text": format!("see x{secret}y, and {secret}"), "deep": [{ "a": { "b": secret } }],
            secret.as_str(): 1, "token": { "inside": secret }, "long": format!("{}{secret}", "-".repeat(500)),
        });
        post_json(&sandbox, "/v1/availability", secret, &nested);
        post_form(
            &sandbox,
            "/oauth/token",
            &[("note", secret), (secret, "x"), ("password", "hush-hush-hush")],
        );
        let path = format!("/v1/{secret}?q={secret}&{secret}=1&state=hush-hush-hush");
        let headers = [("User-Agent", secret.as_str()), ("Cookie", secret), ("Authorization", secret)];
        send(sandbox.api_url(), "GET", &path, &headers, b"");
        send(sandbox.api_url(), "POST", "/oauth/token", &[("Content-Type", "text/plain")], secret.as_bytes());
        refresh(&sandbox, secret);
        revoke(&sandbox, "token", &format!("{secret}x"));
    }
    // Known by where they were: no secrets of the sandbox.
    secrets.push("hush-hush-hush".to_owned());
    let shown = control(&sandbox, "GET", &format!("{JOURNAL}?limit=1000"), &Value::Null).is(200).body;
    let debug = format!("{:?}", sandbox.journal());
    assert!(shown.contains("[masked]") && shown.contains("ada@orchard.example"));
    for text in [shown, debug] {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret}");
            // Nor most of it, where a text was cut.
            assert!(!text.contains(&secret[..secret.len() - 4]), "{secret}");
        }
    }
}

/// A client logs what it is told, and the path that it asked for is part of that.
#[test]
fn s33_no_refusal_holds_a_secret() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    for secret in [ada.token(), ada.text("refresh_token"), sandbox.client_secret()] {
        let answers = [
            get(&sandbox, &format!("/v1/{secret}"), ada.token()).refused(404),
            get(&sandbox, &format!("/{secret}"), ada.token()).refused(404),
            post_json(&sandbox, &format!("/v1/events/pages/{secret}"), ada.token(), &json!({})).refused(404),
            browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("scope", secret)])).refused(302),
        ];
        for answer in answers {
            assert!(!format!("{answer:?}").contains(secret), "{answer:?}");
        }
    }
}

#[test]
fn what_is_long_is_cut() {
    let sandbox = start();
    let body = json!({ "list": vec!["a"; 5000], "text": "b ".repeat(5000), "x".repeat(1000): 1 });
    post_json(&sandbox, "/v1/availability", "none", &body).refused(401);
    let entry = entries(&sandbox, "").pop().expect("an entry");
    assert_eq!(entry["cut"], true);
    assert_eq!(entry["body_bytes"], body.to_string().len());
    assert!(entry.to_string().len() < 10_000);
}

#[test]
fn expectations_are_met_or_explained() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    refresh(&sandbox, tokens.text("refresh_token")).is(200);
    refresh(&sandbox, "unknown").oauth_error("invalid_grant");
    let refreshes = json!({ "operation": "POST /oauth/token", "fields": { "grant_type": "refresh_token" } });
    let with = |more: Value| {
        let mut one = refreshes.clone();
        one.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        one
    };
    let verify =
        |expect: Value| control(&sandbox, "POST", VERIFY, &json!({ "expect": [expect] })).is(200).json();
    for met in [
        json!({}),
        json!({ "times": 2 }),
        json!({ "at_least": 1, "at_most": 2 }),
        json!({ "status": 200, "times": 1 }),
        json!({ "status": "4xx", "times": 1 }),
        json!({ "status": 500, "times": 0 }),
        json!({ "status": 500, "at_most": 1 }),
        json!({ "sub": tokens.text("sub"), "times": 1 }),
        json!({ "since": 3, "times": 1 }),
    ] {
        let answer = verify(with(met.clone()));
        assert_eq!(
            (&answer["ok"], &answer["results"][0]["ok"]),
            (&json!(true), &json!(true)),
            "{met}: {answer}"
        );
        assert_eq!(answer["results"][0]["nearest"], Value::Null);
    }
    let answer = verify(with(json!({ "status": 200, "times": 2 })));
    assert_eq!(
        answer,
        json!({ "ok": false, "results": [{
            "ok": false,
            "expected": with(json!({ "status": 200, "times": 2 })),
            "saw": 1,
            "entries": [3],
            "nearest": "nearest: entry 4, POST /oauth/token: the status is 400 instead of 200, because \
                        refresh_token is unknown, replaced, revoked or another client's",
        }]})
    );
    for (unmet, part) in [
        (with(json!({ "times": 1 })), "too many: entries [3, 4]"),
        (with(json!({ "times": 3 })), "grant_type is \"authorization_code\" instead of \"refresh_token\""),
        (with(json!({ "fields": { "refresh_token": "x" } })), "refresh_token is masked in the journal"),
        (with(json!({ "fields": { "grant_type": "refresh_token", "nothing": 1 } })), "nothing is missing"),
        (json!({ "operation": "POST /oauth/token/revoke" }), "the operation is "),
        (json!({ "operation": "POST /oauth/token", "times": 9 }), "too few: entries ["),
    ] {
        let answer = verify(unmet.clone());
        let nearest = answer["results"][0]["nearest"].as_str().unwrap_or_default();
        assert!(nearest.contains(part), "{unmet}: {nearest}");
    }
    sandbox.clear_journal();
    assert_eq!(verify(refreshes.clone())["results"][0]["nearest"], "the journal is empty");
}

#[test]
fn expectations_that_make_no_sense_are_refused_by_the_member() {
    let sandbox = start();
    for (expect, field) in [
        (json!({ "expect": [{ "operation": "GET /v1/user" }] }), "expect[0].operation"),
        (json!({ "expect": [{}, { "statsu": 200 }] }), "expect[1].statsu"),
        (json!({ "expect": [{ "status": [200] }] }), "expect[0].status"),
        (json!({ "expect": [{ "times": -1 }] }), "expect[0].times"),
        (json!({ "expect": [{ "times": 1, "at_least": 1 }] }), "expect[0].times"),
        (json!({ "expect": [{ "at_least": 2, "at_most": 1 }] }), "expect[0].at_least"),
        (json!({ "expect": [{ "fields": "x" }] }), "expect[0].fields"),
        (json!({ "expect": [1] }), "expect[0]"),
        (json!({ "expect": [] }), "expect"),
        (json!({ "expect": vec![json!({}); 101] }), "expect"),
        (json!({}), "expect"),
        (json!({ "expects": [] }), "expects"),
    ] {
        let answer = control(&sandbox, "POST", VERIFY, &expect).refused(422);
        assert!(answer.json()["errors"][field].is_array(), "{expect}: {}", answer.body);
    }
}

#[test]
fn a_failing_test_reads_why() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    get(&sandbox, "/v1/userinfo", tokens.token()).is(200);
    let met =
        sandbox.expect(Expectation::of("GET /v1/userinfo").about(tokens.text("sub")).status(200).times(1));
    assert_eq!(met.expect("it was asked for").len(), 1);
    let unmet = sandbox.expect(Expectation::of("GET /v1/userinfo").status(401).at_least(2)).unwrap_err();
    let told = "expected at least 2, saw 0\n  \
                expected: {\"at_least\":2,\"operation\":\"GET /v1/userinfo\",\"status\":401}\n  \
                nearest: entry 3, GET /v1/userinfo: the status is 200 instead of 401";
    assert_eq!((unmet.to_string().as_str(), format!("{unmet:?}").as_str()), (told, told));
    let slip = sandbox.expect(Expectation::of("GET /v1/userinf")).unwrap_err().to_string();
    assert!(slip.contains("the nearest is GET /v1/userinfo"), "{slip}");
}

/// A reader of server-sent events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(sandbox: &Sandbox, query: &str, more: &str) -> Self {
        let host = sandbox.api_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket option");
        write!(stream, "GET {JOURNAL}/stream?{query} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
            .expect("it reads");
        let mut events = Self(BufReader::new(stream));
        // Once this has come, nothing is missed.
        while events.line().is_some_and(|line| line != ": journal") {}
        events
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).unwrap_or_default();
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The data of the next event.
    fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(data) = self.line()?.strip_prefix("data: ") {
                return serde_json::from_str(data).ok();
            }
        }
    }
}

#[test]
fn it_can_be_followed() {
    let sandbox = start();
    get(&sandbox, "/v1/account", "none").refused(401);
    get(&sandbox, "/v1/userinfo", "none").refused(401);
    let mut all = Events::open(&sandbox, "", "");
    let mut some = Events::open(&sandbox, "operation=GET+/v1/userinfo&since=0", "");
    let mut back = Events::open(&sandbox, "since=0", "Last-Event-ID: 1\r\n");
    assert_eq!(some.next().map(|entry| entry["sequence"].clone()), Some(json!(2)));
    assert_eq!(back.next().map(|entry| entry["sequence"].clone()), Some(json!(2)));
    get(&sandbox, "/v1/account", "none").refused(401);
    get(&sandbox, "/v1/userinfo", "none").refused(401);
    assert_eq!(all.next().map(|entry| entry["sequence"].clone()), Some(json!(3)));
    assert_eq!(some.next().map(|entry| entry["sequence"].clone()), Some(json!(4)));
    assert_eq!(all.next(), entries(&sandbox, "since=3").pop());
    let began = std::time::Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(2), "those who follow are let go");
    while all.line().is_some() {}
}

#[tokio::test]
async fn it_can_be_watched() {
    let sandbox = builder().start().await.expect("a sandbox starts");
    let mut watch = sandbox.watch();
    let url = sandbox.api_url().to_owned();
    let asked = tokio::task::spawn_blocking(move || send(&url, "GET", "/v1/userinfo", &[], b"").refused(401));
    let entry = watch.next().await.expect("an entry");
    assert_eq!((entry.operation, entry.status), (Some("GET /v1/userinfo"), Some(401)));
    asked.await.expect("it was answered");
    sandbox.shutdown().await;
    assert!(watch.next().await.is_none());
}
