//! The client for .NET, 1.12.

use serde_json::{Value, json};

use super::{Writer, availability, code, morning, redemption, refreshing, visit};
use crate::support::*;

/// The .NET client says of every plain body that it is encoded.
const ENCODED: (&str, &str) = ("Content-Encoding", "gzip;q=1.0,deflate;q=0.6,identity;q=0.3");
const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

#[test]
fn csharp_claims_an_encoding_that_it_does_not_use() {
    let sandbox = start();
    let body = redemption(&sandbox, &code(&sandbox)).to_string();
    let answer = send(sandbox.app_url(), "POST", "/oauth/token", &[JSON, ENCODED], body.as_bytes());
    let tokens = Connected(answer.is(200).json());
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), JSON, ENCODED];
    send(sandbox.api_url(), "GET", "/v1/userinfo", &headers, b"").is(200);
    let body = availability(tokens.text("sub"), "2031-03-04T09:00:00Z", "2031-03-04T17:00:00Z").to_string();
    send(sandbox.api_url(), "POST", "/v1/availability", &headers, body.as_bytes()).is(200);
}

#[test]
fn csharp_refreshes_and_revokes_on_the_app_host() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let post = |path: &str, body: &Value| {
        send(sandbox.app_url(), "POST", path, &[JSON, ENCODED], body.to_string().as_bytes()).is(200);
    };
    post("/oauth/token", &refreshing(&sandbox, tokens.text("refresh_token")));
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "sub": tokens.0["sub"],
        "request_pii_erasure": true,
    });
    post("/oauth/token/revoke", &body);
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}

#[test]
fn csharp_orders_parameters_its_own_way_and_writes_spaces_as_percent_20() {
    let sandbox = start();
    let redirect_uri = "http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Ftenant%3D7";
    let target = format!(
        "/oauth/authorize?client_id={}&response_type=code&redirect_uri={redirect_uri}\
         &scope=read_account%20list_calendars%20read_events",
        sandbox.client_id()
    );
    let code = allow(&sandbox, &target, "ada@orchard.example");
    let tokens = exchange(&sandbox, &code).is(200).json();
    assert_eq!(tokens["scope"], "read_account list_calendars read_events");
    let target = format!(
        "/enterprise_connect/oauth/authorize?client_id={}&response_type=code&redirect_uri={redirect_uri}\
         &delegated_scope=read_account%20read_events&scope=service_account%2Faccounts%2Fmanage",
        sandbox.client_id()
    );
    let code = allow(&sandbox, &target, "admin@orchard.example");
    let service = exchange(&sandbox, &code).is(200).json();
    let info =
        get(&sandbox, "/v1/userinfo", service["access_token"].as_str().expect("a token")).is(200).json();
    assert_eq!(info["cronofy.data"]["authorization"]["delegated_scope"], "read_account read_events");
}

#[test]
fn csharp_encodes_brackets_and_puts_a_space_into_a_time() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let calendars = get(&sandbox, "/v1/calendars", tokens.token()).is(200).json();
    let id = calendars["calendars"][0]["calendar_id"].as_str().expect("an identifier");
    let target = format!(
        "/v1/free_busy?tzid=Etc%2FUTC&localized_times=true&calendar_ids%5B%5D={id}\
         &last_modified=2001-03-04%2009%3A00%3A00Z"
    );
    let rows = get(&sandbox, &target, tokens.token()).is(200).json()["free_busy"].clone();
    let first = &rows[0];
    assert_eq!(first["calendar_id"], id);
    // It reads "yyyy-MM-ddTHH:mm:sszzz" or a Date, and nothing else.
    let time = first["start"]["time"].as_str().expect("a localized time");
    assert!(time.len() == 25 && time.ends_with("+00:00") || time.len() == 10, "{time}");
}

#[test]
fn csharp_writes_every_time_as_an_object_with_a_space_in_it() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    let at = |time: &str| json!({ "time": time, "tzid": "Europe/London" });
    writer
        .send(
            "POST",
            &writer.path(),
            &[ENCODED],
            &visit(&at("2031-03-04 09:00:00Z"), &at("2031-03-04 10:00:00Z")).to_string(),
        )
        .is(202);
    let event = &writer.written("&localized_times=true")[0];
    assert_eq!(event["start"], json!({ "time": "2031-03-04T09:00:00+00:00", "tzid": "Europe/London" }));
    writer.write(&visit(&at("2031-07-04"), &at("2031-07-05"))).is(202);
    let event = &writer.written("&localized_times=true")[0];
    assert_eq!(event["end"], json!({ "time": "2031-07-05", "tzid": "Europe/London" }));
}

#[test]
fn csharp_deletes_by_bodies() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    let calendars = json!({ "calendar_ids": [writer.calendar_id] });
    let one = json!({ "event_id": "visit-1" });
    for (target, body) in [
        (writer.path(), one),
        ("/v1/events".to_owned(), json!({ "delete_all": true })),
        ("/v1/events".to_owned(), calendars),
    ] {
        writer.write(&morning()).is(202);
        writer.send("DELETE", &target, &[ENCODED], &body.to_string()).is(202);
        assert_eq!(writer.written("").len(), 0, "{body}");
    }
}

/// It reads times of change in one format, and booleans that must not be null.
#[test]
fn csharp_reads_events_strictly() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    writer.write(&morning()).is(202);
    let lunch = json!({ "summary": "Lunch", "start": "2031-03-04T12:00:00Z", "end": "2031-03-04T13:00:00Z" });
    control(&sandbox, "POST", "/_sandbox/users/sam@postbox.example/events", &lunch).is(201);
    let target = "/v1/events?tzid=Etc%2FUTC&localized_times=true&include_managed=true&google_event_ids=false";
    let page = writer.send("GET", target, &[ENCODED], "").is(200).json();
    let events = page["events"].as_array().expect("a list");
    assert_eq!(events.len(), 2);
    for event in events {
        for name in ["created", "updated"] {
            assert!(
                event[name].as_str().is_some_and(|time| time.len() == 20 && time.ends_with('Z')),
                "{event}"
            );
        }
        for name in ["deleted", "recurring", "event_private"] {
            assert!(event[name].is_boolean(), "{name}: {event}");
        }
        assert!(event["start"]["tzid"].is_string() && event["end"]["tzid"].is_string(), "{event}");
    }
}
