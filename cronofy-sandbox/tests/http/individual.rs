//! Individual Connect, from the page to the end.

use serde_json::json;

use crate::support::*;

#[test]
fn a_whole_exchange() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);

    let page = browse(&sandbox, &target).is(200);
    assert!(page.body.contains("ada@orchard.example") && page.body.contains("not verified"));

    let back =
        decide(&sandbox, &target, &[("decision", "allow"), ("account", "ada@orchard.example")]).is(303);
    assert!(
        back.header("location").is_some_and(|uri| uri.starts_with("http://127.0.0.1:9/cb?tenant=7&code="))
    );
    assert_eq!(back.param("state").as_deref(), Some("s-1"));
    let code = back.param("code").expect("a code");
    assert_eq!(code.len(), 32);

    let answer = exchange(&sandbox, &code).is(200);
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(
        (answer.header("cache-control"), answer.header("pragma")),
        (Some("no-store"), Some("no-cache"))
    );
    let tokens = Connected(answer.json());
    let user = &sandbox.ready().users[0];
    assert_eq!(tokens.0["token_type"], "bearer");
    assert_eq!(tokens.0["expires_in"], 3600);
    assert_eq!(tokens.0["scope"], "read_write");
    assert_eq!((tokens.text("account_id"), tokens.text("sub")), (user.sub.as_str(), user.sub.as_str()));
    assert_eq!((tokens.token().len(), tokens.text("refresh_token").len()), (32, 32));
    assert_eq!(
        tokens.0["linking_profile"],
        json!({
            "provider_name": "google",
            "provider_service": "gsuite",
            "profile_id": user.profiles[0].profile_id,
            "profile_name": "ada@orchard.example",
        })
    );
    assert_eq!(get(&sandbox, "/v1/userinfo", tokens.token()).is(200).json()["sub"], user.sub.as_str());

    let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    assert_ne!(again.token(), tokens.token());
    assert!(again.0.get("sub").is_none() && again.0.get("account_id").is_none());
    assert!(again.0.get("linking_profile").is_none());

    assert_eq!(revoke(&sandbox, "token", again.token()).is(200).body, "");
    get(&sandbox, "/v1/userinfo", tokens.token()).refused(401);
    refresh(&sandbox, tokens.text("refresh_token")).oauth_error("invalid_grant");
}

#[test]
fn deny_is_access_denied_with_the_state() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);
    let back = decide(&sandbox, &target, &[("decision", "deny")]).refused(303);
    let expected = [("tenant", "7"), ("error", "access_denied"), ("state", "s-1")];
    assert_eq!(back.redirect(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn several_logins_of_one_account_share_its_refresh_token() {
    let sandbox = start();
    let google = connect_user(&sandbox, "ada@orchard.example");
    let apple = connect_user(&sandbox, "ada@fruitmail.example");
    assert_eq!(google.text("sub"), apple.text("sub"));
    assert_eq!(google.text("refresh_token"), apple.text("refresh_token"));
    let profiles = get(&sandbox, "/v1/profiles", apple.token()).is(200).json();
    let names: Vec<_> =
        profiles["profiles"].as_array().expect("a list").iter().map(|p| &p["provider_name"]).collect();
    assert_eq!(names, ["google", "apple"]);
    assert_eq!(apple.0["linking_profile"]["provider_service"], "icloud");
}

#[test]
fn provider_name_narrows_the_choice() {
    let sandbox = start();
    for (name, shown, hidden) in [
        ("apple", "ada@fruitmail.example", "ada@orchard.example"),
        ("office365", "ines@harbourdental.example", "ada@orchard.example"),
        ("exchange", "ines@harbourdental.example", "sam@postbox.example"),
        ("google", "kit@webmail.example", "ines@harbourdental.example"),
    ] {
        let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("provider_name", name)])).is(200).body;
        assert!(page.contains(shown) && !page.contains(hidden), "{name}");
    }
    let page =
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("provider_name", "carrier_pigeon")])).is(200).body;
    assert!(page.contains("No account of the sandbox fits") && !page.contains("value=\"allow\""));
}
