//! What happens to accounts at their provider, settings at run time, and the way back.

use std::time::Duration;

use serde_json::json;

use crate::support::*;

#[test]
fn a_profile_is_disconnected_and_the_person_links_it_again() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let profile = format!("/_sandbox/accounts/{}/profiles/{}", ada.text("sub"), ada.profile_id());
    let cut = control(&sandbox, "POST", &format!("{profile}/disconnect"), &json!({})).is(200).json();
    assert_eq!(cut["connected"], false);
    let shown = || get(&sandbox, "/v1/profiles", ada.token()).is(200).json()["profiles"][0].clone();
    assert_eq!(shown()["profile_connected"], false);
    let relink = shown()["profile_relink_url"].as_str().expect("a URL").to_owned();
    let info = get(&sandbox, "/v1/userinfo", ada.token()).is(200).json();
    assert_eq!(info["cronofy.data"]["profiles"][0]["profile_relink_url"], relink);
    browse(&sandbox, relink.strip_prefix(sandbox.app_url()).expect("a page of the sandbox")).is(200);
    assert_eq!(shown()["profile_connected"], true);
    assert!(shown().get("profile_relink_url").is_none());

    control(&sandbox, "POST", &format!("{profile}/begin_initial_sync"), &json!({})).is(200);
    assert_eq!(shown()["profile_initial_sync_required"], true);
    assert_eq!(get(&sandbox, "/v1/calendars", ada.token()).is(200).json()["calendars"], json!([]));
    control(&sandbox, "POST", &format!("{profile}/complete_initial_sync"), &json!({})).is(200);
    assert_eq!(shown()["profile_initial_sync_required"], false);
    control(&sandbox, "POST", &format!("{profile}/explode"), &json!({})).refused(404);
    control(&sandbox, "POST", "/_sandbox/accounts/acc_0/profiles/pro_0/disconnect", &json!({})).refused(404);
}

#[test]
fn accounts_are_listed_expired_and_revoked() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let cleo = connect_user(&sandbox, "cleo@orchard.example");
    let list = control(&sandbox, "GET", "/_sandbox/accounts", &json!({})).is(200).json();
    assert_eq!(list["accounts"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["accounts"][0]["kind"], "account");
    let expire = "/_sandbox/access_tokens/expire";
    let expired = control(&sandbox, "POST", expire, &json!({ "sub": ada.text("sub") })).is(200).json();
    assert_eq!(expired["expired"], 1);
    get(&sandbox, "/v1/userinfo", ada.token()).refused(401);
    get(&sandbox, "/v1/userinfo", cleo.token()).is(200);
    assert_eq!(control(&sandbox, "POST", expire, &json!({})).is(200).json()["expired"], 1);
    get(&sandbox, "/v1/userinfo", cleo.token()).refused(401);
    refresh(&sandbox, cleo.text("refresh_token")).is(200);
    control(&sandbox, "POST", &format!("/_sandbox/accounts/{}/revoke", cleo.text("sub")), &json!({})).is(204);
    refresh(&sandbox, cleo.text("refresh_token")).oauth_error("invalid_grant");
    control(&sandbox, "POST", "/_sandbox/accounts/acc_0/revoke", &json!({})).refused(404);
}

#[test]
fn settings_change_while_it_runs() {
    let sandbox = start();
    let settings = "/_sandbox/settings";
    let change = json!({
        "auto_consent": "bram@orchard.example",
        "refresh_mode": "rotate-with-grace",
        "refresh_grace_seconds": 30,
        "user_token_seconds": 77,
    });
    let changed = control(&sandbox, "PATCH", settings, &change).is(200).json();
    assert_eq!(changed, control(&sandbox, "GET", settings, &json!({})).is(200).json());
    assert_eq!((&changed["refresh_grace_seconds"], &changed["code_seconds"]), (&json!(30), &json!(600)));
    let code = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).param("code").expect("he agrees");
    let bram = Connected(exchange(&sandbox, &code).is(200).json());
    assert_eq!(bram.0["expires_in"], 77);
    let next = refresh(&sandbox, bram.text("refresh_token")).is(200).json();
    assert_ne!(next["refresh_token"], bram.0["refresh_token"]);
    control(&sandbox, "PATCH", settings, &json!({ "auto_consent": "deny" })).is(200);
    let denied = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[]));
    assert_eq!(denied.param("error").as_deref(), Some("access_denied"));
    for (member, change) in [
        ("auto_consent", json!({ "auto_consent": "nobody@orchard.example" })),
        ("page_size", json!({ "page_size": 0 })),
        ("user_token_seconds", json!({ "user_token_seconds": u64::MAX })),
        ("refresh_grace_seconds", json!({ "refresh_mode": "stable", "refresh_grace_seconds": 1 })),
        ("base", json!({ "refresh_mod": "stable" })),
    ] {
        let refused = control(&sandbox, "PATCH", settings, &change);
        assert!(refused.json()["errors"].get(member).is_some(), "{refused:?}");
        refused.refused(422);
    }
    assert_eq!(control(&sandbox, "GET", settings, &json!({})).json()["refresh_mode"], "rotate-with-grace");
}

#[test]
fn after_a_restore_the_same_requests_get_the_same_answers() {
    let sandbox = start();
    connect_user(&sandbox, "ada@orchard.example");
    control(&sandbox, "PUT", "/_sandbox/clock", &json!({ "now": "2031-03-04T09:00:00Z", "frozen": true }))
        .is(200);
    let snapshot = control(&sandbox, "POST", "/_sandbox/snapshots", &json!({})).is(201).json();
    assert_eq!(snapshot, json!({ "id": "snapshot-1", "taken_at": "2031-03-04T09:00:00Z" }));
    let restore = || control(&sandbox, "POST", "/_sandbox/snapshots/snapshot-1/restore", &json!({})).is(204);
    let session = || {
        let cleo = connect_user(&sandbox, "cleo@orchard.example");
        sandbox.advance(Duration::from_secs(7));
        control(&sandbox, "PATCH", "/_sandbox/settings", &json!({ "refresh_mode": "rotate-strict" })).is(200);
        let refreshed = refresh(&sandbox, cleo.text("refresh_token")).is(200).json();
        let user = json!({ "email": "ida@orchard.example", "name": "Ida" });
        let ida = control(&sandbox, "POST", "/_sandbox/users", &user).is(201).json();
        let events =
            control(&sandbox, "GET", "/_sandbox/users/ada@orchard.example/events", &json!({})).json();
        json!([cleo.0, refreshed, ida, events])
    };
    let first = session();
    restore();
    assert_eq!(session(), first);
    control(&sandbox, "DELETE", "/_sandbox/snapshots/snapshot-1", &json!({})).is(204);
    control(&sandbox, "POST", "/_sandbox/snapshots/snapshot-1/restore", &json!({})).refused(404);
    assert_eq!(
        control(&sandbox, "GET", "/_sandbox/snapshots", &json!({})).json(),
        json!({ "snapshots": [] })
    );
    for _ in 0..100 {
        sandbox.snapshot().expect("there is room");
    }
    control(&sandbox, "POST", "/_sandbox/snapshots", &json!({})).refused(409);
}

#[test]
fn a_reset_goes_back_to_the_start_with_its_scenario() {
    let more = "[[users]]\nemail = \"ida@orchard.example\"\nname = \"Ida\"\n[settings]\npage_size = 3\n";
    let sandbox = builder().scenario(more).start_blocking().expect("the scenario can be");
    let before = connect_user(&sandbox, "ida@orchard.example");
    sandbox.advance(Duration::from_secs(9000));
    control(&sandbox, "PATCH", "/_sandbox/settings", &json!({ "page_size": 9 })).is(200);
    control(&sandbox, "DELETE", "/_sandbox/users/ida@orchard.example", &json!({})).is(204);
    control(&sandbox, "POST", "/_sandbox/reset", &json!({})).is(204);
    assert_eq!(control(&sandbox, "GET", "/_sandbox/settings", &json!({})).json()["page_size"], 3);
    assert_eq!(control(&sandbox, "GET", "/_sandbox/accounts", &json!({})).json(), json!({ "accounts": [] }));
    assert_eq!(connect_user(&sandbox, "ida@orchard.example").0, before.0);
}
