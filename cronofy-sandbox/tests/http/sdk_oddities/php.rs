//! cronofy-php 1.7.

use serde_json::json;

use super::{Writer, code, morning, redemption};
use crate::support::*;

const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

#[test]
fn php_forces_a_host_header() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    for host in ["api.cronofy.com", "api-de.cronofy.com", "api-us.cronofy.com"] {
        let headers = [("Authorization", bearer.as_str()), ("Host", host)];
        send(sandbox.api_url(), "GET", "/v1/account", &headers, b"").is(200);
    }
    // The address of a page is the sandbox's nevertheless: it is followed as it is.
    let small = builder().page_size(8).start_blocking().expect("a sandbox starts");
    let tokens = connect_user(&small, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), ("Host", "api.cronofy.com")];
    let page = send(small.api_url(), "GET", "/v1/free_busy?tzid=Etc/UTC", &headers, b"").is(200).json();
    assert!(
        page["pages"]["next_page"].as_str().is_some_and(|next| next.starts_with(small.api_url())),
        "{page}"
    );
}

#[test]
fn php_has_no_authorization_header_before_it_has_a_token() {
    let sandbox = start();
    let body = redemption(&sandbox, &code(&sandbox)).to_string();
    let headers = [JSON, ("Host", "api.cronofy.com")];
    send(sandbox.api_url(), "POST", "/oauth/token", &headers, body.as_bytes()).is(200);
}

#[test]
fn php_turns_true_into_1() {
    let sandbox = start();
    browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("avoid_linking", "1")])).is(200);
}

/// What a browser leaves as it is in a query. What it would cut or encode is the application's to encode.
#[test]
fn php_leaves_the_state_as_it_is() {
    let sandbox = start();
    let raw = "user:9/from?to=@home;x|y,{z}[0]!*'()~";
    let target = target(&sandbox, INDIVIDUAL, &[("state", "")]).replace("state=", &format!("state={raw}"));
    let back = decide(&sandbox, &target, &[("decision", "allow"), ("account", "ada@orchard.example")]);
    assert_eq!(back.param("state").as_deref(), Some(raw));
}

#[test]
fn php_sends_an_empty_list_where_there_is_no_body() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let post = |path: &str| {
        send(sandbox.api_url(), "POST", path, &[("Authorization", bearer.as_str()), JSON], b"[]")
    };
    post("/v1/link_tokens").is(200);
    post(&format!("/v1/profiles/{}/revoke", tokens.profile_id())).is(202);
}

#[test]
fn php_writes_brackets_as_they_are() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let rows = |query: &str| {
        let target = format!("/v1/free_busy?tzid=Etc%2FUTC&{query}");
        get(&sandbox, &target, tokens.token()).is(200).json()["free_busy"].as_array().map(Vec::len)
    };
    assert_eq!(rows("calendar_ids[]=cal_a&calendar_ids[]=cal_b"), Some(0));
    assert!(rows("include_managed=true") > Some(0));
}

#[test]
fn php_puts_a_slash_after_available_periods() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), JSON];
    let body = br#"{"available_period_id":"p-1"}"#;
    for path in ["/v1/available_periods/", "/v1/available_periods"] {
        send(sandbox.api_url(), "DELETE", path, &headers, body).is(202);
    }
}

#[test]
fn php_closes_a_channel_with_an_empty_list() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let writer = Writer::connect(&sandbox);
    let body = json!({ "callback_url": receiver.url }).to_string();
    let channel = writer.send("POST", "/v1/channels", &[], &body).is(200).json();
    let id = channel["channel"]["channel_id"].as_str().expect("an identifier");
    writer.send("DELETE", &format!("/v1/channels/{id}"), &[], "[]").is(202);
}

/// `reject` is how its comments, and those of Ruby, call what the documentation calls `remove`.
#[test]
fn php_rejects_attendees() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    let guest = json!([{ "email": "guest@elsewhere.example", "display_name": "Guest" }]);
    let mut event = morning();
    event["attendees"] = json!({ "invite": guest });
    writer.write(&event).is(202);
    let invited = writer.written("")[0]["attendees"].to_string();
    assert!(invited.contains("guest@elsewhere.example"), "{invited}");
    event["attendees"] = json!({ "reject": guest });
    writer.write(&event).is(202);
    let left = writer.written("")[0]["attendees"].to_string();
    assert!(!left.contains("guest@elsewhere.example"), "{left}");
}
