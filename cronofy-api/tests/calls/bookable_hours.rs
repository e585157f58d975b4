//! The periods and the hours of a week in which an account can be booked.

use cronofy_api::availability::{
    AvailabilityRule, AvailabilityRules, AvailablePeriod, DeleteAvailabilityRule, DeleteAvailablePeriods,
    Hours, ListAvailabilityRules, ReadAvailabilityRule, ReadAvailablePeriods, UpsertAvailabilityRule,
    UpsertAvailablePeriod,
};
use cronofy_api::batch::{SendBatch, Write};
use cronofy_api::core::types::CalendarId;
use cronofy_api::core::{Endpoint, NextPage, Paged, RefusalKind};
use cronofy_api::time::{Date, DateTime, EventTime, TimeOfDay, Weekday};
use cronofy_api::{AvailabilityRuleId, AvailablePeriodId, Tzid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, calendar, member, refused, sent, survives, user};

fn period(text: &str) -> AvailablePeriodId {
    AvailablePeriodId::new(text).unwrap()
}

fn rule(text: &str) -> AvailabilityRuleId {
    AvailabilityRuleId::new(text).unwrap()
}

fn lisbon() -> Tzid {
    "Europe/Lisbon".parse().unwrap()
}

fn time(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn morning() -> (DateTime, DateTime) {
    (time("2031-03-04T09:00:00Z"), time("2031-03-04T12:00:00Z"))
}

#[test]
fn upsert_available_period() {
    assert_eq!(
        sent(&UpsertAvailablePeriod::new(user(), period("1"), morning())),
        "POST https://api.cronofy.com/v1/available_periods\nauthorization: Bearer token\n\
         {\"available_period_id\":\"1\",\"start\":\"2031-03-04T09:00:00Z\",\"end\":\"2031-03-04T12:00:00Z\"}"
    );
    let zoned = morning();
    let zoned = (EventTime::in_zone(zoned.0, lisbon()), EventTime::in_zone(zoned.1, lisbon()));
    assert_eq!(
        body(&UpsertAvailablePeriod::new(member(), period("1"), zoned).tzid(Tzid::utc())),
        json!({ "available_period_id": "1", "tzid": "Etc/UTC",
            "start": { "time": "2031-03-04T09:00:00Z", "tzid": "Europe/Lisbon" },
            "end": { "time": "2031-03-04T12:00:00Z", "tzid": "Europe/Lisbon" } })
    );
    assert!(answered(UpsertAvailablePeriod::new(user(), period("1"), morning()), 202, "").is_ok());
}

#[test]
fn limits_of_a_period_are_kept_before_it_is_sent() {
    let upsert = |name: &str, span| UpsertAvailablePeriod::new(user(), period(name), span);
    assert!(upsert(&"x".repeat(64), morning()).request().is_ok());
    let halves = (time("2031-03-04T09:00:00.5Z"), time("2031-03-04T12:00:00Z"));
    for (wrong, why) in [
        (
            upsert(&"x".repeat(65), morning()),
            "available_period_id is 65 characters long, and may be no longer than 64",
        ),
        (upsert("é", morning()), "available_period_id has characters that are not ASCII"),
        (upsert("1", halves), "start has a fraction of a second, which is refused"),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn limits_of_a_rule_are_kept_before_it_is_sent() {
    let upsert = |name: &str| UpsertAvailabilityRule::new(user(), rule(name), lisbon(), []);
    assert!(upsert(&"x".repeat(64)).request().is_ok());
    assert_eq!(
        refused(&upsert(&"x".repeat(65))),
        "availability_rule_id is 65 characters long, and may be no longer than 64"
    );
    assert_eq!(refused(&upsert("é")), "availability_rule_id has characters that are not ASCII");
}

#[test]
fn periods_stand_in_a_batch() {
    let batch: Vec<Write> = vec![
        UpsertAvailablePeriod::new(user(), period("1"), morning()).into(),
        DeleteAvailablePeriods::one(user(), period("2")).into(),
        DeleteAvailablePeriods::all(user()).into(),
    ];
    assert_eq!(
        body(&SendBatch::new(batch)),
        json!({ "batch": [
            { "method": "POST", "relative_url": "/v1/available_periods", "data":
                { "available_period_id": "1", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T12:00:00Z" } },
            { "method": "DELETE", "relative_url": "/v1/available_periods", "data": { "available_period_id": "2" } },
            { "method": "DELETE", "relative_url": "/v1/available_periods", "data": { "delete_all": true } },
        ] })
    );
}

#[test]
fn read_available_periods() {
    assert_eq!(
        sent(&ReadAvailablePeriods::new(user())),
        "GET https://api.cronofy.com/v1/available_periods\nauthorization: Bearer token\n"
    );
    let date = |text: &str| text.parse::<Date>().unwrap();
    let all = ReadAvailablePeriods::new(member())
        .from(date("2031-03-03"))
        .to(date("2031-03-10"))
        .tzid(lisbon())
        .localized();
    assert_eq!(
        sent(&all),
        "GET https://api.cronofy.com/v1/available_periods?tzid=Europe%2FLisbon&from=2031-03-03&to=2031-03-10\
         &localized_times=true\nauthorization: Bearer token\ncronofy-impersonate: acc_1\n"
    );
    let second = all.at(NextPage::new("https://api.cronofy.com/v1/available_periods/pages/5fe1b09c77d2"));
    assert_eq!(
        sent(&second),
        "GET https://api.cronofy.com/v1/available_periods/pages/5fe1b09c77d2\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n"
    );
    let page = json!({
        "pages": { "current": 1, "total": 2, "next_page": "https://api.cronofy.com/v1/available_periods/pages/2" },
        "available_periods": [documented()], "x": 1,
    });
    let page = answered(ReadAvailablePeriods::new(user()), 200, &page.to_string()).unwrap();
    assert_eq!((page.items[0].available_period_id.as_str(), &page.extra["x"]), ("1", &json!(1)));
    assert!(page.next_page().unwrap().is_some());
    assert!(answered(ReadAvailablePeriods::new(user()), 200, "{}").is_err());
}

fn documented() -> Value {
    json!({ "available_period_id": "1", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T12:00:00Z" })
}

#[test]
fn a_period_keeps_what_nobody_knows_yet() {
    survives::<AvailablePeriod>(documented(), &[]);
}

#[test]
fn delete_available_periods() {
    assert_eq!(
        sent(&DeleteAvailablePeriods::one(user(), period("1"))),
        "DELETE https://api.cronofy.com/v1/available_periods\nauthorization: Bearer token\n\
         {\"available_period_id\":\"1\"}"
    );
    assert_eq!(body(&DeleteAvailablePeriods::all(member())), json!({ "delete_all": true }));
    assert!(answered(DeleteAvailablePeriods::all(user()), 202, "").is_ok());
}

fn clock(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

#[test]
fn upsert_availability_rule() {
    let hours = Hours::new(Weekday::Monday, clock("09:30"), clock("12:00"));
    let least = UpsertAvailabilityRule::new(user(), rule("weekdays"), lisbon(), [hours]);
    assert_eq!(
        sent(&least),
        "POST https://api.cronofy.com/v1/availability_rules\nauthorization: Bearer token\n\
         {\"availability_rule_id\":\"weekdays\",\"tzid\":\"Europe/Lisbon\",\"weekly_periods\":\
         [{\"day\":\"monday\",\"start_time\":\"09:30\",\"end_time\":\"12:00\"}]}"
    );
    let with_calendars = least.clone().calendar(calendar()).calendar(CalendarId::new("cal_2").unwrap());
    assert_eq!(body(&with_calendars)["calendar_ids"], json!(["cal_a@b_c", "cal_2"]));
    let answer = json!({ "availability_rule": whole_rule(), "x": 1 }).to_string();
    let made = answered(least.clone(), 200, &answer).unwrap();
    assert_eq!(made.weekly_periods[0].start_time, Some(clock("09:30")));
    // Cronofy's Node client is tested against an answer without its wrapper, which no server was seen to send.
    assert!(answered(least, 200, &whole_rule().to_string()).is_err());
}

fn whole_rule() -> Value {
    json!({
        "availability_rule_id": "weekdays", "tzid": "Europe/Lisbon", "calendar_ids": ["cal_1"],
        "weekly_periods": [{ "day": "monday", "start_time": "09:30", "end_time": "12:00" }],
    })
}

#[test]
fn a_rule_keeps_what_nobody_knows_yet() {
    survives::<AvailabilityRule>(whole_rule(), &["day", "start_time", "end_time"]);
    survives::<AvailabilityRules>(json!({ "availability_rules": [whole_rule(), whole_rule()] }), &["day"]);
    let little =
        json!({ "availability_rule_id": "1", "tzid": null, "calendar_ids": null, "weekly_periods": null });
    let little: AvailabilityRule = serde_json::from_value(little).unwrap();
    assert!(little.extra.is_empty() && little.weekly_periods.is_empty());
}

#[test]
fn read_availability_rules() {
    assert_eq!(
        sent(&ListAvailabilityRules::new(user())),
        "GET https://api.cronofy.com/v1/availability_rules\nauthorization: Bearer token\n"
    );
    let one = ReadAvailabilityRule::new(member(), rule("week/days"));
    assert_eq!(
        sent(&one),
        "GET https://api.cronofy.com/v1/availability_rules/week%2Fdays\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n"
    );
    let answer = json!({ "availability_rule": whole_rule() }).to_string();
    assert_eq!(answered(one.clone(), 200, &answer).unwrap().tzid, Some(lisbon()));
    assert_eq!(answered(one, 404, "").unwrap_err().refusal().unwrap().kind(), RefusalKind::NotFound);
    let all = json!({ "availability_rules": [whole_rule()] }).to_string();
    assert_eq!(answered(ListAvailabilityRules::new(user()), 200, &all).unwrap().availability_rules.len(), 1);
}

#[test]
fn delete_availability_rule() {
    let delete = DeleteAvailabilityRule::new(user(), rule("weekdays"));
    assert_eq!(
        sent(&delete),
        "DELETE https://api.cronofy.com/v1/availability_rules/weekdays\nauthorization: Bearer token\n"
    );
    assert!(answered(delete, 202, "").is_ok());
}

proptest! {
    /// What is said of a week is what the answer says, however the hours lie.
    #[test]
    fn any_rule_comes_back_as_it_was_sent(
        hours in prop::collection::vec((prop::sample::select(&Weekday::ALL[..]), 0..24_u8, 0..60_u8, 0..24_u8, 0..60_u8), 0..6),
        name in "[a-z0-9-]{1,20}",
    ) {
        let at = |hour, minute| TimeOfDay::new(hour, minute).unwrap();
        let hours = hours.into_iter().map(|(day, h, m, i, n)| Hours::new(day, at(h, m), at(i, n)));
        let upsert = UpsertAvailabilityRule::new(user(), rule(&name), lisbon(), hours);
        let sent = body(&upsert);
        let back = answered(upsert, 200, &json!({ "availability_rule": sent }).to_string()).unwrap();
        let mut written = serde_json::to_value(back).unwrap();
        // What is empty is not written.
        written.as_object_mut().unwrap().entry("weekly_periods").or_insert_with(|| json!([]));
        prop_assert_eq!(written, sent);
    }
}
