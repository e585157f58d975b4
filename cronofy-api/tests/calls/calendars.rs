//! Listing and making calendars, and rights in them.

use cronofy_api::calendars::{
    Calendar, CalendarList, CreateCalendar, ListCalendars, PermissionsRequest, RequestPermissions,
};
use cronofy_api::core::RefusalKind;
use cronofy_types::{CalendarId, PermissionLevel, ProfileId, ProviderName, RedirectUri};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, calendar, member, refused, sent, service_account, survives, user};

/// `developers/api/calendars/list-calendars`
fn documented() -> Value {
    json!({
        "provider_name": "google", "profile_id": "pro_1", "profile_name": "ines@harbourdental.example",
        "calendar_id": "cal_1", "calendar_name": "Home", "calendar_readonly": true, "calendar_deleted": true,
        "calendar_primary": true, "calendar_integrated_conferencing_available": true,
        "calendar_attachments_available": true, "permission_level": "sandbox",
    })
}

#[test]
fn list_calendars() {
    assert_eq!(
        sent(&ListCalendars::new(user())),
        "GET https://api.cronofy.com/v1/calendars\nauthorization: Bearer token\n"
    );
    assert_eq!(
        sent(&ListCalendars::new(member())),
        "GET https://api.cronofy.com/v1/calendars\nauthorization: Bearer token\ncronofy-impersonate: acc_1\n"
    );
    let whole = json!({ "sub": "acc_1", "calendars": [documented()] });
    survives::<CalendarList>(whole.clone(), &["provider_name", "permission_level"]);
    let listed = answered(ListCalendars::new(user()), 200, &whole.to_string()).unwrap();
    assert_eq!(listed.calendars[0].provider_name, Some(ProviderName::Google));
    assert_eq!(listed.calendars[0].permission_level, Some(PermissionLevel::Sandbox));
}

#[test]
fn little_and_odd_calendars_spoil_nothing() {
    let text = r#"{"sub":null,"calendars":[{"calendar_id":"1"},{"calendar_id":"2","profile_id":"","calendar_name":7}]}"#;
    let listed = answered(ListCalendars::new(user()), 200, text).unwrap();
    let [little, odd] = &listed.calendars[..] else { panic!("{listed:?}") };
    assert!(little.is_writable() && little.extra.is_empty());
    assert_eq!((&odd.profile_id, &odd.calendar_name, &odd.extra["calendar_name"]), (&None, &None, &json!(7)));
    for broken in ["{}", "[]", r#"{"calendars":[{}]}"#, "<html>"] {
        assert!(answered(ListCalendars::new(user()), 200, broken).is_err(), "{broken}");
    }
}

#[test]
fn what_is_read_only_or_gone_is_not_writable() {
    for member in ["calendar_readonly", "calendar_deleted"] {
        let calendar = json!({ "calendar_id": "1", member: true });
        assert!(!serde_json::from_value::<Calendar>(calendar).unwrap().is_writable(), "{member}");
    }
}

fn create(name: &str) -> CreateCalendar {
    CreateCalendar::new(user(), ProfileId::new("pro_1").unwrap(), name)
}

#[test]
fn create_calendar() {
    assert_eq!(
        sent(&create("Visits")),
        "POST https://api.cronofy.com/v1/calendars\nauthorization: Bearer token\n\
         {\"profile_id\":\"pro_1\",\"name\":\"Visits\"}"
    );
    let colored = body(&create("Visits").color("#49BED8"));
    assert_eq!(colored, json!({ "profile_id": "pro_1", "name": "Visits", "color": "#49BED8" }));
    assert_eq!(refused(&create("")), "name is empty");
    assert_eq!(refused(&create("Visits").color("#49BED")), "color is no color such as #49BED8");
    let made = json!({ "calendar": documented() }).to_string();
    assert_eq!(answered(create("Visits"), 200, &made).unwrap().calendar_id.as_str(), "cal_1");
    assert!(answered(create("Visits"), 200, "").is_err());
    let there = r#"{"errors":{"name":[{"key":"errors.duplicate_calendar_name","description":"it exists"}]}}"#;
    let error = answered(create("Visits"), 422, there).unwrap_err();
    assert_eq!(error.refusal().unwrap().fields.of("name")[0].key, "errors.duplicate_calendar_name");
    let locked = answered(create("Visits"), 423, "").unwrap_err();
    assert_eq!(locked.refusal().unwrap().kind(), RefusalKind::AccountLocked);
}

#[test]
fn request_permissions() {
    let back = RedirectUri::new("https://app.example/back").unwrap();
    let asked = RequestPermissions::of_person(user(), back, calendar(), PermissionLevel::Unrestricted);
    assert_eq!(
        sent(&asked),
        "POST https://api.cronofy.com/v1/permissions\nauthorization: Bearer token\n\
         {\"permissions\":[{\"calendar_id\":\"cal_a@b_c\",\"permission_level\":\"unrestricted\"}],\
         \"redirect_uri\":\"https://app.example/back\"}"
    );
    let url = r#"{"permissions_request":{"url":"https://app.cronofy.com/p/1"}}"#;
    let answer = answered(asked, 202, url).unwrap();
    assert_eq!((answer.url.as_deref(), answer.accepted), (Some("https://app.cronofy.com/p/1"), false));
    let through =
        RequestPermissions::through_service_account(service_account(), calendar(), PermissionLevel::Sandbox);
    let through = through.and(CalendarId::new("cal_2").unwrap(), PermissionLevel::Unrestricted);
    assert_eq!(
        body(&through),
        json!({ "permissions": [
            { "calendar_id": "cal_a@b_c", "permission_level": "sandbox" },
            { "calendar_id": "cal_2", "permission_level": "unrestricted" },
        ] })
    );
    let answer = answered(through, 200, r#"{"permissions_request":{"accepted":true}}"#).unwrap();
    assert_eq!((answer.url, answer.accepted), (None, true));
    survives::<PermissionsRequest>(json!({ "url": "https://app.cronofy.com/p/1", "accepted": true }), &[]);
}

proptest! {
    /// Whatever a calendar is made of, it is read, and written as it was.
    #[test]
    fn any_calendar_is_written_as_it_was_read(
        members in proptest::sample::subsequence(documented().as_object().unwrap().clone().into_iter().collect::<Vec<_>>(), 0..=11),
        name in "x_[a-z_]{1,12}",
        text in "\\PC{0,20}",
        permission in "[a-z]{1,12}",
    ) {
        let mut calendar: serde_json::Map<String, Value> = members.into_iter().collect();
        calendar.insert(name, json!({ "text": text }));
        calendar.insert("calendar_id".to_owned(), json!("c"));
        calendar.insert("permission_level".to_owned(), json!(permission));
        let calendar = Value::Object(calendar);
        let read: Calendar = serde_json::from_value(calendar.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), calendar);
    }
}
