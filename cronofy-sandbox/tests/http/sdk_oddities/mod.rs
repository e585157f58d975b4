//! What the official clients send, one test each (protocol notes, section 15), by language. Those of Node and Python
//! go through the sandbox themselves in `.ci/clients`; what is here holds without them.

mod csharp;
mod node;
mod php;
mod python;
mod ruby;

use serde_json::{Value, json};

use crate::support::*;

fn code(sandbox: &cronofy_sandbox::Sandbox) -> String {
    allow(sandbox, &target(sandbox, INDIVIDUAL, &[]), "ada@orchard.example")
}

/// The body that redeems `code`.
fn redemption(sandbox: &cronofy_sandbox::Sandbox, code: &str) -> Value {
    json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
    })
}

/// The body that refreshes.
fn refreshing(sandbox: &cronofy_sandbox::Sandbox, refresh_token: &str) -> Value {
    json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
    })
}

/// A query about an hour of one person's day, with times written as `start` and `end`.
fn availability(sub: &str, start: &str, end: &str) -> Value {
    json!({
        "participants": [{ "required": "all", "members": [{ "sub": sub }] }],
        "required_duration": { "minutes": 60 },
        "query_periods": [{ "start": start, "end": end }],
    })
}

/// Somebody's calendar to write to, in the first days of March 2031.
struct Writer<'a> {
    sandbox: &'a cronofy_sandbox::Sandbox,
    tokens: Connected,
    calendar_id: String,
}

impl<'a> Writer<'a> {
    fn connect(sandbox: &'a cronofy_sandbox::Sandbox) -> Self {
        control(sandbox, "PUT", "/_sandbox/clock", &json!({ "now": "2031-03-01T00:00:00Z" })).is(200);
        let tokens = connect_user(sandbox, "sam@postbox.example");
        let calendars = get(sandbox, "/v1/calendars", tokens.token()).is(200).json();
        let rows = calendars["calendars"].as_array().expect("a list");
        let primary = rows.iter().find(|row| row["calendar_primary"] == true).expect("a primary calendar");
        let calendar_id = primary["calendar_id"].as_str().expect("an identifier").to_owned();
        Self { sandbox, tokens, calendar_id }
    }

    fn path(&self) -> String {
        format!("/v1/calendars/{}/events", self.calendar_id)
    }

    /// A request with `body`, as JSON, and more headers.
    fn send(&self, method: &str, target: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.tokens.token());
        let usual = [("Authorization", bearer.as_str()), ("Content-Type", "application/json; charset=utf-8")];
        send(self.sandbox.api_url(), method, target, &[&usual, more].concat(), body.as_bytes())
    }

    fn write(&self, event: &Value) -> Answer {
        self.send("POST", &self.path(), &[], &event.to_string())
    }

    /// What the application wrote, with `more` in the query.
    fn written(&self, more: &str) -> Vec<Value> {
        let target = format!("/v1/events?tzid=Etc/UTC&only_managed=true&include_managed=true{more}");
        let page = get(self.sandbox, &target, self.tokens.token()).is(200).json();
        page["events"].as_array().expect("a list").clone()
    }
}

/// An event from `start` to `end`.
fn visit(start: &Value, end: &Value) -> Value {
    json!({ "event_id": "visit-1", "summary": "Visit", "description": "", "start": start, "end": end })
}

fn morning() -> Value {
    visit(&json!("2031-03-04T09:00:00Z"), &json!("2031-03-04T10:00:00Z"))
}

#[test]
fn a_missing_content_type_is_guessed_from_the_body() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let body = refreshing(&sandbox, tokens.text("refresh_token"));
    send(sandbox.api_url(), "POST", "/oauth/token", &[], body.to_string().as_bytes()).is(200);
    let object = body.as_object().expect("an object");
    let pairs: Vec<(&str, &str)> =
        object.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("text"))).collect();
    send(sandbox.api_url(), "POST", "/oauth/token", &[], form(&pairs).as_bytes()).is(200);
}

/// PKCE is documented nowhere, `locale` changes nothing here, and one page shows a `Scope` header that no other
/// source knows.
#[test]
fn what_means_nothing_is_ignored() {
    let sandbox = start();
    let more =
        [("code_challenge", "x"), ("code_challenge_method", "S256"), ("locale", "cy"), ("email", "a@b")];
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &more);
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), ("Scope", "organizational_unit_scheduler")];
    send(sandbox.api_url(), "GET", "/v1/userinfo?unknown=1", &headers, b"{}").is(200);
}

#[test]
fn the_default_scopes_of_every_sdk_are_taken() {
    let sandbox = start();
    for scope in [
        "read_account read_events create_event delete_event",
        "read_account list_calendars read_events create_event delete_event",
        "read_write",
    ] {
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("scope", scope)])).is(200);
    }
}

/// Clients write one moment in four ways.
#[test]
fn every_spelling_of_a_time_means_the_same() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let ask = |start: &str, end: &str| {
        let body = availability(tokens.text("sub"), start, end);
        post_json(&sandbox, "/v1/availability", tokens.token(), &body).is(200).json()
    };
    let expected = ask("2031-03-04T09:00:00Z", "2031-03-04T17:00:00Z");
    assert!(expected["available_periods"][0]["start"].is_string());
    for (start, end) in [
        ("2031-03-04T09:00:00UTC", "2031-03-04T17:00:00UTC"),
        ("2031-03-04T09:00:00+00:00", "2031-03-04T17:00:00+00:00"),
        ("2031-03-04 09:00:00Z", "2031-03-04 17:00:00Z"),
    ] {
        assert_eq!(ask(start, end), expected, "{start}");
    }
}

/// Every SDK puts identifiers into paths as they are; a careful client encodes them.
#[test]
fn an_identifier_in_a_path_may_be_encoded() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let id = tokens.profile_id().replace('_', "%5F");
    post_json(&sandbox, &format!("/v1/profiles/{id}/revoke"), tokens.token(), &json!({})).is(202);
    let writer = Writer::connect(&sandbox);
    let id = writer.calendar_id.replace('_', "%5F");
    writer.send("POST", &format!("/v1/calendars/{id}/events"), &[], &morning().to_string()).is(202);
    assert_eq!(writer.written("").len(), 1);
}
