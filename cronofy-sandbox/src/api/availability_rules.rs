//! `/v1/availability_rules`
//!
//! Hours of the week in which an account can be booked (docs: scheduling/availability-rules).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{bookable, reach, time};
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{AvailabilityRule, Weekly};
use crate::wire::{Call, FieldErrors, Members, Refusal, empty, json as answer};

pub(crate) const UPSERT: Operation = Operation {
    name: "POST /v1/availability_rules",
    rules: &[
        documented(
            "`availability_rule_id`, of at most 64 ASCII characters, `tzid` and `weekly_periods` are required",
            "api/scheduling/availability-rules/upsert-availability-rule",
        ),
        documented(
            "An `availability_rule_id` creates a rule once, and then changes it",
            "api/scheduling/availability-rules/upsert-availability-rule",
        ),
        documented(
            "A weekly period has a `day`, `monday` to `sunday`, `start_time` and `end_time`; a day can come again",
            "api/scheduling/availability-rules/upsert-availability-rule",
        ),
        documented(
            "`calendar_ids` names at least one calendar, if it is there",
            "api/scheduling/availability-rules/upsert-availability-rule",
        ),
        documented(
            "The answer is `availability_rule`, without `calendar_ids` where none are named",
            "api/scheduling/availability-rules/read-availability-rule",
        ),
        guessed("Times are from 00:00 to 23:59, and the end after the start", "no page shows another"),
        guessed(
            "A calendar that the account has not is 422, with `calendar_ids` and `errors.not_recognized`",
            "it is the key of other identifiers that are not the account's",
        ),
        guessed(
            "An account has at most 50 rules, and a rule 100 weekly periods",
            "memory and work have to be bounded",
        ),
        guessed("No scope is needed", "no page of the calls names one that is"),
        guessed(
            "Rules outlive the authorization, for the application that made them",
            "an application in use relies on it",
        ),
    ],
};

pub(crate) const LIST: Operation = Operation {
    name: "GET /v1/availability_rules",
    rules: &[
        observed(
            "`availability_rules` are all of the account, unpaged",
            "pycronofy 2.0.7, Cronofy .NET 1.12, cronofy-ruby 0.41 and cronofy-php 1.7, in their tests",
        ),
        guessed("They are in the order of their names", "one order has to be"),
    ],
};

pub(crate) const READ: Operation = Operation {
    name: "GET /v1/availability_rules/{availability_rule_id}",
    rules: &[
        documented(
            "The answer is `availability_rule`",
            "api/scheduling/availability-rules/read-availability-rule",
        ),
        guessed("An unknown rule is 404", "as everything that an authorization does not see"),
    ],
};

pub(crate) const DELETE: Operation = Operation {
    name: "DELETE /v1/availability_rules/{availability_rule_id}",
    rules: &[
        observed(
            "The answer is 202",
            "pycronofy 2.0.7, Cronofy .NET 1.12, cronofy-ruby 0.41 and cronofy-php 1.7, in their tests",
        ),
        guessed(
            "202 for a rule that is not there",
            "a call that is repeated must not fail for having worked",
        ),
    ],
};

const MOST_RULES: usize = 50;
const MOST_WEEKLY: usize = 100;

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

pub(crate) async fn upsert(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let name = bookable::name(&body, "availability_rule_id", &mut errors).unwrap_or_default();
    let (tzid, zone) = zone(&body, &mut errors);
    let calendar_ids = reach::named(&app, &state, &subject, &body, "calendar_ids", &mut errors);
    let weekly = weekly(&body, &mut errors);
    errors.into_result()?;
    let rules = &mut state.bookable_mut(&subject.key).rules;
    if rules.len() >= MOST_RULES && !rules.contains_key(name) {
        let what = format!("an account has at most {MOST_RULES} rules");
        return Err(FieldErrors::of("base", "errors.too_many", &what).into_refusal());
    }
    let rule = AvailabilityRule { tzid, zone, calendar_ids, weekly };
    let body = json!({ "availability_rule": row(name, &rule) });
    rules.insert(name.to_owned(), rule);
    Ok(answer(StatusCode::OK, &body))
}

fn zone(body: &Members<'_>, errors: &mut FieldErrors) -> (String, TimeZone) {
    let tzid = body.required_text("tzid", errors).unwrap_or_default();
    let zone = time::zone(tzid);
    if zone.is_none() && !tzid.is_empty() {
        errors.push("tzid", "errors.tzid_unrecognized", "TZID not recognized");
    }
    (tzid.to_owned(), zone.unwrap_or(TimeZone::UTC))
}

fn weekly(body: &Members<'_>, errors: &mut FieldErrors) -> Vec<Weekly> {
    if body.get("weekly_periods").is_none() {
        errors.unspecified("weekly_periods");
    }
    let mut weekly = Vec::new();
    for period in body.objects("weekly_periods", MOST_WEEKLY, errors).unwrap_or_default() {
        let day = period.required_text("day", errors).and_then(|text| {
            let day = DAYS.iter().find(|(name, _)| *name == text);
            if day.is_none() {
                errors.push(
                    &period.path("day"),
                    "errors.not_recognized",
                    "must be a day from monday to sunday",
                );
            }
            day.map(|(_, day)| *day)
        });
        let (start, end) = (clock(&period, "start_time", errors), clock(&period, "end_time", errors));
        let (Some(day), Some(start), Some(end)) = (day, start, end) else { continue };
        if end <= start {
            errors.push(&period.path("end_time"), "errors.invalid_time_pair", "end must be after start");
        }
        weekly.push(Weekly { day, start, end });
    }
    weekly
}

/// `HH:MM`.
fn clock(period: &Members<'_>, name: &str, errors: &mut FieldErrors) -> Option<Time> {
    let text = period.required_text(name, errors)?;
    let time = (text.len() == "09:30".len()).then(|| Time::strptime("%H:%M", text).ok()).flatten();
    if time.is_none() {
        errors.invalid(&period.path(name), "must be a time such as 09:30");
    }
    time
}

pub(crate) async fn list(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let rules = state.bookable(&subject.key).into_iter().flat_map(|said| &said.rules);
    let rules: Vec<Value> = rules.map(|(name, rule)| row(name, rule)).collect();
    Ok(answer(StatusCode::OK, &json!({ "availability_rules": rules })))
}

pub(crate) async fn read(
    Extract(app): Extract<App>,
    Path(name): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let rule = state.bookable(&subject.key).and_then(|said| said.rules.get(&name));
    let rule = rule.ok_or_else(|| Refusal::not_found("the account has no such rule"))?;
    Ok(answer(StatusCode::OK, &json!({ "availability_rule": row(&name, rule) })))
}

pub(crate) async fn delete(
    Extract(app): Extract<App>,
    Path(name): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    state.bookable_mut(&subject.key).rules.remove(&name);
    Ok(empty(StatusCode::ACCEPTED))
}

fn row(name: &str, rule: &AvailabilityRule) -> Value {
    let weekly = rule.weekly.iter().map(|weekly| {
        let day = DAYS.iter().find(|(_, day)| *day == weekly.day).map_or("", |(name, _)| name);
        let clock = |time: Time| time.strftime("%H:%M").to_string();
        json!({ "day": day, "start_time": clock(weekly.start), "end_time": clock(weekly.end) })
    });
    let mut row = json!({
        "availability_rule_id": name,
        "tzid": rule.tzid,
        "weekly_periods": weekly.collect::<Vec<Value>>(),
    });
    if !rule.calendar_ids.is_empty() {
        row["calendar_ids"] = json!(rule.calendar_ids);
    }
    row
}
