//! What real clients send, one test each (protocol notes, section 15).

use serde_json::json;

use crate::support::*;

fn code(sandbox: &cronofy_sandbox::Sandbox) -> String {
    allow(sandbox, &target(sandbox, INDIVIDUAL, &[]), "ada@orchard.example")
}

#[test]
fn ruby_redeems_a_form_on_the_app_host() {
    let sandbox = start();
    let code = code(&sandbox);
    let body = form(&[
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT_URI),
    ]);
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "Cronofy Ruby 0.41.0")];
    send(sandbox.app_url(), "POST", "/oauth/token", &headers, body.as_bytes()).is(200);
}

#[test]
fn node_sends_bearer_undefined_and_a_refresh_token_with_the_code() {
    let sandbox = start();
    let code = code(&sandbox);
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "refresh_token": "from its configuration",
    });
    let headers = [("Content-Type", "application/json"), ("Authorization", "Bearer undefined")];
    send(sandbox.api_url(), "POST", "/oauth/token", &headers, body.to_string().as_bytes()).is(200);
}

#[test]
fn node_calls_the_token_to_revoke_refresh_token() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    revoke(&sandbox, "refresh_token", tokens.text("refresh_token")).is(200);
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}

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
fn python_sends_an_empty_object_with_every_get() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
    for path in ["/v1/userinfo", "/v1/profiles", "/v1/calendars"] {
        send(sandbox.api_url(), "GET", path, &headers, b"{}").is(200);
    }
}

#[test]
fn python_sends_bearer_none_to_the_token_endpoint() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "refresh_token",
        "refresh_token": tokens.text("refresh_token"),
    });
    let answer = post_json(&sandbox, "/oauth/token", "None", &body).is(200).json();
    assert!(
        answer["refresh_token"].is_string() && answer["expires_in"].is_u64(),
        "python wants both, always"
    );
}

#[test]
fn csharp_claims_an_encoding_that_it_does_not_use() {
    let sandbox = start();
    let code = code(&sandbox);
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
    });
    let headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Encoding", "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"),
    ];
    send(sandbox.app_url(), "POST", "/oauth/token", &headers, body.to_string().as_bytes()).is(200);
}

#[test]
fn csharp_orders_parameters_its_own_way_and_writes_spaces_as_percent_20() {
    let sandbox = start();
    let target = format!(
        "/oauth/authorize?client_id={}&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Ftenant%3D7\
         &scope=read_account%20list_calendars%20read_events",
        sandbox.client_id()
    );
    let code = allow(&sandbox, &target, "ada@orchard.example");
    let tokens = exchange(&sandbox, &code).is(200).json();
    assert_eq!(tokens["scope"], "read_account list_calendars read_events");
}

#[test]
fn php_forces_a_host_header_and_turns_true_into_1() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[("avoid_linking", "1")]);
    browse(&sandbox, &target).is(200);
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), ("Host", "api.cronofy.com")];
    send(sandbox.api_url(), "GET", "/v1/account", &headers, b"").is(200);
}

#[test]
fn a_missing_content_type_is_guessed_from_the_body() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let pairs = [
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.text("refresh_token")),
    ];
    send(sandbox.api_url(), "POST", "/oauth/token", &[], form(&pairs).as_bytes()).is(200);
    let object: serde_json::Map<_, _> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let body = serde_json::Value::Object(object).to_string();
    send(sandbox.api_url(), "POST", "/oauth/token", &[], body.as_bytes()).is(200);
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
