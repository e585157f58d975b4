//! Who a token speaks for.

use serde_json::json;

use crate::support::*;

#[test]
fn userinfo_account_profiles_and_calendars_agree() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ines@harbourdental.example");
    let userinfo = get(&sandbox, "/v1/userinfo", tokens.token()).is(200).json();
    assert_eq!(userinfo["cronofy.type"], "account");
    assert_eq!(
        (&userinfo["email"], &userinfo["zoneinfo"]),
        (&json!("ines@harbourdental.example"), &json!("Europe/Lisbon"))
    );
    let data = &userinfo["cronofy.data"];
    assert_eq!(data["authorization"], json!({ "scope": "read_write", "status": "active" }));
    let profile = &data["profiles"][0];
    assert_eq!(
        (&profile["provider_name"], &profile["provider_service"]),
        (&json!("exchange"), &json!("office365"))
    );
    assert_eq!(
        (&profile["profile_connected"], &profile["profile_initial_sync_required"]),
        (&json!(true), &json!(false))
    );
    let calendar = &profile["profile_calendars"][0];
    assert_eq!(
        (&calendar["calendar_primary"], &calendar["permission_level"]),
        (&json!(true), &json!("sandbox"))
    );
    assert!(calendar.get("profile_id").is_none());

    let account = get(&sandbox, "/v1/account", tokens.token()).is(200).json();
    assert_eq!(account["sub"], userinfo["sub"]);
    assert_eq!(
        account["account"],
        json!({
            "account_id": userinfo["sub"],
            "email": "ines@harbourdental.example",
            "name": userinfo["name"],
            "scope": "read_write",
            "default_tzid": "Europe/Lisbon",
        })
    );
    let profiles = get(&sandbox, "/v1/profiles", tokens.token()).is(200).json();
    assert_eq!(profiles["profiles"][0]["profile_id"], profile["profile_id"]);
    let calendars = get(&sandbox, "/v1/calendars", tokens.token()).is(200).json();
    assert_eq!(calendars["sub"], userinfo["sub"]);
    assert_eq!(calendars["calendars"][0]["calendar_id"], calendar["calendar_id"]);
    assert_eq!(calendars["calendars"][0]["profile_id"], profile["profile_id"]);
}

#[test]
fn ids_have_the_documented_shapes() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let account = tokens.text("account_id").strip_prefix("acc_").expect("the prefix");
    assert!(account.len() == 24 && hex(account));
    assert_eq!(tokens.profile_id().strip_prefix("pro_").map(str::len), Some(16));
    let calendars = get(&sandbox, "/v1/calendars", tokens.token()).is(200).json();
    let calendar = calendars["calendars"][0]["calendar_id"].as_str().expect("an id");
    assert!(calendar.starts_with(&format!("cal_{}_", tokens.profile_id().trim_start_matches("pro_"))));
    assert!(sandbox.ready().service_account.sub.starts_with("ser_"));
    assert!(sandbox.client_secret().starts_with("CRN_"));
}

#[test]
fn credentials_of_the_wrong_kind_are_refused() {
    let sandbox = start();
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    for path in ["/v1/profiles", "/v1/calendars", "/v1/free_busy?tzid=Etc/UTC"] {
        get(&sandbox, path, service.token()).refused(403);
        get(&sandbox, path, sandbox.client_secret()).refused(403);
        get(&sandbox, path, "").refused(401);
        assert_eq!(send(sandbox.api_url(), "GET", path, &[], b"").refused(401).body, "");
        assert_eq!(
            send(sandbox.api_url(), "GET", path, &[("Authorization", "Basic eDp5")], b"").refused(401).body,
            ""
        );
    }
    let user = connect_user(&sandbox, "ada@orchard.example");
    get(&sandbox, "/v1/resources", user.token()).refused(403);
}

/// "Never accepts a token that it did not issue": nothing that is like a credential is one.
#[test]
fn s42_only_what_was_issued_here_is_a_credential() {
    let (sandbox, other) = (start(), start());
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let token = tokens.token();
    for credential in [
        other.client_secret(),
        sandbox.client_id(),
        tokens.text("refresh_token"),
        &token.to_lowercase(),
        &token[..31],
        &format!("{token}x"),
        "undefined",
        "None",
        "",
    ] {
        get(&sandbox, "/v1/userinfo", credential).refused(401);
    }
    let basic = [("Authorization", "Basic Y2xpZW50OnNlY3JldA==")];
    send(sandbox.api_url(), "GET", "/v1/userinfo", &basic, b"").refused(401);
}

#[test]
fn s31_headers_that_are_no_text_are_refused_with_a_reason() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    for (name, value) in
        [("Authorization", "Bearer \u{e9}\u{7ff}"), ("Authorization", "Bearer"), ("Authorization", "")]
    {
        send(sandbox.api_url(), "GET", "/v1/userinfo", &[(name, value)], b"").refused(401);
    }
    let cookie = [("Cookie", "\u{e9}=\u{7ff}; =; ;;"), ("Content-Type", "\u{e9}")];
    send(sandbox.app_url(), "GET", &target(&sandbox, INDIVIDUAL, &[]), &cookie, b"").is(200);
    let twice = [("Authorization", bearer.as_str()), ("Authorization", "Bearer other")];
    send(sandbox.api_url(), "GET", "/v1/userinfo", &twice, b"").refused(401);
}

/// A browser must not read an answer: servers talk to Cronofy (docs: faqs/authorizations).
#[test]
fn no_answer_is_for_scripts_of_other_origins() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let bearer = format!("Bearer {}", tokens.token());
    let origin = [("Authorization", bearer.as_str()), ("Origin", "http://127.0.0.1:3000")];
    for method in ["GET", "OPTIONS"] {
        let answer = send(sandbox.api_url(), method, "/v1/userinfo", &origin, b"");
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")), "{answer:?}");
    }
}

#[test]
fn what_is_not_served_says_why() {
    let sandbox = start();
    let ask = |method, path, said: &str| {
        let answer = send(sandbox.api_url(), method, path, &[], b"").refused(404);
        let body = answer.json();
        assert_eq!(body["error"], "not_served");
        let description = body["error_description"].as_str().expect("a text");
        assert!(description.starts_with(said) && description.contains("FIDELITY.md"), "{description}");
        assert_eq!(answer.header("cronofy-sandbox-why"), Some(description));
    };
    ask("POST", "/v1/add_to_calendar", "the sandbox does not serve POST /v1/add_to_calendar: no page");
    ask(
        "GET",
        "/v1/scheduling_conversations/scv_1",
        "the sandbox does not serve GET /v1/scheduling_conversations/{scheduling_conversation_id}:",
    );
    ask("POST", "/v1/add_to_calendar/", "the sandbox does not serve POST /v1/add_to_calendar:");
    ask("PUT", "/v1/userinfo", "no call of Cronofy is known as PUT /v1/userinfo");
    ask("GET", "/v1/user_info", "no call of Cronofy is known as GET /v1/user_info");
}

#[test]
fn what_is_known_about_the_answers_can_be_asked() {
    let sandbox = start();
    let ledger = send(sandbox.api_url(), "GET", "/_sandbox/fidelity", &[], b"").is(200).json();
    let count = |trust: &str| ledger["rules"][trust].as_u64().expect("a number");
    // A guess that is told is worth more than one that is not: only that most is known is held.
    assert!(count("documented") + count("observed") > count("guessed"), "{}", ledger["rules"]);
    let operations = ledger["operations"].as_array().expect("a list");
    let userinfo =
        operations.iter().find(|operation| operation["name"] == "GET /v1/userinfo").expect("served");
    assert_eq!(userinfo["rules"][0]["trust"], "documented");
    assert!(userinfo["rules"][0]["source"].is_string());
}

#[test]
fn a_path_that_is_no_text_is_refused_with_a_reason() {
    let sandbox = start();
    send(sandbox.api_url(), "POST", "/v1/profiles/%FF/revoke", &[], b"").refused(400);
}

#[test]
fn the_sandbox_tells_about_itself() {
    let sandbox = start();
    connect_user(&sandbox, "ada@orchard.example");
    assert_eq!(send(sandbox.api_url(), "GET", "/_sandbox/health", &[], b"").is(200).json()["status"], "ok");
    let state = send(sandbox.api_url(), "GET", "/_sandbox/state", &[], b"").is(200);
    assert_eq!(state.json()["authorizations"], 1);
    assert!(!state.body.contains(sandbox.client_secret()));
}
