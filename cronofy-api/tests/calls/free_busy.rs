//! Reading when an account is busy, and asking about all of it.

use cronofy_api::core::types::{CalendarId, Userinfo};
use cronofy_api::core::{Endpoint, NextPage, Paged, RefusalKind};
use cronofy_api::free_busy::{
    AccountProfiles, FreeBusyPageRef, FreeBusyStatus, FreeBusyTime, FreeBusyTimeRef, ProfileKind,
    ReadFreeBusy,
};
use cronofy_api::time::{Date, DateTime};
use cronofy_api::{Raw, Tzid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, calendar, member, refused, sent, survives, user};

fn read() -> ReadFreeBusy {
    ReadFreeBusy::new(user(), "Europe/Lisbon".parse().unwrap())
}

#[test]
fn read_free_busy() {
    assert_eq!(
        sent(&read()),
        "GET https://api.cronofy.com/v1/free_busy?tzid=Europe%2FLisbon\nauthorization: Bearer token\n"
    );
    let all = ReadFreeBusy::new(member(), Tzid::utc())
        .from("2031-03-03".parse::<Date>().unwrap())
        .to("2031-03-10T00:00:00Z".parse::<DateTime>().unwrap())
        .calendar(calendar())
        .calendar(CalendarId::new("cal_2").unwrap())
        .modified_since("2031-01-01T00:00:00Z".parse::<DateTime>().unwrap())
        .including_managed()
        .including_managed()
        .including_free()
        .including_deleted()
        .with_ids()
        .localized();
    assert_eq!(
        sent(&all),
        "GET https://api.cronofy.com/v1/free_busy?tzid=Etc%2FUTC&from=2031-03-03&to=2031-03-10T00%3A00%3A00Z\
         &calendar_ids%5B%5D=cal_a%40b_c&calendar_ids%5B%5D=cal_2&last_modified=2031-01-01T00%3A00%3A00Z\
         &include_managed=true&include_free=true&include_deleted=true&include_ids=true&localized_times=true\n\
         authorization: Bearer token\ncronofy-impersonate: acc_1\n"
    );
    let second = all.at(NextPage::new("https://api.cronofy.com/v1/free_busy/pages/5fe1b09c77d2"));
    assert_eq!(
        sent(&second),
        "GET https://api.cronofy.com/v1/free_busy/pages/5fe1b09c77d2\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n"
    );
    let foreign = second.at(NextPage::new("https://evil.example/v1/free_busy/pages/5fe1b09c77d2"));
    assert_eq!(refused(&foreign), "the page is on another server than the credentials are for");
}

/// `developers/api/events/free-busy`, and what Cronofy's clients read besides.
fn documented() -> Value {
    json!({
        "calendar_id": "cal_1", "start": "2031-03-05", "end": "2031-03-06",
        "free_busy_status": "tentative", "event_id": "mine", "event_uid": "evt_external_1", "deleted": true,
    })
}

#[test]
fn a_time_keeps_what_nobody_knows_yet() {
    survives::<FreeBusyTime>(documented(), &["free_busy_status"]);
    let text = documented().to_string();
    let borrowed: FreeBusyTimeRef<'_> = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(borrowed).unwrap(), documented());
}

#[test]
fn a_page_is_read_owned_and_borrowed() {
    let text = json!({
        "pages": { "current": 1, "total": 2, "next_page": "https://api.cronofy.com/v1/free_busy/pages/2" },
        "free_busy": [documented(), { "calendar_id": "c", "start": "soon", "free_busy_status": 5 }], "x": 1,
    })
    .to_string();
    let page = answered(read(), 200, &text).unwrap();
    assert_eq!((page.items.len(), &page.extra["x"]), (2, &json!(1)));
    assert_eq!(page.next_page().unwrap().unwrap().as_str(), "https://api.cronofy.com/v1/free_busy/pages/2");
    let odd = &page.items[1];
    assert_eq!((&odd.start, &odd.free_busy_status, odd.deleted), (&None, &None, false));
    assert_eq!((&odd.extra["start"], &odd.extra["free_busy_status"]), (&json!("soon"), &json!(5)));
    let bytes = answered(Raw(read()), 200, &text).unwrap();
    let borrowed = FreeBusyPageRef::parse(&bytes).unwrap();
    assert_eq!(&*borrowed.free_busy[0].calendar_id, "cal_1");
    assert_eq!(borrowed.next_page(), page.next_page().unwrap().cloned());
    for broken in ["{}", r#"{"free_busy":[{}]}"#, r#"{"free_busy":null}"#] {
        assert!(answered(read(), 200, broken).is_err(), "{broken}");
        assert!(FreeBusyPageRef::parse(broken.as_bytes()).is_err(), "{broken}");
    }
    let gone = answered(read(), 404, "").unwrap_err();
    assert_eq!(gone.refusal().unwrap().kind(), RefusalKind::NotFound);
}

#[test]
fn what_nobody_knows_is_not_free() {
    let free = |text| FreeBusyStatus::from(text).is_free();
    assert!(free("free") && !free("busy") && !free("tentative") && !free("unknown") && !free("later"));
}

fn userinfo(profiles: &Value) -> Userinfo {
    let body = json!({ "sub": "acc_1", "cronofy.type": "account", "cronofy.data": { "profiles": profiles } });
    serde_json::from_value(body).unwrap()
}

fn profile(provider: &str, calendars: &[(&str, bool)]) -> Value {
    let calendars =
        calendars.iter().map(|(id, readonly)| json!({ "calendar_id": id, "calendar_readonly": readonly }));
    json!({
        "provider_name": provider, "provider_service": provider, "profile_id": provider,
        "profile_connected": true, "profile_initial_sync_required": false,
        "profile_calendars": calendars.collect::<Vec<_>>(),
    })
}

/// The two profiles of a person who shows free/busy times alone.
fn free_busy() -> [Value; 2] {
    [profile("google_free_busy", &[("cal_a", true)]), profile("cronofy", &[("cal_b", false)])]
}

#[test]
fn a_query_for_an_account_names_both_profiles_and_what_the_application_made() {
    assert_eq!(
        sent(&read().for_account(&userinfo(&json!(free_busy())))),
        "GET https://api.cronofy.com/v1/free_busy?tzid=Europe%2FLisbon&calendar_ids%5B%5D=cal_a\
         &calendar_ids%5B%5D=cal_b&include_managed=true\nauthorization: Bearer token\n"
    );
}

#[test]
fn where_userinfo_does_not_name_all_calendars_none_is_named() {
    let [own, hosted] = free_busy();
    let with = |profile: &Value, name: &str, value: Value| {
        let mut profile = profile.clone();
        profile[name] = value;
        profile
    };
    for profiles in [
        json!([]),
        json!([own]),
        json!([own, profile("cronofy", &[])]),
        json!([own, with(&hosted, "profile_initial_sync_required", json!(true))]),
    ] {
        assert_eq!(
            sent(&read().for_account(&userinfo(&profiles))),
            "GET https://api.cronofy.com/v1/free_busy?tzid=Europe%2FLisbon&include_managed=true\n\
             authorization: Bearer token\n",
            "{profiles}"
        );
    }
}

#[test]
fn profiles_are_told_apart_by_their_provider() {
    let kind = |name: &str, service: &str| {
        let userinfo =
            userinfo(&json!([{ "provider_name": name, "provider_service": service, "profile_id": "p" }]));
        ProfileKind::of(&userinfo.data.profiles[0])
    };
    assert_eq!(kind("google_free_busy", "google_free_busy"), ProfileKind::FreeBusy);
    assert_eq!(kind("google", "ms_graph_free_busy"), ProfileKind::FreeBusy);
    assert_eq!(kind("made_up_later_free_busy", "x"), ProfileKind::FreeBusy);
    assert_eq!(kind("cronofy", "cronofy"), ProfileKind::Hosted);
    assert_eq!(kind("google", "gsuite"), ProfileKind::Full);
    assert_eq!(kind("made_up_later", "x"), ProfileKind::Full);
}

#[test]
fn events_go_where_they_can_be_written() {
    let booked = |profiles: Value| {
        AccountProfiles::of(&userinfo(&profiles)).booking_calendar().map(|id| id.as_str().to_owned())
    };
    let [own, hosted] = free_busy();
    assert_eq!(booked(json!([own, hosted])).as_deref(), Some("cal_b"));
    assert_eq!(booked(json!([own])), None);
    let mut full = profile("google", &[("cal_1", true), ("cal_2", false), ("cal_3", false)]);
    assert_eq!(booked(json!([hosted, full])).as_deref(), Some("cal_2"));
    full["profile_calendars"][2]["calendar_primary"] = json!(true);
    assert_eq!(booked(json!([hosted, full])).as_deref(), Some("cal_3"));
    full["profile_calendars"][2]["calendar_deleted"] = json!(true);
    assert_eq!(booked(json!([hosted, full])).as_deref(), Some("cal_2"));
}

#[test]
fn what_makes_an_answer_uncertain_is_told() {
    let [mut own, hosted] = free_busy();
    let unreliable = |profiles: Value| {
        AccountProfiles::of(&userinfo(&profiles))
            .unreliable()
            .map(|p| p.profile_id.to_string())
            .collect::<Vec<_>>()
    };
    assert!(unreliable(json!([own, hosted])).is_empty());
    own["profile_connected"] = json!(false);
    assert_eq!(unreliable(json!([own, hosted])), ["google_free_busy"]);
}

proptest! {
    /// Whatever an account consists of, a query for it leaves no calendar out: it names each that is there, or none.
    #[test]
    fn no_calendar_is_forgotten(
        profiles in prop::collection::vec(
            (
                prop::sample::select(vec!["google", "google_free_busy", "cronofy", "exchange", "new"]),
                any::<Option<bool>>(),
                prop::collection::vec(("[a-z@-]{1,8}", any::<bool>(), any::<bool>()), 0..4),
            ),
            0..4,
        )
    ) {
        let listed: Vec<Value> = profiles.iter().map(|(provider, syncing, calendars)| json!({
            "provider_name": provider, "profile_id": "p", "profile_initial_sync_required": syncing,
            "profile_calendars": calendars.iter().map(|(id, readonly, deleted)| json!({
                "calendar_id": id, "calendar_readonly": readonly, "calendar_deleted": deleted,
            })).collect::<Vec<_>>(),
        })).collect();
        let request = read().for_account(&userinfo(&json!(listed))).request().unwrap();
        let query = request.uri().query().unwrap();
        prop_assert!(query.contains("include_managed=true"));
        let named: Vec<String> = query.split('&').filter_map(|pair| pair.strip_prefix("calendar_ids%5B%5D="))
            .map(|id| id.replace("%40", "@")).collect();
        let there = profiles.iter().flat_map(|(_, _, calendars)| calendars)
            .filter(|(_, _, deleted)| !deleted).map(|(id, _, _)| id.clone());
        if !named.is_empty() {
            prop_assert_eq!(named, there.collect::<Vec<_>>());
        }
    }

    /// Whatever a time is made of, it is written as it was read; and the borrowed form reads the same.
    #[test]
    fn any_time_is_written_as_it_was_read(
        members in proptest::sample::subsequence(documented().as_object().unwrap().clone().into_iter().collect::<Vec<_>>(), 0..=7),
        name in "[a-z_]{1,12}",
        text in "\\PC{0,20}",
    ) {
        let mut time: serde_json::Map<String, Value> = members.into_iter().collect();
        if documented().get(&name).is_none() {
            time.insert(name, json!({ "text": text }));
        }
        time.insert("calendar_id".to_owned(), json!("c"));
        let time = Value::Object(time);
        let read: FreeBusyTime = serde_json::from_value(time.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), time.clone());
        let text = time.to_string();
        let borrowed: FreeBusyTimeRef<'_> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_value(borrowed).unwrap(), time);
    }
}
