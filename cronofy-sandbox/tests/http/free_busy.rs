//! Free/busy access, by a person and by an administrator, and what it shows.

use serde_json::{Value, json};

use crate::events::{Diary, rows, visit, with};
use crate::support::*;

const ASK: (&str, &str) = ("scope", "free_busy_write");

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|row| row["provider_name"].as_str()).collect()
}

#[test]
fn a_person_is_asked_for_the_mode() {
    let sandbox = start();
    let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[ASK])).is(200).body;
    for mode in ["free_busy", "read_write", "no_access"] {
        assert!(page.contains(&format!("name=\"access\" value=\"{mode}\"")), "{mode}");
    }
    let ordinary = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(200).body;
    assert!(!ordinary.contains("name=\"access\""), "only the scope free_busy_write brings the choice");
}

#[test]
fn a_free_busy_account_has_two_profiles() {
    let sandbox = start();
    for (account, name) in
        [("ada@orchard.example", "google_free_busy"), ("ines@harbourdental.example", "ms_graph_free_busy")]
    {
        let tokens = connect(&sandbox, INDIVIDUAL, account, &[ASK]);
        assert_eq!(tokens.0["scope"], "free_busy_write");
        assert_eq!(tokens.0["linking_profile"]["provider_name"], name);
        assert_eq!(tokens.0["linking_profile"]["provider_service"], name);
        let profiles = get(&sandbox, "/v1/profiles", tokens.token()).is(200).json();
        assert_eq!(names(&profiles["profiles"]), [name, "cronofy"]);
        let userinfo = get(&sandbox, "/v1/userinfo", tokens.token()).is(200).json();
        assert_eq!(names(&userinfo["cronofy.data"]["profiles"]), [name, "cronofy"]);
        let calendars = get(&sandbox, "/v1/calendars", tokens.token()).is(200).json();
        let readonly: Vec<&Value> = calendars["calendars"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| &row["calendar_readonly"])
            .collect();
        assert_eq!(readonly, [true, false]);
    }
}

#[test]
fn the_person_decides_what_the_scope_becomes() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[ASK]);
    for (access, names) in [("read_write", &["google", "gsuite"]), ("no_access", &["cronofy", "cronofy"])] {
        let fields = [("decision", "allow"), ("account", "ada@orchard.example"), ("access", access)];
        let code = decide(&sandbox, &target, &fields).param("code").expect("a code");
        let linking = exchange(&sandbox, &code).is(200).json()["linking_profile"].clone();
        assert_eq!([&linking["provider_name"], &linking["provider_service"]], [names[0], names[1]]);
    }
}

#[test]
fn provider_name_leaves_one_provider_and_one_mode() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[ASK, ("provider_name", "ms_graph_free_busy")]);
    let page = browse(&sandbox, &target).is(200).body;
    assert!(page.contains("ines@harbourdental.example") && !page.contains("ada@orchard.example"));
    assert!(page.contains("value=\"free_busy\"") && !page.contains("value=\"read_write\""));
    let fields = [("decision", "allow"), ("account", "ines@harbourdental.example"), ("access", "read_write")];
    decide(&sandbox, &target, &fields).refused(400);
}

#[test]
fn an_administrator_can_choose_it_for_everybody() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let more = [("scope", "service_account/accounts/manage"), ("delegated_scope", "free_busy_write")];
    let service = connect(&sandbox, ENTERPRISE, "admin@harbourdental.example", &more);
    let body = json!({
        "email": "rui@harbourdental.example",
        "callback_url": receiver.url,
        "scope": "free_busy_write",
        "state": "s",
    });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
    let code = receiver.next().code();
    let tokens = Connected(exchange_as(&sandbox, &code, "callback_url", &receiver.url).is(200).json());
    assert_eq!(tokens.0["linking_profile"]["provider_name"], "ms_graph_free_busy");
    let profiles = get(&sandbox, "/v1/profiles", tokens.token()).is(200).json();
    assert_eq!(names(&profiles["profiles"]), ["ms_graph_free_busy", "cronofy"]);
}

#[test]
fn an_application_can_leave_it_out() {
    let sandbox = builder().free_busy(false).no_access(false).start_blocking().expect("a sandbox starts");
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[ASK]);
    assert_eq!(tokens.0["linking_profile"]["provider_name"], "google");
    let more = [ASK, ("provider_name", "google_free_busy")];
    let back = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &more)).refused(302);
    assert_eq!(back.param("error").as_deref(), Some("invalid_scope"));
}

#[test]
fn busy_times_are_read_without_what_they_are_for() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[ASK]);
    let body = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", tokens.token()).is(200).json();
    let rows = body["free_busy"].as_array().expect("a list");
    assert_eq!(rows.len(), 21, "twenty meetings and a tentative day");
    assert!(rows.iter().all(|row| row["calendar_id"].is_string() && row.get("summary").is_none()));
    assert!(rows[0]["start"].as_str().is_some_and(|start| start.ends_with("00:00Z")));
    let with_free =
        get(&sandbox, "/v1/free_busy?tzid=Etc/UTC&include_free=True", tokens.token()).is(200).json();
    assert_eq!(with_free["free_busy"].as_array().map(Vec::len), Some(22));
    let localized =
        get(&sandbox, "/v1/free_busy?tzid=Asia/Kolkata&localized_times=true", tokens.token()).is(200).json();
    let start = &localized["free_busy"][0]["start"];
    assert_eq!(start["tzid"], "Asia/Kolkata");
    assert!(start["time"].as_str().is_some_and(|time| time.ends_with("+05:30")));
}

#[test]
fn the_window_and_the_calendars_can_be_narrowed() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[ASK]);
    let all = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", tokens.token()).json();
    let first_day = &all["free_busy"][0]["start"].as_str().expect("a time")[..10];
    let second_day = &all["free_busy"][1]["start"].as_str().expect("a time")[..10];
    let path = format!("/v1/free_busy?tzid=Etc/UTC&from={first_day}&to={second_day}");
    assert_eq!(
        get(&sandbox, &path, tokens.token()).is(200).json()["free_busy"].as_array().map(Vec::len),
        Some(1)
    );
    let path = "/v1/free_busy?tzid=Etc/UTC&calendar_ids%5B%5D=cal_other";
    assert_eq!(get(&sandbox, path, tokens.token()).is(200).json()["free_busy"], json!([]));
    let path = "/v1/free_busy?tzid=Etc/UTC&from=9000-12-31&to=0001-01-01";
    assert_eq!(get(&sandbox, path, tokens.token()).is(200).json()["free_busy"], json!([]));
}

#[test]
fn long_answers_come_in_pages() {
    let sandbox = builder().page_size(8).start_blocking().expect("a sandbox starts");
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[ASK]);
    let mut path = "/v1/free_busy?tzid=Etc/UTC".to_owned();
    let mut rows = 0;
    loop {
        let page = get(&sandbox, &path, tokens.token()).is(200).json();
        rows += page["free_busy"].as_array().expect("a list").len();
        let Some(next) = page["pages"]["next_page"].as_str() else { break };
        // An SDK repeats the options of the first page here.
        path = format!("{}?tzid=Etc/UTC", next.strip_prefix(sandbox.api_url()).expect("our own address"));
    }
    assert_eq!(rows, 21);
    let other = connect(&sandbox, INDIVIDUAL, "bram@orchard.example", &[ASK]);
    get(&sandbox, &path, other.token()).refused(404);
}

#[test]
fn refusals() {
    let sandbox = start();
    let tokens = connect(&sandbox, INDIVIDUAL, "ada@orchard.example", &[ASK]);
    for query in ["", "?tzid=Nowhere/Else", "?tzid=Etc/UTC&from=soon", "?tzid=Etc/UTC&to=2031-13-01"] {
        get(&sandbox, &format!("/v1/free_busy{query}"), tokens.token()).refused(422);
    }
    let blind = connect(&sandbox, INDIVIDUAL, "bram@orchard.example", &[("scope", "create_event")]);
    get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", blind.token()).refused(403);
    get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", "unknown").refused(401);
}

#[test]
fn every_option_has_its_effect() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let read = |query: &str| {
        rows(&sandbox, &format!("/v1/free_busy?tzid=Etc/UTC{query}"), diary.tokens.token(), "free_busy")
    };
    let external = read("");
    assert_eq!(external.len(), 21);
    assert!(external.iter().all(|row| row.get("event_uid").is_none() && row.get("deleted").is_none()));
    let named = read("&include_ids=true");
    assert!(named.iter().all(|row| row["event_uid"].is_string() && row.get("event_id").is_none()));
    diary.write(&sandbox, &visit("v-1")).is(202);
    diary.write(&sandbox, &with(visit("v-2"), &json!({ "transparency": "transparent" }))).is(202);
    let tentative = json!({ "extended_transparency": "tentative" });
    diary.write(&sandbox, &with(visit("v-3"), &tentative)).is(202);
    assert_eq!(read("").len(), 21, "own events only when they are asked for");
    let ids = |query: &str| -> Vec<String> {
        let found = read(&format!("&include_managed=true&include_ids=true{query}"));
        found.iter().filter_map(|row| row["event_id"].as_str().map(str::to_owned)).collect()
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(ids("")), ["v-1", "v-3"]);
    assert_eq!(sorted(ids("&include_free=true")), ["v-1", "v-2", "v-3"]);
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202);
    assert_eq!(ids(""), ["v-3"]);
    assert_eq!(sorted(ids("&include_deleted=true")), ["v-1", "v-3"]);
    let deleted = read("&include_managed=true&include_deleted=true");
    assert_eq!(deleted.iter().filter(|row| row["deleted"] == true).count(), 1);
    assert!(deleted.iter().all(|row| row["deleted"].is_boolean()));
    sandbox.advance(std::time::Duration::from_secs(120));
    let since = jiff::Timestamp::try_from(sandbox.now()).expect("a time");
    let since = since.strftime("%Y-%m-%dT%H:%M:%SZ");
    assert_eq!(ids(&format!("&last_modified={since}")), [] as [String; 0]);
    diary.write(&sandbox, &with(visit("v-3"), &json!({ "summary": "Later" }))).is(202);
    assert_eq!(ids(&format!("&last_modified={since}")), ["v-3"]);
}
