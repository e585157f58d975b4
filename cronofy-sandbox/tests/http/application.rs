//! What an application does for itself: verification, calendars of its own, tokens for elements.

use serde_json::{Value, json};

use crate::support::*;

const VERIFY: &str = "/v1/application_verification";

fn verification(uris: &Value) -> Value {
    json!({ "redirect_uris": uris, "contact": { "email": "admin@app.example", "display_name": "App" } })
}

#[test]
fn verification_registers_redirect_uris_and_adds_to_them() {
    let sandbox = start();
    let shows = |uri: &str| browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("redirect_uri", uri)])).status;
    assert_eq!(shows("https://other.example/cb"), 200, "in development any URI will do");
    for uri in ["https://one.example/cb", "https://*.two.example/cb"] {
        let answer =
            post_json(&sandbox, VERIFY, sandbox.client_secret(), &verification(&json!([uri]))).is(202);
        assert_eq!(answer.body, "{}");
    }
    assert_eq!(shows("https://one.example/cb"), 200);
    assert_eq!(shows("https://a.two.example/cb"), 200);
    assert_eq!(shows("https://other.example/cb"), 400);
}

#[test]
fn verification_refuses_what_it_cannot_register() {
    let sandbox = start();
    let uris = json!(["myapp://cb", 5, "https://ok.example/cb"]);
    let errors =
        post_json(&sandbox, VERIFY, sandbox.client_secret(), &verification(&uris)).refused(422).json();
    assert!(
        errors["errors"].get("redirect_uris[0]").is_some()
            && errors["errors"].get("redirect_uris[1]").is_some()
    );
    for body in [json!({}), verification(&json!([])), json!({ "redirect_uris": ["https://a.example/"] })] {
        post_json(&sandbox, VERIFY, sandbox.client_secret(), &body).refused(422);
    }
    let user = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, VERIFY, user.token(), &verification(&json!(["https://a.example/"]))).refused(403);
    post_json(&sandbox, VERIFY, "unknown", &verification(&json!(["https://a.example/"]))).refused(401);
}

#[test]
fn an_application_calendar_is_opened_reopened_and_revoked() {
    let sandbox = start();
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "application_calendar_id": "room-7",
    });
    let open = || Connected(post_json(&sandbox, "/v1/application_calendars", "", &body).is(200).json());
    let (first, second) = (open(), open());
    assert!(first.text("sub").starts_with("apc_"));
    assert_eq!(first.text("sub"), second.text("sub"));
    assert_eq!((first.text("scope"), first.text("application_calendar_id")), ("read_write", "room-7"));
    assert_eq!(first.0["linking_profile"]["provider_name"], "cronofy");
    assert!(first.0.get("account_id").is_none());

    let userinfo = get(&sandbox, "/v1/userinfo", first.token()).is(200).json();
    assert_eq!(userinfo["cronofy.type"], "application_calendar");
    assert_eq!(userinfo["application_calendar_id"], "room-7");
    assert_eq!(userinfo["cronofy.data"]["application_calendar"]["application_calendar_id"], "room-7");
    assert_eq!(
        userinfo["cronofy.data"]["profiles"][0]["profile_calendars"][0]["permission_level"],
        "unrestricted"
    );
    assert!(userinfo.get("email").is_none());
    get(&sandbox, "/v1/account", first.token()).refused(403);
    get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", first.token()).is(200);

    revoke(&sandbox, "sub", first.text("sub")).is(200);
    get(&sandbox, "/v1/userinfo", second.token()).refused(401);
}

#[test]
fn an_application_calendar_needs_credentials_in_the_body() {
    let sandbox = start();
    let wrong =
        json!({ "client_id": sandbox.client_id(), "client_secret": "wrong", "application_calendar_id": "x" });
    post_json(&sandbox, "/v1/application_calendars", "", &wrong).refused(401);
    let errors = post_json(&sandbox, "/v1/application_calendars", "", &json!({})).refused(422).json();
    assert_eq!(errors["errors"].as_object().map(serde_json::Map::len), Some(3));
}

#[test]
fn a_body_that_cannot_be_read_is_a_422() {
    let sandbox = start();
    let bearer = format!("Bearer {}", sandbox.client_secret());
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
    for body in ["", "{", "[]", "null", "\u{0}"] {
        let errors = send(sandbox.api_url(), "POST", VERIFY, &headers, body.as_bytes()).refused(422).json();
        assert!(errors["errors"].get("base").is_some());
    }
}

#[test]
fn an_element_is_let_in_where_it_may_be() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let sub = tokens.text("sub");
    let ask = |changes: Value| {
        let mut body = json!({ "version": "1", "permissions": ["agenda"], "subs": [sub],
            "origin": "https://app.example" });
        for (name, value) in changes.as_object().expect("an object") {
            body[name] = value.clone();
        }
        post_json(&sandbox, "/v1/element_tokens", &secret, &body)
    };
    let granted = ask(json!({})).is(200).json()["element_token"].clone();
    assert_eq!((&granted["permissions"], &granted["expires_in"]), (&json!(["agenda"]), &json!(64_800)));
    assert_eq!(granted["token"].as_str().map(str::len), Some(32));
    assert_ne!(ask(json!({})).is(200).json()["element_token"]["token"], granted["token"]);
    get(&sandbox, "/v1/userinfo", granted["token"].as_str().expect("a token")).refused(401);
    for (changes, field, key) in [
        (json!({ "permissions": null }), "permissions", "errors.required"),
        (json!({ "permissions": [] }), "permissions", "errors.required"),
        (json!({ "permissions": ["agenda", "all"] }), "permissions[1]", "errors.not_recognized"),
        (json!({ "subs": ["acc_nobody"] }), "subs[0]", "errors.not_recognized"),
        (json!({ "bookable_event_ids": [7] }), "bookable_event_ids[0]", "errors.not_recognized"),
        (json!({ "origin": null }), "origin", "errors.required"),
        (json!({ "origin": "https://app.example/page" }), "origin", "errors.invalid_format"),
    ] {
        let errors = ask(changes).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
    }
    post_json(&sandbox, "/v1/element_tokens", tokens.token(), &json!({})).refused(403);
}
