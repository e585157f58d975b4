//! cronofy 3.8 of npm.

use serde_json::json;

use super::{Writer, code, morning, redemption};
use crate::support::*;

#[test]
fn node_sends_bearer_undefined_and_a_refresh_token_with_the_code() {
    let sandbox = start();
    let mut body = redemption(&sandbox, &code(&sandbox));
    body["refresh_token"] = json!("from its configuration");
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
fn node_names_the_profile_in_the_body_too() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let path = format!("/v1/profiles/{}/revoke", tokens.profile_id());
    post_json(&sandbox, &path, tokens.token(), &json!({ "profile_id": tokens.profile_id() })).is(202);
}

#[test]
fn node_offers_compression_and_reads_what_is_not_compressed() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let headers = [("Authorization", bearer.as_str()), ("Accept-Encoding", "gzip, deflate")];
    let answer = send(sandbox.api_url(), "GET", "/v1/calendars", &headers, b"").is(200);
    assert_eq!(answer.header("content-encoding"), None);
    assert!(answer.json()["calendars"].is_array());
}

#[test]
fn node_repeats_its_options_behind_the_address_of_a_page() {
    let sandbox = builder().page_size(8).start_blocking().expect("a sandbox starts");
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let first = get(&sandbox, "/v1/free_busy?tzid=Etc%2FUTC", tokens.token()).is(200).json();
    let next = first["pages"]["next_page"].as_str().expect("a next page");
    let next = next.strip_prefix(sandbox.api_url()).expect("the sandbox's own address");
    let again = format!("{next}?tzid=Nowhere&calendar_ids%5B%5D=none");
    let page = get(&sandbox, &again, tokens.token()).is(200).json();
    assert_eq!(page["pages"]["current"], 2);
    assert_eq!(page["free_busy"].as_array().map(Vec::len), Some(8), "they mean nothing there");
}

#[test]
fn node_asks_for_accessible_calendars_without_a_profile() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[("delegated_scope", "read_only")]);
    let answer = get(&sandbox, "/v1/accessible_calendars", tokens.token()).refused(422);
    assert_eq!(answer.json()["errors"]["profile_id"][0]["key"], "errors.required");
}

#[test]
fn node_leaves_calendar_id_out_of_bodies_but_not_options_that_nobody_knows() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    let mut event = morning();
    event["bearer_token"] = json!("unknown here");
    writer.write(&event).is(202);
    assert!(writer.written("")[0].get("bearer_token").is_none());
}
