//! Enterprise Connect: a domain's administrator lets the application reach users and rooms.

use serde_json::{Value, json};

use crate::support::*;

const DELEGATE: &str = "/v1/service_account_authorizations";

fn entry(receiver: &Receiver, email: &str, scope: &str, state: &str) -> Value {
    json!({ "email": email, "callback_url": receiver.url, "scope": scope, "state": state })
}

#[test]
fn a_whole_exchange() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let ready = &sandbox.ready().service_account;
    assert_eq!(service.text("service_account_id"), ready.sub);
    assert_eq!(service.text("sub"), ready.sub);
    assert!(service.0.get("account_id").is_none() && service.0.get("linking_profile").is_none());
    assert_eq!(service.0["scope"], BOTH_SCOPES);

    let userinfo = get(&sandbox, "/v1/userinfo", service.token()).is(200).json();
    assert_eq!(userinfo["cronofy.type"], "service_account");
    assert_eq!(userinfo["cronofy.data"]["service_account"]["domain"], "orchard.example");
    assert_eq!(userinfo["cronofy.data"]["authorization"]["delegated_scope"], "read_write");
    assert_eq!(userinfo["email"], ready.email.as_str());

    let body = entry(&receiver, "cleo@orchard.example", "read_events create_event", "s-2");
    assert_eq!(post_json(&sandbox, DELEGATE, service.token(), &body).is(202).body, "");
    let arrived = receiver.next();
    assert_eq!(arrived.authorization()["state"], "s-2");
    let user =
        Connected(exchange_as(&sandbox, &arrived.code(), "callback_url", &receiver.url).is(200).json());
    assert_eq!(user.0["scope"], "read_events create_event");
    assert_eq!(user.0["linking_profile"]["profile_name"], "cleo@orchard.example");
    assert_eq!(get(&sandbox, "/v1/userinfo", user.token()).is(200).json()["email"], "cleo@orchard.example");
    refresh(&sandbox, user.text("refresh_token")).is(200);
}

#[test]
fn a_batch_brings_a_callback_for_each() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let emails = [
        "ada@orchard.example",
        "bram@orchard.example",
        "nobody@orchard.example",
        "pear-room@orchard.example",
    ];
    let entries: Vec<Value> =
        emails.iter().map(|email| entry(&receiver, email, "read_events", email)).collect();
    let body = json!({ "service_account_authorizations": entries, "state": "an SDK's own addition" });
    post_json(&sandbox, DELEGATE, service.token(), &body).is(202);
    let mut outcomes: Vec<(String, bool)> = emails
        .iter()
        .map(|_| {
            let authorization = receiver.next().authorization();
            (authorization["state"].as_str().expect("a state").to_owned(), authorization["code"].is_string())
        })
        .collect();
    outcomes.sort();
    let expected = [("ada", true), ("bram", true), ("nobody", false), ("pear-room", true)];
    assert_eq!(outcomes, expected.map(|(name, ok)| (format!("{name}@orchard.example"), ok)));
}

#[test]
fn failures_are_told_by_callback() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "free_busy");
    for (email, scope, error, key) in [
        ("nobody@orchard.example", "free_busy", "access_denied", "errors.account_not_found"),
        ("ines@harbourdental.example", "free_busy", "access_denied", "errors.account_not_found"),
        ("ada@orchard.example", "read_events", "unable_to_grant_scope", "errors.scope_not_delegated"),
        ("ada@orchard.example", "surprise", "unable_to_grant_scope", "errors.scope_not_delegated"),
    ] {
        post_json(&sandbox, DELEGATE, service.token(), &entry(&receiver, email, scope, "s")).is(202);
        let authorization = receiver.next().authorization();
        assert_eq!(
            (&authorization["error"], &authorization["error_key"]),
            (&json!(error), &json!(key)),
            "{email}"
        );
        assert_eq!(authorization["state"], "s");
    }
}

#[test]
fn users_and_rooms_need_different_scopes() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let people = [("scope", "service_account/accounts/manage"), ("delegated_scope", "read_write")];
    let service = connect(&sandbox, ENTERPRISE, "admin@orchard.example", &people);
    let user = entry(&receiver, "ada@orchard.example", "read_events", "s");
    let room = entry(&receiver, "pear-room@orchard.example", "read_events", "s");
    post_json(&sandbox, DELEGATE, service.token(), &user).is(202);
    post_json(&sandbox, DELEGATE, service.token(), &room).refused(403);
    get(&sandbox, "/v1/resources", service.token()).refused(403);

    let rooms = [("scope", "service_account/resources/manage"), ("delegated_scope", "read_write")];
    let service = connect(&sandbox, ENTERPRISE, "admin@orchard.example", &rooms);
    post_json(&sandbox, DELEGATE, service.token(), &user).refused(403);
    post_json(&sandbox, DELEGATE, service.token(), &room).is(202);

    let plain = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, DELEGATE, plain.token(), &user).refused(403);
    post_json(&sandbox, DELEGATE, sandbox.client_secret(), &user).refused(403);
    post_json(&sandbox, DELEGATE, "unknown", &user).refused(401);
}

#[test]
fn bad_requests_are_refused_whole() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let refused = |body: &Value| {
        post_json(&sandbox, DELEGATE, service.token(), body).refused(422).json()["errors"].clone()
    };
    let good = entry(&receiver, "ada@orchard.example", "read_events", "s");

    let errors = refused(&json!({ "email": "ada@orchard.example" }));
    assert_eq!(errors["callback_url"], json!([{ "key": "errors.required", "description": "required" }]));
    let mut nameless = good.clone();
    nameless["email"] = json!("");
    let errors = refused(&json!({ "service_account_authorizations": [good, nameless] }));
    assert_eq!(errors["service_account_authorizations[1].email"][0]["key"], "errors.required");
    assert!(errors.get("service_account_authorizations[0].email").is_none());

    let mut mixed = good.clone();
    mixed["service_account_authorizations"] = json!([good]);
    for body in [
        mixed,
        json!({ "service_account_authorizations": [] }),
        json!({ "service_account_authorizations": vec![good.clone(); 51] }),
        json!({ "service_account_authorizations": "one" }),
    ] {
        assert!(refused(&body).get("service_account_authorizations").is_some());
    }
    let errors = refused(&json!({ "service_account_authorizations": ["one"] }));
    assert!(errors.get("service_account_authorizations[0].scope").is_some());
    assert_eq!(sandbox.callbacks_delivered(), 0, "nothing was sent for any of them");
}

#[test]
fn rooms_are_listed_with_details_on_request() {
    let sandbox = start();
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let plain = get(&sandbox, "/v1/resources", service.token()).is(200).json();
    assert_eq!(plain["resources"][0], json!({ "email": "pear-room@orchard.example", "name": "Pear Room" }));
    assert_eq!(plain["resources"].as_array().map(Vec::len), Some(3));
    let path = "/v1/resources?include_details=capacity+location";
    let detailed = get(&sandbox, path, service.token()).is(200).json();
    assert_eq!(detailed["resources"][0]["capacity"], 8);
    assert_eq!(detailed["resources"][0]["location"]["building_name"], "Cider House");
    assert!(detailed["resources"][2].get("location").is_none());
}

#[test]
fn the_other_domain_has_rooms_of_its_own() {
    let sandbox = start();
    let service = connect_domain(&sandbox, "admin@harbourdental.example", "read_write");
    let rooms = get(&sandbox, "/v1/resources", service.token()).is(200).json();
    assert_eq!(rooms["resources"][0]["email"], "surgery-1@harbourdental.example");
    let path = "/v1/resources?include_details=location";
    let location = &get(&sandbox, path, service.token()).is(200).json()["resources"][0]["location"];
    let address = json!({
        "lines": ["Cais da Pedra 7"], "locality": "Lisboa", "region": "Lisboa", "postal_code": "1100-000",
        "country": "PT",
    });
    assert_eq!((&location["floor_section"], &location["address"]), (&json!("West"), &address));
    assert!(location["coordinates"]["lat"].is_number());
    assert_eq!(get(&sandbox, "/v1/account", service.token()).is(200).json()["sub"], service.text("sub"));
}
