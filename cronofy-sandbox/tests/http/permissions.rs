//! Events of others, calendars made by applications, and answers in a person's name.

use cronofy_sandbox::{AutoConsent, BlockingSandbox, Sandbox};
use serde_json::{Value, json};

use crate::events::{Diary, with, writable};
use crate::support::*;

const ZOE: &str = "zoe@practice.example";

/// Somebody who was invited to one event, organizes another one, and has a third.
const PRACTICE: &str = r#"
[[organizations]]
domain = "practice.example"
name = "Practice"
provider = "PROVIDER"
administrator = "zoe@practice.example"

[[users]]
email = "zoe@practice.example"
name = "Zoe"
provider = "PROVIDER"
tzid = "Etc/UTC"

[[users.events]]
summary = "Invited"
day = 1
start = "09:00"
end = "10:00"
organizer = { email = "kit@webmail.example" }
attendees = [{ email = "zoe@practice.example" }, { email = "sam@postbox.example" }]
participation = "needs_action"

[[users.events]]
summary = "Hers"
day = 2
start = "09:00"
end = "10:00"
"#;

fn practice(provider: &str, consent: AutoConsent) -> BlockingSandbox {
    let scenario = PRACTICE.replace("PROVIDER", provider);
    builder().scenario(&scenario).auto_consent(consent).start_blocking().expect("the scenario can be")
}

fn zoe(sandbox: &Sandbox) -> Diary {
    Diary::of(sandbox, ZOE)
}

fn event(sandbox: &Sandbox, diary: &Diary, summary: &str) -> Value {
    let found = diary.read(sandbox, "").into_iter().find(|row| row["summary"] == summary);
    found.unwrap_or_else(|| panic!("no {summary}"))
}

/// Asks for `level`, and gives the page's target.
#[track_caller]
fn ask(sandbox: &Sandbox, diary: &Diary, level: &str) -> String {
    let body = json!({
        "permissions": [{ "calendar_id": diary.calendar, "permission_level": level }],
        "redirect_uri": REDIRECT_URI,
    });
    let answer = post_json(sandbox, "/v1/permissions", diary.tokens.token(), &body).is(202).json();
    let url = answer["permissions_request"]["url"].as_str().expect("a page").to_owned();
    url.strip_prefix(sandbox.app_url()).expect("our own address").to_owned()
}

fn level(sandbox: &Sandbox, diary: &Diary) -> Value {
    let body = get(sandbox, "/v1/calendars", diary.tokens.token()).is(200).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let found = calendars.iter().find(|calendar| calendar["calendar_id"] == *diary.calendar);
    found.expect("the calendar")["permission_level"].clone()
}

#[test]
fn a_person_lets_the_application_touch_everything() {
    let sandbox = practice("gsuite", AutoConsent::Off);
    let diary = zoe(&sandbox);
    assert_eq!(level(&sandbox, &diary), "sandbox");
    let page = ask(&sandbox, &diary, "unrestricted");
    let shown = browse(&sandbox, &page).is(200);
    assert!(shown.body.contains("Zoe") && shown.body.contains("Allow") && shown.body.contains("Deny"));
    assert!(shown.header("content-security-policy").is_some());
    decide(&sandbox, &page, &[]).refused(400);
    let denied = decide(&sandbox, &page, &[("decision", "deny")]);
    assert_eq!(denied.param("error").as_deref(), Some("access_denied"));
    assert_eq!(level(&sandbox, &diary), "sandbox");
    decide(&sandbox, &page, &[("decision", "allow")]).refused(404);
    let page = ask(&sandbox, &diary, "unrestricted");
    let allowed = decide(&sandbox, &page, &[("decision", "allow")]).is(303);
    assert_eq!(allowed.header("location"), Some(REDIRECT_URI));
    assert_eq!(level(&sandbox, &diary), "unrestricted");

    let hers = event(&sandbox, &diary, "Hers");
    assert_eq!(
        hers["options"],
        json!({ "delete": true, "update": true, "change_participation_status": false })
    );
    let edit = json!({ "event_uid": hers["event_uid"], "summary": "Ours", "start": hers["start"], "end": hers["end"] });
    diary.write(&sandbox, &edit).is(202);
    let ours = event(&sandbox, &diary, "Ours");
    assert_eq!(ours["event_uid"], hers["event_uid"]);
    assert!(ours.get("event_id").is_none(), "it is still nobody's");
    let invited = event(&sandbox, &diary, "Invited");
    assert_eq!(invited["options"]["update"], false, "only who organizes an event changes it");
    diary.write(&sandbox, &with(edit.clone(), &json!({ "event_uid": invited["event_uid"] }))).refused(403);
    diary.delete(&sandbox, &json!({ "event_uid": hers["event_uid"] })).is(202);
    diary.delete(&sandbox, &json!({ "event_uid": hers["event_uid"] })).is(202);
    diary.write(&sandbox, &edit).refused(404);
    // Where both come, the event_id wins, and the event is the application's.
    let both = with(edit, &json!({ "event_uid": invited["event_uid"], "event_id": "v-1" }));
    diary.write(&sandbox, &both).is(202);
    assert_eq!(diary.own(&sandbox).len(), 1);

    let page = ask(&sandbox, &diary, "sandbox");
    decide(&sandbox, &page, &[("decision", "allow")]).is(303);
    assert_eq!(level(&sandbox, &diary), "sandbox");
}

#[test]
fn auto_consent_decides_about_permissions_too() {
    for (consent, expected) in [
        (AutoConsent::Auto, "unrestricted"),
        (AutoConsent::Email(ZOE.to_owned()), "unrestricted"),
        (AutoConsent::Deny, "sandbox"),
    ] {
        let sandbox = practice("gsuite", consent.clone());
        // The form of the authorization page works whatever auto-consent says.
        let diary = zoe(&sandbox);
        let back = browse(&sandbox, &ask(&sandbox, &diary, "unrestricted"));
        assert_eq!(back.param("error").is_some(), expected == "sandbox");
        assert_eq!(level(&sandbox, &diary), expected, "{consent:?}");
    }
}

#[test]
fn an_administrator_decided_already() {
    for (scope, decided) in [
        (BOTH_SCOPES.to_owned(), false),
        (format!("{BOTH_SCOPES} service_account/resources/unrestricted_access"), false),
        (format!("{BOTH_SCOPES} service_account/accounts/unrestricted_access"), true),
    ] {
        let sandbox = practice("gsuite", AutoConsent::Off);
        let receiver = Receiver::start(&[]);
        let more = [("scope", scope.as_str()), ("delegated_scope", "read_write")];
        let service = connect(&sandbox, ENTERPRISE, ZOE, &more);
        let body = json!({ "email": ZOE, "callback_url": receiver.url, "scope": "read_write" });
        post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
        let code = receiver.next().code();
        let tokens = Connected(exchange_as(&sandbox, &code, "callback_url", &receiver.url).is(200).json());
        let calendar = writable(&sandbox, tokens.token());
        let diary = Diary { tokens, calendar };
        let body =
            json!({ "permissions": [{ "calendar_id": diary.calendar, "permission_level": "unrestricted" }] });
        let answer = post_json(&sandbox, "/v1/permissions", diary.tokens.token(), &body);
        if decided {
            assert_eq!(answer.is(202).json(), json!({ "permissions_request": { "accepted": true } }));
            assert_eq!(level(&sandbox, &diary), "unrestricted");
        } else {
            answer.refused(403);
            assert_eq!(level(&sandbox, &diary), "sandbox");
        }
    }
}

#[test]
fn a_request_for_permissions_is_read_exactly() {
    let sandbox = practice("gsuite", AutoConsent::Off);
    let diary = zoe(&sandbox);
    let good = json!([{ "calendar_id": diary.calendar, "permission_level": "unrestricted" }]);
    for (body, field) in [
        (json!({ "redirect_uri": REDIRECT_URI }), "permissions"),
        (json!({ "permissions": [], "redirect_uri": REDIRECT_URI }), "permissions"),
        (json!({ "permissions": [{}], "redirect_uri": REDIRECT_URI }), "permissions[0].calendar_id"),
        (json!({ "permissions": [{}], "redirect_uri": REDIRECT_URI }), "permissions[0].permission_level"),
        (
            json!({ "permissions": [{ "calendar_id": "cal_other", "permission_level": "all" }] }),
            "permissions[0].permission_level",
        ),
        (json!({ "permissions": [{ "calendar_id": "cal_other" }] }), "permissions[0].calendar_id"),
        (json!({ "permissions": good }), "redirect_uri"),
        (json!({ "permissions": good, "redirect_uri": "/here" }), "redirect_uri"),
    ] {
        let errors = post_json(&sandbox, "/v1/permissions", diary.tokens.token(), &body).refused(422).json();
        assert!(errors["errors"][field][0]["key"].is_string(), "{body}: {errors}");
    }
    browse(&sandbox, "/permissions/unknown").refused(404);
    let page = ask(&sandbox, &diary, "unrestricted");
    let elsewhere = [("Sec-Fetch-Site", "same-site"), ("Content-Type", "application/x-www-form-urlencoded")];
    send(sandbox.app_url(), "POST", &page, &elsewhere, b"decision=allow").refused(403);
    revoke(&sandbox, "token", diary.tokens.token()).is(200);
    browse(&sandbox, &page).refused(404);
}

#[test]
fn an_invitation_is_answered_in_the_persons_name() {
    for (provider, after_decline) in [("gsuite", Some("declined")), ("office365", None)] {
        let sandbox = practice(provider, AutoConsent::Off);
        let diary = zoe(&sandbox);
        let invited = event(&sandbox, &diary, "Invited");
        assert_eq!(invited["options"]["change_participation_status"], true);
        let uid = invited["event_uid"].as_str().expect("a uid");
        let path = format!("{}/{uid}/participation_status", diary.path());
        let answer =
            |status: &Value| post_json(&sandbox, &path, diary.tokens.token(), &json!({ "status": status }));
        for status in ["accepted", "tentative"] {
            assert_eq!(answer(&json!(status)).is(202).body, "");
            let row = event(&sandbox, &diary, "Invited");
            assert_eq!(row["participation_status"], status);
            assert_eq!(row["attendees"][0]["status"], status);
            assert_eq!(row["attendees"][1]["status"], "needs_action");
        }
        for bad in [json!("perhaps"), json!(5), Value::Null] {
            answer(&bad).refused(422);
        }
        answer(&json!("declined")).is(202);
        let row = diary.read(&sandbox, "").into_iter().find(|row| row["summary"] == "Invited");
        assert_eq!(
            row.as_ref().and_then(|row| row["participation_status"].as_str()),
            after_decline,
            "{provider}"
        );
        let hers = event(&sandbox, &diary, "Hers");
        let path =
            format!("{}/{}/participation_status", diary.path(), hers["event_uid"].as_str().expect("a uid"));
        let status = json!({ "status": "accepted" });
        post_json(&sandbox, &path, diary.tokens.token(), &status).refused(403);
        let path = format!("{}/evt_external_0/participation_status", diary.path());
        post_json(&sandbox, &path, diary.tokens.token(), &status).refused(404);
        let reader = connect(&sandbox, INDIVIDUAL, ZOE, &[("scope", "read_events")]);
        post_json(&sandbox, &path, reader.token(), &status).refused(403);
    }
}

#[test]
fn an_application_makes_calendars() {
    for (provider, twice) in [("gsuite", 200), ("office365", 422)] {
        let sandbox = practice(provider, AutoConsent::Off);
        let diary = zoe(&sandbox);
        let token = diary.tokens.token();
        let body =
            json!({ "profile_id": diary.tokens.profile_id(), "name": "Home visits", "color": "#49BED8" });
        let made = post_json(&sandbox, "/v1/calendars", token, &body).is(200).json()["calendar"].clone();
        let listed = get(&sandbox, "/v1/calendars", token).is(200).json();
        assert!(listed["calendars"].as_array().expect("a list").contains(&made), "{listed}");
        assert_eq!(
            (&made["calendar_name"], &made["calendar_readonly"]),
            (&json!("Home visits"), &json!(false))
        );
        assert_eq!(made["permission_level"], "unrestricted");
        let again = post_json(&sandbox, "/v1/calendars", token, &body).is(twice).json();
        if twice == 422 {
            assert_eq!(again["errors"]["name"][0]["key"], "errors.duplicate_calendar_name");
        } else {
            assert_ne!(again["calendar"]["calendar_id"], made["calendar_id"]);
        }
        let path = format!("/v1/calendars/{}/events", made["calendar_id"].as_str().expect("an identifier"));
        post_json(&sandbox, &path, token, &crate::events::visit("v-1")).is(202);
        assert_eq!(diary.own(&sandbox)[0]["calendar_id"], made["calendar_id"]);
        for (change, field) in [
            (json!({ "profile_id": "pro_other" }), "profile_id"),
            (json!({ "name": "" }), "name"),
            (json!({ "name": ["x"] }), "name"),
            (json!({ "color": "#12" }), "color"),
        ] {
            let errors =
                post_json(&sandbox, "/v1/calendars", token, &with(body.clone(), &change)).refused(422).json();
            assert!(errors["errors"][field][0]["key"].is_string(), "{change}: {errors}");
        }
        let reader = connect(&sandbox, INDIVIDUAL, ZOE, &[("scope", "read_events")]);
        post_json(&sandbox, "/v1/calendars", reader.token(), &body).refused(403);
    }
}

#[test]
fn a_free_busy_profile_takes_no_calendars() {
    let sandbox = practice("gsuite", AutoConsent::Off);
    let scope = [("scope", "free_busy_write create_calendar")];
    let tokens = connect(&sandbox, INDIVIDUAL, ZOE, &scope);
    let body = json!({ "profile_id": tokens.profile_id(), "name": "Home visits" });
    post_json(&sandbox, "/v1/calendars", tokens.token(), &body).refused(403);
}
