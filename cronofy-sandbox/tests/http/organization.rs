//! Organization Connect: an Organizational Unit, its members, and speaking for one of them.

use serde_json::json;

use crate::support::*;

const MEMBERS: &str = "/v1/organizational_unit_members";

fn unit(sandbox: &cronofy_sandbox::Sandbox) -> Connected {
    let more = [("scope", "organizational_unit_scheduler")];
    connect(sandbox, INDIVIDUAL, "admin@orchard.example", &more)
}

#[test]
fn a_whole_exchange() {
    let sandbox = start();
    let tokens = unit(&sandbox);
    assert_eq!(tokens.0["scope"], "organizational_unit_scheduler");
    assert_eq!(tokens.text("sub"), sandbox.ready().organizational_unit.sub);
    assert!(tokens.0.get("account_id").is_none() && tokens.0.get("linking_profile").is_none());

    let listed = get(&sandbox, MEMBERS, tokens.token()).is(200).json();
    let members = listed["organizational_unit_members"].as_array().expect("a list");
    assert_eq!(members.len(), sandbox.ready().organizational_unit.members.len());
    assert_eq!(listed["pages"], json!({ "current": 1, "total": 1 }));
    assert_eq!(members[0]["roles"], json!(["owner"]));
    assert_eq!(members[0]["scheduler"], json!({ "enabled": true, "public_url": null }));

    let cleo = members.iter().find(|member| member["email"] == "cleo@orchard.example").expect("a member");
    let sub = cleo["sub"].as_str().expect("a sub");
    let userinfo = get_as(&sandbox, "/v1/userinfo", tokens.token(), sub).is(200).json();
    assert_eq!((&userinfo["sub"], &userinfo["email"]), (&cleo["sub"], &cleo["email"]));
    assert_eq!(userinfo["zoneinfo"], "Europe/Paris");

    let again = Connected(refresh(&sandbox, tokens.text("refresh_token")).is(200).json());
    assert_eq!(
        (&again.0["expires_in"], &again.0["scope"]),
        (&json!(3600), &json!("organizational_unit_scheduler"))
    );
    revoke(&sandbox, "sub", tokens.text("sub")).is(200);
    get(&sandbox, MEMBERS, again.token()).refused(401);
}

#[test]
fn members_come_in_pages() {
    let sandbox = builder().page_size(3).start_blocking().expect("a sandbox starts");
    let tokens = unit(&sandbox);
    let mut path = MEMBERS.to_owned();
    let mut emails = Vec::new();
    for number in 1..=3 {
        let page = get(&sandbox, &path, tokens.token()).is(200).json();
        assert_eq!((&page["pages"]["current"], &page["pages"]["total"]), (&json!(number), &json!(3)));
        let rows = page["organizational_unit_members"].as_array().expect("a list").clone();
        emails.extend(rows.iter().map(|row| row["email"].as_str().expect("an address").to_owned()));
        match page["pages"]["next_page"].as_str() {
            Some(next) => path = next.strip_prefix(sandbox.api_url()).expect("our own address").to_owned(),
            None => assert_eq!(number, 3),
        }
    }
    let expected: Vec<String> =
        sandbox.ready().organizational_unit.members.iter().map(|member| member.email.clone()).collect();
    assert_eq!(emails, expected);

    // A page belongs to the credential's owner, and to its list.
    get(&sandbox, &path, sandbox.client_secret()).refused(404);
    get(&sandbox, &path.replace("members", "resources"), tokens.token()).refused(404);
    get(&sandbox, &format!("{MEMBERS}/pages/unknown"), tokens.token()).refused(404);
    sandbox.advance(std::time::Duration::from_secs(15 * 60));
    get(&sandbox, &path, tokens.token()).refused(404);
}

#[test]
fn the_client_secret_lists_and_impersonates_too() {
    let sandbox = start();
    let sub = &sandbox.ready().organizational_unit.members[1].sub;
    get(&sandbox, MEMBERS, sandbox.client_secret()).is(200);
    let resources =
        get(&sandbox, "/v1/organizational_unit_resources", sandbox.client_secret()).is(200).json();
    assert!(
        resources["organizational_unit_resources"][0]["sub"]
            .as_str()
            .is_some_and(|sub| sub.starts_with("res_"))
    );
    get_as(&sandbox, "/v1/userinfo", sandbox.client_secret(), sub).is(200);
    get(&sandbox, "/v1/userinfo", sandbox.client_secret()).refused(403);
}

#[test]
fn impersonation_is_refused_where_it_has_no_ground() {
    let sandbox = start();
    let tokens = unit(&sandbox);
    let dov = sandbox.ready().users.iter().find(|user| user.email == "dov@orchard.example").expect("a user");
    for path in ["/v1/userinfo", "/v1/account", "/v1/profiles", "/v1/calendars", "/v1/free_busy?tzid=Etc/UTC"]
    {
        get_as(&sandbox, path, tokens.token(), &dov.sub).refused(403);
        get_as(&sandbox, path, tokens.token(), "acc_unknown").refused(403);
        get(&sandbox, path, tokens.token()).refused(403);
        get_as(&sandbox, path, tokens.token(), &sandbox.ready().organizational_unit.members[1].sub).is(200);
    }
}

/// "Limited to scheduler operations": when its members have time is what a unit's token is for.
#[test]
fn a_unit_sees_when_its_members_are_free() {
    let sandbox = start();
    let unit = unit(&sandbox);
    let query = |sub: &str| {
        json!({
            "participants": [{ "required": "all", "members": [{ "sub": sub }] }],
            "required_duration": { "minutes": 60 },
            "query_periods": [{ "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T17:00:00Z" }],
        })
    };
    let member = &sandbox.ready().organizational_unit.members[3];
    let answer = post_json(&sandbox, "/v1/availability", unit.token(), &query(&member.sub)).is(200).json();
    assert_eq!(answer["available_periods"][0]["participants"], json!([{ "sub": member.sub }]));
    post_json(&sandbox, "/v1/availability", unit.token(), &query("acc_stranger")).refused(422);
    // The member authorized nothing, so the application by itself does not know the account.
    post_json(&sandbox, "/v1/availability", sandbox.client_secret(), &query(&member.sub)).refused(422);
    let room = get(&sandbox, "/v1/organizational_unit_resources", unit.token()).is(200).json();
    let room = room["organizational_unit_resources"][0]["sub"].as_str().expect("a room").to_owned();
    for credential in [unit.token(), sandbox.client_secret()] {
        post_json(&sandbox, "/v1/availability", credential, &query(&room)).is(200);
    }
    let somebody = connect_user(&sandbox, "kit@webmail.example");
    post_json(&sandbox, "/v1/availability", somebody.token(), &query(&room)).refused(422);
}

#[test]
fn whoever_impersonates_a_member_asks_for_the_unit() {
    let sandbox = start();
    let unit = unit(&sandbox);
    let member = &sandbox.ready().organizational_unit.members[3].sub;
    let query = json!({
        "participants": [{ "required": "all", "members": [{ "sub": member }] }],
        "required_duration": { "minutes": 60 },
        "query_periods": [{ "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T17:00:00Z" }],
    });
    let asked = |credential: &str, sub: &str| {
        let bearer = format!("Bearer {credential}");
        let headers = [("Authorization", bearer.as_str()), ("Cronofy-Impersonate", sub)];
        send(sandbox.api_url(), "POST", "/v1/availability", &headers, query.to_string().as_bytes())
    };
    for credential in [unit.token(), sandbox.client_secret()] {
        asked(credential, member).is(200);
        asked(credential, "acc_stranger").refused(403);
    }
}

#[test]
fn impersonation_is_ignored_on_individual_tokens() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let bram = &sandbox.ready().organizational_unit.members[2].sub;
    assert_eq!(get_as(&sandbox, "/v1/userinfo", ada.token(), bram).is(200).json()["sub"], ada.text("sub"));
    get(&sandbox, MEMBERS, ada.token()).refused(403);
    get(&sandbox, MEMBERS, "unknown").refused(401);
}

#[test]
fn a_member_s_profiles_are_not_the_unit_s_to_revoke() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let path = format!("/v1/profiles/{}/revoke", ada.profile_id());
    let bearer = format!("Bearer {}", unit(&sandbox).token());
    let headers = [("Authorization", bearer.as_str()), ("Cronofy-Impersonate", ada.text("sub"))];
    send(sandbox.api_url(), "POST", &path, &headers, b"").refused(404);
}
