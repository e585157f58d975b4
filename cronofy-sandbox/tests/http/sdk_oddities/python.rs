//! pycronofy 2.1.

use serde_json::{Value, json};

use super::{Writer, code, morning, redemption, refreshing, visit};
use crate::support::*;

#[test]
fn python_sends_empty_parameters_and_capital_booleans() {
    let sandbox = start();
    let more = [("state", ""), ("provider_name", ""), ("avoid_linking", "False"), ("link_token", "")];
    let target = target(&sandbox, INDIVIDUAL, &more);
    let back = decide(&sandbox, &target, &[("decision", "allow"), ("account", "ada@orchard.example")]);
    assert_eq!(back.param("state"), None);
    assert!(back.param("code").is_some());
}

#[test]
fn python_sends_an_empty_object_with_every_call_that_has_no_body() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
    for path in ["/v1/userinfo", "/v1/account", "/v1/profiles", "/v1/calendars", "/v1/free_busy?tzid=Etc/UTC"]
    {
        send(sandbox.api_url(), "GET", path, &headers, b"{}").is(200);
    }
    let path = format!("/v1/profiles/{}/revoke", tokens.profile_id());
    send(sandbox.api_url(), "POST", &path, &headers, b"{}").is(202);
}

#[test]
fn python_sends_bearer_none_or_a_stale_token_to_the_token_endpoint() {
    let sandbox = start();
    let body = redemption(&sandbox, &code(&sandbox));
    let tokens = Connected(post_json(&sandbox, "/oauth/token", "None", &body).is(200).json());
    let body = refreshing(&sandbox, tokens.text("refresh_token"));
    sandbox.advance(std::time::Duration::from_secs(7200));
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
    post_json(&sandbox, "/oauth/token", tokens.token(), &body).is(200);
}

/// As C# does, which refuses an empty one and a negative one.
#[test]
fn python_reads_refresh_token_and_expires_in_of_every_token_answer() {
    let sandbox = start();
    let complete = |answer: &Value| {
        assert!(answer["refresh_token"].as_str().is_some_and(|token| !token.is_empty()), "{answer}");
        assert!(answer["expires_in"].as_u64().is_some_and(|seconds| seconds > 0), "{answer}");
    };
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    complete(&tokens.0);
    complete(&refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    complete(&connect_domain(&sandbox, "admin@orchard.example", "read_write").0);
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "application_calendar_id": "front-desk",
    });
    complete(&post_json(&sandbox, "/v1/application_calendars", "None", &body).is(200).json());
}

#[test]
fn python_writes_booleans_with_a_capital() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let start = |localized: &str| {
        let target = format!("/v1/free_busy?tzid=Etc%2FUTC&include_managed=True&localized_times={localized}");
        get(&sandbox, &target, tokens.token()).is(200).json()["free_busy"][0]["start"].clone()
    };
    assert_eq!(start("True")["tzid"], "Etc/UTC");
    assert!(start("False").is_string());
}

#[test]
fn python_adds_a_state_beside_its_batch() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let entry =
        json!({ "email": "bram@orchard.example", "callback_url": receiver.url, "scope": "read_events" });
    let body = json!({ "service_account_authorizations": [entry], "state": "for all" });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
    assert_eq!(
        receiver.next().authorization()["state"],
        Value::Null,
        "documented nowhere, so it means nothing"
    );
}

#[test]
fn python_says_in_the_query_what_to_delete() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    let calendar = format!("calendar_ids%5B%5D={}", writer.calendar_id);
    for query in ["delete_all=True", &calendar] {
        writer.write(&morning()).is(202);
        assert_eq!(writer.written("").len(), 1);
        writer.send("DELETE", &format!("/v1/events?{query}"), &[], "{}").is(202);
        assert_eq!(writer.written("").len(), 0, "{query}");
    }
}

#[test]
fn python_sends_every_boolean_of_a_query() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    writer.write(&morning()).is(202);
    let target = "/v1/events?tzid=Etc%2FUTC&only_managed=True&include_managed=True&include_deleted=False\
                  &include_moved=False&include_geo=False&localized_times=False&from=2031-03-04&to=2031-03-05";
    let page = writer.send("GET", target, &[], "{}").is(200).json();
    assert_eq!(page["events"][0]["event_id"], "visit-1");
    assert_eq!(
        (&page["pages"]["current"], &page["pages"]["total"]),
        (&json!(1), &json!(1)),
        "both are compared"
    );
}

#[test]
fn python_writes_utc_in_three_ways() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    for zone in ["Z", "UTC", "+00:00"] {
        let at = |hour: u8| json!(format!("2031-03-04T{hour:02}:00:00{zone}"));
        writer.write(&visit(&at(9), &at(10))).is(202);
        assert_eq!(writer.written("")[0]["start"], "2031-03-04T09:00:00Z", "{zone}");
    }
}

#[test]
fn python_closes_a_channel_with_an_empty_object() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let writer = Writer::connect(&sandbox);
    let body = json!({ "callback_url": receiver.url }).to_string();
    let channel = writer.send("POST", "/v1/channels", &[], &body).is(200).json();
    let id = channel["channel"]["channel_id"].as_str().expect("an identifier");
    writer.send("DELETE", &format!("/v1/channels/{id}"), &[], "{}").is(202);
}
