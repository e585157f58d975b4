//! `POST /v1/availability`
//!
//! Common free time, computed from the calendars of the sandbox (docs: scheduling/availability). What is not
//! computed is refused rather than ignored: an answer that leaves out a buffer would be a wrong one.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value, json};

use super::slots::{Diary, Group, Slot, periods, slots};
use super::time;
use crate::app::App;
use crate::auth::Caller;
use crate::calendars::Seen;
use crate::ledger::Operation;
use crate::state::{GrantKey, Kind, State};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation { name: "POST /v1/availability", rules: &[] };

/// Credential: the client secret (docs: api/authentication), or an access token as SDKs still send.
pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let caller = Caller::of(&call, &state, app.clock.now())?;
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    let known = |sub: &str| profiles(&app, &state, &caller, sub);
    let groups = groups(&app, &state, &caller, &known, &body, &mut errors);
    let windows = windows(&body, &mut errors);
    let length = length(&body, &mut errors);
    let format = body.get("response_format").and_then(Value::as_str).unwrap_or("periods");
    let step = step(&body, format, length, &mut errors);
    if !["periods", "slots", "overlapping_slots"].contains(&format) {
        errors.push("response_format", "errors.not_supported", "not supported");
    }
    for name in ["buffer", "query_slots", "excluded_events", "include_member_statuses"] {
        if body.get(name).is_some_and(asks) {
            errors.push(name, "errors.not_supported", "not served by the sandbox");
        }
    }
    errors.into_result()?;
    let most = body
        .get("max_results")
        .and_then(Value::as_u64)
        .map_or(MOST_RESULTS, |most| usize::try_from(most).unwrap_or(MOST_RESULTS).clamp(1, MOST_RESULTS));
    let mut found = Vec::new();
    for window in windows {
        let left = most.saturating_sub(found.len());
        found.extend(if format == "periods" {
            periods(&groups, window, length.minutes(), left)
        } else {
            slots(&groups, window, length.minutes(), step.minutes(), format == "overlapping_slots", left)
        });
    }
    let name = if format == "periods" { "available_periods" } else { "available_slots" };
    let rows: Vec<Value> = found.iter().map(slot_body).collect();
    Ok(answer(StatusCode::OK, &json!({ name: rows })))
}

/// Most results, most periods, most members, most days of a period: bounds on work, generous ones (what
/// Cronofy's are today is not documented).
const MOST_RESULTS: usize = 512;
const MOST_WINDOWS: usize = 10;
const MOST_MEMBERS: usize = 50;
const MOST_DAYS: i64 = 92;
/// The smallest step between candidate starts, in minutes.
const SMALLEST_STEP: i64 = 5;

/// Whether an option asks for anything. SDKs send empty ones, the Python one `"buffer": {}` with every query.
fn asks(option: &Value) -> bool {
    match option {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::String(_) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(asks),
    }
}

/// The minutes of `required_duration`; 1 where it is wrong, which `errors` says.
fn length(body: &Map<String, Value>, errors: &mut FieldErrors) -> i64 {
    match body.get("required_duration") {
        None | Some(Value::Null) => errors.required("required_duration"),
        Some(given) => match time::minutes(given) {
            Some(minutes) => return minutes,
            None => errors.push("required_duration", "errors.invalid_format", "must be a Duration"),
        },
    }
    1
}

/// How far apart starts are tried. Both defaults are sandbox choices: none is documented.
fn step(body: &Map<String, Value>, format: &str, length: i64, errors: &mut FieldErrors) -> i64 {
    let step = match body.get("start_interval") {
        None if format == "overlapping_slots" => 15,
        None => length,
        Some(given) => time::minutes(given).unwrap_or_else(|| {
            errors.push("start_interval", "errors.invalid_format", "must be a Duration");
            length
        }),
    };
    step.max(SMALLEST_STEP)
}

fn slot_body(slot: &Slot) -> Value {
    let participants: Vec<Value> = slot.free.iter().map(|sub| json!({ "sub": sub })).collect();
    json!({ "start": time::utc(slot.start), "end": time::utc(slot.end), "participants": participants })
}

/// The calendar logins of a participant: of an account that authorized the application, or, where an
/// Organizational Unit asks, of one of its members (sandbox choice: what a unit's token sees is not documented).
fn profiles(app: &App, state: &State, caller: &Caller, sub: &str) -> Option<Vec<Profile>> {
    let key = GrantKey { client_id: caller.client_id().to_owned(), sub: sub.to_owned() };
    if let Some(authorization) = state.authorization(&key) {
        return Some(authorization.profiles.clone());
    }
    let Caller::Token(own) = caller else { return None };
    let unit = state.authorization(own).is_some_and(|found| found.kind == Kind::Unit);
    unit.then(|| state.world.unit.member(sub))
        .flatten()
        .map(|member| state.world.profiles_of(&member.sub, &app.ids))
}

fn groups(
    app: &App,
    state: &State,
    caller: &Caller,
    known: &impl Fn(&str) -> Option<Vec<Profile>>,
    body: &Map<String, Value>,
    errors: &mut FieldErrors,
) -> Vec<Group> {
    let given = body.get("participants").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let members_of =
        |group: &Value| group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let total: usize = given.iter().map(|group| members_of(group).len()).sum();
    if given.is_empty() {
        errors.required("participants");
    }
    if total > MOST_MEMBERS {
        errors.push("participants", "errors.invalid_format", "too many members");
        return Vec::new();
    }
    let mut groups = Vec::new();
    for (index, group) in given.iter().enumerate() {
        let path = format!("participants[{index}]");
        let mut diaries = Vec::new();
        for (number, member) in members_of(group).iter().enumerate() {
            let path = format!("{path}.members[{number}]");
            match diary(app, state, caller, known, member) {
                Ok(diary) => diaries.push(diary),
                Err((field, key)) => errors.push(&format!("{path}.{field}"), key, "not served or not known"),
            }
        }
        let required = match group.get("required") {
            None => Some(diaries.len()),
            Some(Value::String(all)) if all == "all" => Some(diaries.len()),
            Some(count) => {
                count.as_u64().and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0)
            }
        };
        match required {
            Some(required) if !diaries.is_empty() => groups.push(Group { members: diaries, required }),
            _ => errors.required(&path),
        }
    }
    groups
}

const NOT_COMPUTED: [&str; 5] = [
    "availability_rule_ids",
    "available_periods",
    "buffer",
    "availability_constraints",
    "managed_availability",
];

fn diary(
    app: &App,
    state: &State,
    caller: &Caller,
    known: &impl Fn(&str) -> Option<Vec<Profile>>,
    member: &Value,
) -> Result<Diary, (&'static str, &'static str)> {
    if let Some(name) = NOT_COMPUTED.into_iter().find(|name| member.get(name).is_some_and(asks)) {
        return Err((name, "errors.not_supported"));
    }
    let sub = member.get("sub").and_then(Value::as_str).ok_or(("sub", "errors.required"))?;
    let profiles = known(sub).ok_or(("sub", "errors.not_recognized"))?;
    let wanted = member.get("calendar_ids").and_then(Value::as_array);
    let ignore_tentative = member.get("ignore_tentative").and_then(Value::as_bool) == Some(true);
    let mut busy = Vec::new();
    for profile in &profiles {
        let login = state.world.login(&profile.login);
        let zone = login.and_then(|login| time::zone(&login.tzid)).unwrap_or(TimeZone::UTC);
        let asked = |calendar: &Seen| {
            wanted.is_none_or(|wanted| wanted.iter().any(|id| id.as_str() == Some(&calendar.id)))
        };
        let seen = state.calendars.seen(caller.client_id(), profile, &app.ids);
        let held = seen.iter().filter(|calendar| asked(calendar));
        let events = held.filter_map(|calendar| state.calendars.get(&calendar.key));
        let blocking = events.flat_map(|calendar| calendar.events.values()).filter(|event| {
            let status = event.free_busy_status();
            !event.deleted && (status == "busy" || (status == "tentative" && !ignore_tentative))
        });
        busy.extend(blocking.filter_map(|event| time::bounds(event.when, &zone)));
    }
    Ok(Diary { sub: sub.to_owned(), busy })
}

/// `available_periods` is the deprecated name of `query_periods`.
fn windows(body: &Map<String, Value>, errors: &mut FieldErrors) -> Vec<(Timestamp, Timestamp)> {
    let given = body.get("query_periods").or_else(|| body.get("available_periods"));
    let given = given.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if given.is_empty() {
        errors.required("query_periods");
    }
    if given.len() > MOST_WINDOWS {
        errors.push("query_periods", "errors.invalid_format", "too many periods");
        return Vec::new();
    }
    let mut windows = Vec::new();
    for (index, period) in given.iter().enumerate() {
        let path = format!("query_periods[{index}]");
        let mut bound = |name: &str| {
            let path = format!("{path}.{name}");
            let Some(text) = period.get(name).and_then(Value::as_str) else {
                errors.required(&path);
                return None;
            };
            let time = time::time(text);
            if time.is_none() {
                errors.push(&path, "errors.invalid_format", "must be a Time");
            }
            time
        };
        let (Some(start), Some(end)) = (bound("start"), bound("end")) else { continue };
        if end <= start {
            errors.push(&path, "errors.invalid_time_pair", "end must be after start");
        } else if (end - start).get_seconds() > MOST_DAYS * 86_400 {
            errors.push(&path, "errors.invalid_format", "too long");
        } else {
            windows.push((start, end));
        }
    }
    windows
}
