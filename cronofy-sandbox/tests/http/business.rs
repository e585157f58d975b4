//! Business Connect: calendars that are shared with the person who connects.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::*;

const DELEGATE: &str = "/v1/delegated_authorizations";

fn primary(sandbox: &cronofy_sandbox::Sandbox) -> Connected {
    connect(sandbox, INDIVIDUAL, "ada@orchard.example", &[("delegated_scope", "read_only")])
}

fn request(primary: &Connected, receiver: &Receiver, email: &str, scope: &str) -> Value {
    json!({
        "profile_id": primary.profile_id(),
        "email": email,
        "callback_url": receiver.url,
        "scope": scope,
        "state": "row-77",
    })
}

#[test]
fn a_whole_exchange() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let primary = primary(&sandbox);
    assert_eq!(primary.0["scope"], "read_write");
    let body = request(&primary, &receiver, "bram@orchard.example", "read_only");
    assert_eq!(post_json(&sandbox, DELEGATE, primary.token(), &body).is(202).body, "");

    let arrived = receiver.next();
    assert!(arrived.head.starts_with("POST /hook?user=9 HTTP/1.1"));
    assert_eq!(arrived.header("content-type"), Some("application/json; charset=utf-8"));
    let mut mac = Hmac::<Sha256>::new_from_slice(sandbox.client_secret().as_bytes()).expect("any key");
    mac.update(&arrived.body);
    let digest = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(arrived.header("cronofy-hmac-sha256"), Some(digest.as_str()));
    let authorization = arrived.authorization();
    assert_eq!(authorization["state"], "row-77");
    assert_eq!(authorization.as_object().map(serde_json::Map::len), Some(2));

    let code = arrived.code();
    exchange_as(&sandbox, &code, "callback_url", "http://127.0.0.1:9/hook").oauth_error("invalid_grant");
    let delegate = Connected(exchange_as(&sandbox, &code, "callback_url", &receiver.url).is(200).json());
    assert_eq!(delegate.0["scope"], "read_only");
    assert_eq!(delegate.0["linking_profile"]["profile_name"], "");
    assert_eq!(delegate.text("account_id"), delegate.text("sub"));
    let userinfo = get(&sandbox, "/v1/userinfo", delegate.token()).is(200).json();
    assert_eq!(userinfo["email"], "bram@orchard.example");
    // A delegate is an ordinary account: it cannot delegate further.
    post_json(&sandbox, DELEGATE, delegate.token(), &body).refused(403);
}

#[test]
fn the_code_is_taken_under_either_name() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let primary = primary(&sandbox);
    let body = request(&primary, &receiver, "cleo@orchard.example", "list_calendars read_free_busy");
    post_json(&sandbox, DELEGATE, primary.token(), &body).is(202);
    exchange_as(&sandbox, &receiver.next().code(), "redirect_uri", &receiver.url).is(200);
}

#[test]
fn what_cannot_be_reached_is_told_by_callback() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let primary = primary(&sandbox);
    for (email, scope, error, key) in [
        ("dov@orchard.example", "read_only", "access_denied", "errors.calendar_not_accessible"),
        ("nobody@elsewhere.example", "read_only", "access_denied", "errors.calendar_not_accessible"),
        ("bram@orchard.example", "read_write", "unable_to_grant_scope", "errors.scope_not_delegated"),
    ] {
        post_json(&sandbox, DELEGATE, primary.token(), &request(&primary, &receiver, email, scope)).is(202);
        let authorization = receiver.next().authorization();
        assert_eq!((&authorization["error"], &authorization["error_key"]), (&json!(error), &json!(key)));
        assert_eq!(authorization["state"], "row-77");
        assert!(authorization["error_description"].is_string() && authorization.get("code").is_none());
    }
}

#[test]
fn what_is_wrong_with_the_request_is_told_at_once() {
    let sandbox = start();
    let primary = primary(&sandbox);
    let errors = post_json(&sandbox, DELEGATE, primary.token(), &json!({})).refused(422).json();
    for field in ["profile_id", "email", "callback_url", "scope"] {
        assert_eq!(errors["errors"][field], json!([{ "key": "errors.required", "description": "required" }]));
    }
    let receiver = Receiver::start(&[]);
    let mut body = request(&primary, &receiver, "bram@orchard.example", "read_only");
    body["profile_id"] = json!("pro_other");
    body["callback_url"] = json!("not a url");
    let errors = post_json(&sandbox, DELEGATE, primary.token(), &body).refused(422).json();
    assert_eq!(errors["errors"].as_object().map(serde_json::Map::len), Some(2));

    let plain = connect_user(&sandbox, "bram@orchard.example");
    post_json(&sandbox, DELEGATE, plain.token(), &body).refused(403);
    post_json(&sandbox, DELEGATE, "unknown", &body).refused(401);
}

/// A free/busy account has a second profile, which Cronofy hosts: no colleague shares anything with that.
#[test]
fn nothing_is_reached_through_a_hosted_profile() {
    let sandbox = start();
    let more = [("delegated_scope", "free_busy"), ("scope", "free_busy_write")];
    let primary = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &more);
    let profiles = get(&sandbox, "/v1/profiles", primary.token()).is(200).json();
    let hosted = profiles["profiles"][1].clone();
    assert_eq!(hosted["provider_name"], "cronofy");
    let profile_id = hosted["profile_id"].as_str().expect("an id");
    let path = format!("/v1/accessible_calendars?profile_id={profile_id}");
    let listed = get(&sandbox, &path, primary.token()).is(200).json();
    assert_eq!(listed, json!({ "accessible_calendars": [] }));
    let receiver = Receiver::start(&[]);
    let mut body = request(&primary, &receiver, "bram@orchard.example", "free_busy");
    body["profile_id"] = json!(profile_id);
    post_json(&sandbox, DELEGATE, primary.token(), &body).is(202);
    assert_eq!(receiver.next().authorization()["error_key"], "errors.calendar_not_accessible");
}

#[test]
fn accessible_calendars_are_a_hint() {
    let sandbox = start();
    let google = primary(&sandbox);
    let path = format!("/v1/accessible_calendars?profile_id={}", google.profile_id());
    let listed = get(&sandbox, &path, google.token()).is(200).json();
    let listed = listed["accessible_calendars"].as_array().expect("a list");
    assert_eq!(listed.len(), 4);
    assert_eq!(
        listed[0],
        json!({ "calendar_type": "unknown", "email": "bram@orchard.example", "name": "Bram Tolleymoor" })
    );
    let rooms = get(&sandbox, &format!("{path}&calendar_type=resource"), google.token()).is(200).json();
    assert_eq!(rooms["accessible_calendars"].as_array().map(Vec::len), Some(2));

    // Office 365 lists rooms only, although a colleague can be reached.
    let office =
        connect(&sandbox, INDIVIDUAL, "ines@harbourdental.example", &[("delegated_scope", "free_busy")]);
    let path = format!("/v1/accessible_calendars?profile_id={}", office.profile_id());
    let listed = get(&sandbox, &path, office.token()).is(200).json();
    assert_eq!(listed["accessible_calendars"][0]["email"], "surgery-1@harbourdental.example");
    assert_eq!(listed["accessible_calendars"].as_array().map(Vec::len), Some(1));

    let missing = get(&sandbox, "/v1/accessible_calendars", google.token()).refused(422).json();
    assert_eq!(missing["errors"]["profile_id"][0]["key"], "errors.required");
    get(&sandbox, &path, google.token()).refused(404);
    let plain = connect_user(&sandbox, "bram@orchard.example");
    get(&sandbox, &path, plain.token()).refused(403);
}
