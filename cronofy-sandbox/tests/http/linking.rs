//! Which logins become one account.

use std::time::Duration;

use serde_json::json;

use crate::support::*;

/// Allows in a browser that brings `cookie`, and gives the tokens and the browser's cookie afterwards.
#[track_caller]
fn allow_in(
    sandbox: &cronofy_sandbox::Sandbox,
    cookie: &str,
    account: &str,
    more: &[(&str, &str)],
) -> (Connected, String) {
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie)];
    let body = form(&[("decision", "allow"), ("account", account)]);
    let answer =
        send(sandbox.app_url(), "POST", &target(sandbox, INDIVIDUAL, more), &headers, body.as_bytes());
    let code = answer.param("code").unwrap_or_else(|| panic!("no code: {answer:?}"));
    let set = answer.header("set-cookie").expect("a cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"));
    let cookie = set.split(';').next().expect("a pair").to_owned();
    (Connected(exchange(sandbox, &code).is(200).json()), cookie)
}

#[test]
fn the_cookie_joins_the_next_login_into_the_same_account() {
    let sandbox = start();
    let (ada, cookie) = allow_in(&sandbox, "", "ada@orchard.example", &[]);
    let (kit, same) = allow_in(&sandbox, &cookie, "kit@webmail.example", &[]);
    assert_eq!(cookie, same);
    assert_eq!((kit.text("sub"), kit.text("refresh_token")), (ada.text("sub"), ada.text("refresh_token")));
    assert_eq!(kit.0["linking_profile"]["profile_name"], "kit@webmail.example");
    let profiles = get(&sandbox, "/v1/profiles", ada.token()).is(200).json();
    assert_eq!(profiles["profiles"].as_array().map(Vec::len), Some(2));
    // Once joined, it stays joined, in any browser.
    assert_eq!(connect_user(&sandbox, "kit@webmail.example").text("sub"), ada.text("sub"));
}

/// It is for this server's pages only: no script and no form elsewhere brings it.
#[test]
fn the_cookie_is_closed_and_says_nothing() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);
    let back = decide(&sandbox, &target, &[("decision", "allow"), ("account", "ada@orchard.example")]);
    let cookie = back.header("set-cookie").expect("a cookie");
    for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("ada") && !cookie.contains("acc_"), "{cookie}");
    let denied = decide(&sandbox, &target, &[("decision", "deny")]);
    assert_eq!(denied.header("set-cookie"), None);
}

#[test]
fn avoid_linking_keeps_them_apart() {
    let sandbox = start();
    let (ada, cookie) = allow_in(&sandbox, "", "ada@orchard.example", &[]);
    for word in ["true", "True", "1"] {
        let (kit, _) = allow_in(&sandbox, &cookie, "kit@webmail.example", &[("avoid_linking", word)]);
        assert_ne!(kit.text("sub"), ada.text("sub"));
    }
}

#[test]
fn a_login_that_is_connected_by_itself_stays_there() {
    let sandbox = start();
    let kit = connect_user(&sandbox, "kit@webmail.example");
    let (_, cookie) = allow_in(&sandbox, "", "ada@orchard.example", &[]);
    let (again, _) = allow_in(&sandbox, &cookie, "kit@webmail.example", &[]);
    assert_eq!(again.text("sub"), kit.text("sub"));
}

#[test]
fn an_unknown_cookie_is_no_account() {
    let sandbox = start();
    let (ada, _) = allow_in(&sandbox, "cronofy_sandbox_browser=forged; other=1", "ada@orchard.example", &[]);
    assert_eq!(ada.text("sub"), sandbox.ready().users[0].sub);
}

#[test]
fn a_link_token_joins_on_purpose_and_once() {
    let sandbox = start();
    let kit = connect_user(&sandbox, "kit@webmail.example");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let answer = post_json(&sandbox, "/v1/link_tokens", ada.token(), &json!({})).is(200).json();
    let link_token = answer["link_token"].as_str().expect("a link token");
    let linked = connect(&sandbox, INDIVIDUAL, "kit@webmail.example", &[("link_token", link_token)]);
    assert_eq!(linked.text("sub"), ada.text("sub"));
    assert_eq!(linked.0["linking_profile"]["profile_id"], kit.0["linking_profile"]["profile_id"]);
    // It has left its own account.
    assert_eq!(get(&sandbox, "/v1/profiles", kit.token()).is(200).json(), json!({ "profiles": [] }));
    let back = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("link_token", link_token)])).refused(302);
    assert_eq!(back.param("error").as_deref(), Some("invalid_request"));
}

#[test]
fn a_link_token_lives_five_minutes() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let answer = post_json(&sandbox, "/v1/link_tokens", ada.token(), &json!({})).is(200).json();
    let target =
        target(&sandbox, INDIVIDUAL, &[("link_token", answer["link_token"].as_str().expect("a link token"))]);
    sandbox.advance(Duration::from_secs(290));
    browse(&sandbox, &target).is(200);
    sandbox.advance(Duration::from_secs(11));
    assert_eq!(browse(&sandbox, &target).param("error").as_deref(), Some("invalid_request"));
}

#[test]
fn a_link_token_dies_with_its_authorization() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let answer = post_json(&sandbox, "/v1/link_tokens", ada.token(), &json!({})).is(200).json();
    let link_token = answer["link_token"].as_str().expect("a link token");
    revoke(&sandbox, "sub", ada.text("sub")).is(200);
    let back = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("link_token", link_token)])).refused(302);
    assert_eq!(back.param("error").as_deref(), Some("invalid_request"));
}

#[test]
fn link_tokens_are_for_people_of_applications_that_have_them() {
    let sandbox = start();
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    post_json(&sandbox, "/v1/link_tokens", service.token(), &json!({})).refused(403);
    post_json(&sandbox, "/v1/link_tokens", "unknown", &json!({})).refused(401);
    let sandbox = builder().explicit_linking(false).start_blocking().expect("a sandbox starts");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, "/v1/link_tokens", ada.token(), &json!({})).refused(403);
}
