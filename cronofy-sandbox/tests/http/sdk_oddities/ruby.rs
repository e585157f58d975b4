//! cronofy-ruby 0.41 and omniauth-cronofy 0.14.

use serde_json::json;

use super::{Writer, code, morning, redemption};
use crate::support::*;

const FORM: [(&str, &str); 2] =
    [("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "Cronofy Ruby 0.41.0")];

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
    send(sandbox.app_url(), "POST", "/oauth/token", &FORM, body.as_bytes()).is(200);
}

#[test]
fn ruby_refreshes_revokes_and_opens_application_calendars_by_form_on_the_api_host() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let client = [("client_id", sandbox.client_id()), ("client_secret", sandbox.client_secret())];
    let post = |path: &str, more: &[(&str, &str)]| {
        let body = form(&[&client, more].concat());
        send(sandbox.api_url(), "POST", path, &FORM, body.as_bytes()).is(200)
    };
    let refresh_token = tokens.text("refresh_token");
    post("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]);
    post("/v1/application_calendars", &[("application_calendar_id", "front-desk")]);
    // The refresh token where there is one, under the documented name.
    post("/oauth/token/revoke", &[("token", refresh_token)]);
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
}

#[test]
fn ruby_takes_nothing_but_200_for_a_page() {
    let sandbox = builder().page_size(8).start_blocking().expect("a sandbox starts");
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let mut target = "/v1/free_busy?tzid=Etc%2FUTC".to_owned();
    loop {
        let page = get(&sandbox, &target, tokens.token()).is(200).json();
        let Some(next) = page["pages"]["next_page"].as_str() else { break };
        target = next.strip_prefix(sandbox.api_url()).expect("the sandbox's own address").to_owned();
    }
    assert!(target.starts_with("/v1/free_busy/pages/"), "more than one page: {target}");
    get(&sandbox, "/v1/free_busy/pages/unknown", tokens.token()).refused(404);
}

#[test]
fn ruby_posts_nothing_at_all_where_there_is_nothing_to_say() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let post = |path: &str| send(sandbox.api_url(), "POST", path, &[("Authorization", &bearer)], b"");
    post("/v1/link_tokens").is(200);
    post(&format!("/v1/profiles/{}/revoke", tokens.profile_id())).is(202);
}

#[test]
fn omniauth_knows_people_by_account_id_and_service_accounts_by_sub() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let account = get(&sandbox, "/v1/account", tokens.token()).is(200).json();
    assert_eq!(account["account"]["account_id"], tokens.0["sub"]);
    assert!(tokens.0["linking_profile"].is_object(), "handed on as it is");
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let info = get(&sandbox, "/v1/userinfo", service.token()).is(200).json();
    assert_eq!(info["sub"], json!(sandbox.ready().service_account.sub));
}

#[test]
fn omniauth_passes_on_three_parameters() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let link = post_json(&sandbox, "/v1/link_tokens", tokens.token(), &json!({})).is(200).json();
    let link_token = link["link_token"].as_str().expect("a token");
    let more = [("avoid_linking", "true"), ("link_token", link_token), ("provider_name", "google")];
    let code = allow(&sandbox, &target(&sandbox, INDIVIDUAL, &more), "kit@webmail.example");
    let body = redemption(&sandbox, &code);
    let linked = post_json(&sandbox, "/oauth/token", "", &body).is(200).json();
    assert_eq!(linked["sub"], tokens.0["sub"]);
}

#[test]
fn ruby_deletes_everything_by_body_and_reads_from_time_to_time() {
    let sandbox = start();
    let writer = Writer::connect(&sandbox);
    writer.write(&morning()).is(202);
    let window = "&from=2031-03-04T08%3A00%3A00Z&to=2031-03-04T09%3A30%3A00Z";
    assert_eq!(writer.written(window).len(), 1, "Times where the documentation knows Dates");
    writer.send("DELETE", "/v1/events", &[], r#"{"delete_all":true}"#).is(202);
    assert_eq!(writer.written("").len(), 0);
}

#[test]
fn ruby_closes_a_channel_without_a_body() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let writer = Writer::connect(&sandbox);
    let body = json!({ "callback_url": receiver.url }).to_string();
    let channel = writer.send("POST", "/v1/channels", &[], &body).is(200).json();
    let id = channel["channel"]["channel_id"].as_str().expect("an identifier");
    let bearer = format!("Bearer {}", writer.tokens.token());
    let path = format!("/v1/channels/{id}");
    send(sandbox.api_url(), "DELETE", &path, &[("Authorization", &bearer)], b"").is(202);
}
