//! People, rooms, organizations and applications that come and go while the sandbox runs.

use serde_json::{Value, json};

use crate::support::*;

const USERS: &str = "/_sandbox/users";

fn names(answer: &Value, list: &str, member: &str) -> Vec<String> {
    let rows = answer[list].as_array().unwrap_or_else(|| panic!("no {list}: {answer}"));
    rows.iter().map(|row| row[member].as_str().unwrap_or_default().to_owned()).collect()
}

#[track_caller]
fn error(answer: Answer, member: &str) -> String {
    let body = answer.json();
    answer.refused(422);
    body["errors"][member][0]["description"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[test]
fn a_user_comes_connects_and_goes() {
    let sandbox = start();
    let ida = json!({
        "email": "ida@orchard.example",
        "name": "Ida",
        "tzid": "Europe/Lisbon",
        "reaches": ["ada@orchard.example"],
        "events": [{ "summary": "Dentist", "day": 1, "start": "09:00", "end": "10:00" }],
    });
    let row = control(&sandbox, "POST", USERS, &ida).is(201).json();
    assert_eq!((&row["provider"], &row["domain"]), (&json!("gsuite"), &json!("orchard.example")));
    let connected = connect_user(&sandbox, "ida@orchard.example");
    assert_eq!(connected.text("sub"), row["sub"].as_str().expect("a sub"));
    let busy = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", connected.token()).is(200).json();
    assert_eq!(busy["free_busy"].as_array().map(Vec::len), Some(1));

    let list = control(&sandbox, "GET", USERS, &json!({})).is(200).json();
    assert!(names(&list, "users", "email").contains(&"ida@orchard.example".to_owned()));
    assert!(!names(&list, "users", "email").contains(&"pear-room@orchard.example".to_owned()));
    control(&sandbox, "DELETE", "/_sandbox/users/ida@orchard.example", &json!({})).is(204);
    get(&sandbox, "/v1/userinfo", connected.token()).refused(401);
    control(&sandbox, "GET", "/_sandbox/users/ida@orchard.example", &json!({})).refused(404);
    control(&sandbox, "DELETE", "/_sandbox/users/admin@orchard.example", &json!({})).refused(409);
}

#[test]
fn whoever_consents_can_go() {
    let sandbox = start();
    let settings = json!({ "auto_consent": "cleo@orchard.example" });
    control(&sandbox, "PATCH", "/_sandbox/settings", &settings).is(200);
    control(&sandbox, "DELETE", "/_sandbox/users/cleo@orchard.example", &json!({})).is(204);
    // Nobody consents now, and everything else can be added and changed.
    assert_eq!(
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).param("error").as_deref(),
        Some("access_denied")
    );
    control(&sandbox, "POST", USERS, &json!({ "email": "ida@orchard.example", "name": "Ida" })).is(201);
    control(&sandbox, "PATCH", "/_sandbox/settings", &json!({ "page_size": 7 })).is(200);
    control(&sandbox, "PATCH", "/_sandbox/settings", &settings).refused(422);
}

#[test]
fn what_is_wrong_with_a_user_is_named_and_changes_nothing() {
    let sandbox = start();
    let before = control(&sandbox, "GET", USERS, &json!({})).json();
    let user = |email: &str, more: Value| {
        let mut user = json!({ "email": email, "name": "X", "provider": "google" });
        for (name, value) in more.as_object().expect("an object") {
            user[name] = value.clone();
        }
        control(&sandbox, "POST", USERS, &user)
    };
    assert_eq!(
        error(user("ADA@orchard.example", json!({})), "email"),
        "ADA@orchard.example is taken already"
    );
    assert_eq!(error(user("x", json!({})), "email"), "`x` is no address");
    assert_eq!(error(user("x@y.example", json!({ "tzid": "Mars" })), "tzid"), "`Mars` is no IANA time zone");
    assert_eq!(
        error(user("x@y.example", json!({ "reaches": ["no@y.example"] })), "reaches[0]"),
        "nobody has the address no@y.example"
    );
    let slip = error(user("x@y.example", json!({ "emial": "" })), "base");
    assert!(slip.ends_with("unknown key `emial`: did you mean `email`?"), "{slip}");
    assert_eq!(control(&sandbox, "GET", USERS, &json!({})).json(), before);
}

#[test]
fn rooms_and_organizations_come_and_go() {
    let sandbox = start();
    let boss = json!({ "email": "boss@mill.example", "name": "Boss", "provider": "office365" });
    control(&sandbox, "POST", USERS, &boss).is(201);
    let mill = json!({
        "domain": "mill.example", "name": "Mill", "provider": "office365", "administrator": "boss@mill.example",
    });
    let created = control(&sandbox, "POST", "/_sandbox/organizations", &mill).is(201).json();
    assert_eq!(created["service_account"], "cronofy-service@mill.example");
    let room = json!({ "email": "attic@mill.example", "name": "Attic", "capacity": 3, "building": "Mill" });
    let room = control(&sandbox, "POST", "/_sandbox/rooms", &room).is(201).json();
    assert_eq!((&room["provider"], &room["capacity"]), (&json!("office365"), &json!(3)));

    let domain = connect_domain(&sandbox, "boss@mill.example", "read_write");
    let resources = get(&sandbox, "/v1/resources", domain.token()).is(200).json();
    assert_eq!(names(&resources, "resources", "email"), ["attic@mill.example"]);
    control(&sandbox, "DELETE", "/_sandbox/rooms/attic@mill.example", &json!({})).is(204);
    let resources = get(&sandbox, "/v1/resources", domain.token()).is(200).json();
    assert_eq!(resources["resources"], json!([]));
    control(&sandbox, "DELETE", "/_sandbox/organizations/mill.example", &json!({})).is(204);
    get(&sandbox, "/v1/resources", domain.token()).refused(401);
    control(&sandbox, "DELETE", "/_sandbox/organizations/mill.example", &json!({})).refused(404);
    let list = control(&sandbox, "GET", "/_sandbox/organizations", &json!({})).is(200).json();
    assert_eq!(names(&list, "organizations", "domain"), ["orchard.example", "harbourdental.example"]);
}

#[test]
fn the_unit_gains_and_loses_members() {
    let sandbox = start();
    let unit = "/_sandbox/organizational_unit";
    let member = json!({ "email": "dov@orchard.example", "roles": ["developer"] });
    control(&sandbox, "POST", &format!("{unit}/members"), &member).is(201);
    let again = control(&sandbox, "POST", &format!("{unit}/members"), &member);
    assert_eq!(error(again, "email"), "dov@orchard.example is a member already");
    let room = json!({ "email": "pear-room@orchard.example" });
    assert_eq!(
        error(control(&sandbox, "POST", &format!("{unit}/members"), &room), "email"),
        "pear-room@orchard.example is a room"
    );
    let shown = control(&sandbox, "GET", unit, &json!({})).is(200).json();
    assert_eq!(names(&shown, "members", "email").last().map(String::as_str), Some("dov@orchard.example"));
    control(&sandbox, "DELETE", &format!("{unit}/members/dov@orchard.example"), &json!({})).is(204);
    control(&sandbox, "DELETE", &format!("{unit}/members/dov@orchard.example"), &json!({})).refused(404);
}

#[test]
fn people_edit_their_own_calendars() {
    let sandbox = start();
    let sam = connect_user(&sandbox, "sam@postbox.example");
    let events = "/_sandbox/users/sam@postbox.example/events";
    let calendars = "/_sandbox/users/sam@postbox.example/calendars";
    control(&sandbox, "POST", calendars, &json!({ "name": "Garden" })).is(201);
    assert_eq!(
        error(control(&sandbox, "POST", calendars, &json!({ "name": "Garden" })), "name"),
        "sam@postbox.example has a calendar `Garden` already"
    );
    let list = control(&sandbox, "GET", calendars, &json!({})).is(200).json();
    assert!(names(&list, "calendars", "name").contains(&"Garden".to_owned()), "{list}");
    let api = get(&sandbox, "/v1/calendars", sam.token()).is(200).json();
    assert!(names(&api, "calendars", "calendar_name").contains(&"Garden".to_owned()));

    let count =
        || control(&sandbox, "GET", events, &json!({})).is(200).json()["events"].as_array().map(Vec::len);
    let before = count().expect("a list");
    let dig = json!({
        "summary": "Dig", "day": [40, 41], "start": "06:00Z", "end": "07:00Z", "calendar": "Garden",
    });
    let created = control(&sandbox, "POST", events, &dig).is(201).json();
    assert_eq!(count(), Some(before + 2));
    let uid = created["events"][0]["uid"].as_str().expect("a uid").to_owned();
    let one = format!("{events}/{uid}");
    let patch =
        json!({ "summary": "Dig deeper", "end": "2031-03-04T09:00:00Z", "start": "2031-03-04T08:00:00Z" });
    let changed = control(&sandbox, "PATCH", &one, &patch).is(200).json();
    assert_eq!((&changed["summary"], &changed["calendar"]), (&json!("Dig deeper"), &json!("Garden")));
    assert_eq!(changed["start"], "2031-03-04T08:00:00Z");
    let moved = control(&sandbox, "PATCH", &one, &json!({ "day": 50 })).is(200).json();
    assert_eq!(moved["start"].as_str().map(str::len), Some(10), "a whole day: {moved}");
    let backwards = json!({ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T08:00:00Z" });
    assert_eq!(
        error(control(&sandbox, "PATCH", &one, &backwards), "end"),
        "the event ends before it starts, or at once"
    );
    control(&sandbox, "DELETE", &one, &json!({})).is(204);
    control(&sandbox, "GET", &one, &json!({})).refused(404);
    assert_eq!(count(), Some(before + 1));
    let nowhere = json!({ "summary": "x", "day": 1, "calendar": "Attic" });
    assert_eq!(
        error(control(&sandbox, "POST", events, &nowhere), "calendar"),
        "sam@postbox.example has no calendar `Attic`"
    );
}

#[test]
fn applications_and_their_secrets() {
    let sandbox = start();
    let applications = "/_sandbox/applications";
    let created = control(&sandbox, "POST", applications, &json!({ "name": "Second" })).is(201).json();
    let client_id = created["client_id"].as_str().expect("a client_id");
    let one = format!("{applications}/{client_id}");
    let taken = control(&sandbox, "POST", applications, &json!({ "name": "Third", "client_id": client_id }));
    assert_eq!(error(taken, "client_id"), format!("`{client_id}` is there already"));

    // Each application has its own authorizations.
    let code =
        allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[("client_id", client_id)]), "ada@orchard.example");
    let first = created["client_secrets"][0].as_str().expect("a secret");
    exchange(&sandbox, &code).oauth_error("invalid_grant");
    let body = json!({
        "client_id": client_id, "client_secret": first, "grant_type": "authorization_code", "code": code,
        "redirect_uri": REDIRECT_URI,
    });
    post_json(&sandbox, "/oauth/token", "", &body).is(200);

    let added = control(&sandbox, "POST", &format!("{one}/secrets"), &json!({})).is(201).json();
    let given = json!({ "client_secret": "second-hush" });
    assert_eq!(added["number"], 2);
    control(&sandbox, "POST", &format!("{one}/secrets"), &given).is(201);
    error(control(&sandbox, "POST", &format!("{one}/secrets"), &given), "client_secret");
    let real = json!({ "client_secret": "CRN_hush" });
    let refused = error(control(&sandbox, "POST", &format!("{one}/secrets"), &real), "client_secret");
    assert!(
        refused.starts_with("it begins like a secret of Cronofy's") && !refused.contains("hush"),
        "{refused}"
    );
    control(&sandbox, "DELETE", &format!("{one}/secrets/1"), &json!({})).is(204);
    post_json(&sandbox, "/oauth/token", "", &body).refused(400);
    control(&sandbox, "DELETE", &format!("{one}/secrets/3"), &json!({})).refused(404);
    control(&sandbox, "DELETE", &format!("{one}/secrets/1"), &json!({})).is(204);
    control(&sandbox, "DELETE", &format!("{one}/secrets/1"), &json!({})).refused(409);

    let change = json!({ "verified": true, "redirect_uris": [], "features": { "explicit_linking": false } });
    let changed = control(&sandbox, "PATCH", &one, &change).is(200).json();
    assert_eq!(changed["features"]["explicit_linking"], false);
    assert_eq!(changed["features"]["free_busy"], true);
    browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("client_id", client_id)])).refused(400);
}

#[test]
fn a_scenario_is_added_by_call_whole_or_not_at_all() {
    let sandbox = start();
    let post = |kind: &str, body: &str| {
        send(sandbox.api_url(), "POST", "/_sandbox/scenario", &[("Content-Type", kind)], body.as_bytes())
    };
    let user = "[[users]]\nemail = \"ida@elsewhere.io\"\nname = \"Ida\"\nprovider = \"google\"\n";
    let half = format!("{user}\n[[rooms]]\nemail = \"ada@orchard.example\"\nname = \"Ada\"\n");
    assert_eq!(
        error(post("application/toml", &half), "base"),
        "line 7, column 9: rooms[0].email: ada@orchard.example is taken already"
    );
    control(&sandbox, "GET", "/_sandbox/users/ida@elsewhere.io", &json!({})).refused(404);
    let added = post("application/toml", user).is(200).json();
    assert_eq!(added["warnings"].as_array().map(Vec::len), Some(1), "{added}");
    control(&sandbox, "GET", "/_sandbox/users/ida@elsewhere.io", &json!({})).is(200);
    let json = r#"{ "users": [{ "email": "jo@a.example", "name": "Jo", "provider": "icloud" }] }"#;
    post("application/json", json).is(200);
    connect_user(&sandbox, "jo@a.example");
    error(post("application/toml", "world = \"replace\"\n"), "world");
}
