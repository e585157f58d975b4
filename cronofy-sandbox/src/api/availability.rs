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
use crate::auth::Caller;
use crate::state::{App, GrantKey, State};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::world::BusyStatus;

/// Credential: the client secret (docs: api/authentication), or an access token as SDKs still send.
pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let caller = Caller::of(&call, &state, app.clock.now())?;
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    let groups = groups(&app, &state, caller.client_id(), &body, &mut errors);
    let windows = windows(&body, &mut errors);
    let length = body.get("required_duration").and_then(time::minutes).unwrap_or_else(|| {
        errors.required("required_duration");
        1
    });
    let format = body.get("response_format").and_then(Value::as_str).unwrap_or("periods");
    let step = step(&body, format, length, &mut errors);
    if !["periods", "slots", "overlapping_slots"].contains(&format) {
        errors.push("response_format", "errors.not_supported", "not supported");
    }
    for name in ["buffer", "query_slots", "excluded_events", "include_member_statuses"] {
        if body.contains_key(name) {
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

fn groups(
    app: &App,
    state: &State,
    client_id: &str,
    body: &Map<String, Value>,
    errors: &mut FieldErrors,
) -> Vec<Group> {
    let given = body.get("participants").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let members_of =
        |group: &Value| group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let total: usize = given.iter().map(|group| members_of(group).len()).sum();
    if given.is_empty() || total > MOST_MEMBERS {
        errors.required("participants");
        return Vec::new();
    }
    let mut groups = Vec::new();
    for (index, group) in given.iter().enumerate() {
        let path = format!("participants[{index}]");
        let mut diaries = Vec::new();
        for (number, member) in members_of(group).iter().enumerate() {
            let path = format!("{path}.members[{number}]");
            match diary(app, state, client_id, member) {
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

const NOT_COMPUTED: [&str; 4] =
    ["availability_rule_ids", "available_periods", "buffer", "availability_constraints"];

fn diary(
    app: &App,
    state: &State,
    client_id: &str,
    member: &Value,
) -> Result<Diary, (&'static str, &'static str)> {
    if let Some(name) = NOT_COMPUTED.into_iter().find(|name| member.get(name).is_some()) {
        return Err((name, "errors.not_supported"));
    }
    if member.get("managed_availability").and_then(Value::as_bool) == Some(true) {
        return Err(("managed_availability", "errors.not_supported"));
    }
    let sub = member.get("sub").and_then(Value::as_str).ok_or(("sub", "errors.required"))?;
    let key = GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() };
    let authorization = state.authorization(&key).ok_or(("sub", "errors.not_recognized"))?;
    let wanted = member.get("calendar_ids").and_then(Value::as_array);
    let ignore_tentative = member.get("ignore_tentative").and_then(Value::as_bool) == Some(true);
    let mut busy = Vec::new();
    for profile in &authorization.profiles {
        let Some(login) = app.world.login(&profile.login) else { continue };
        let zone = time::zone(login.tzid).unwrap_or(TimeZone::UTC);
        let calendars = profile.calendars.iter().filter(|calendar| calendar.holds_events);
        let asked = calendars.filter(|calendar| {
            wanted.is_none_or(|wanted| wanted.iter().any(|id| id.as_str() == Some(&calendar.id)))
        });
        for _ in asked {
            let blocking = login.busy.iter().filter(|busy| match busy.status {
                BusyStatus::Busy => true,
                BusyStatus::Tentative => !ignore_tentative,
                BusyStatus::Free => false,
            });
            busy.extend(blocking.filter_map(|busy| time::bounds(busy.when, &zone)));
        }
    }
    Ok(Diary { sub: sub.to_owned(), busy })
}

/// `available_periods` is the deprecated name of `query_periods`.
fn windows(body: &Map<String, Value>, errors: &mut FieldErrors) -> Vec<(Timestamp, Timestamp)> {
    let given = body.get("query_periods").or_else(|| body.get("available_periods"));
    let given = given.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if given.is_empty() || given.len() > MOST_WINDOWS {
        errors.required("query_periods");
    }
    let mut windows = Vec::new();
    for (index, period) in given.iter().take(MOST_WINDOWS).enumerate() {
        let bound = |name: &str| period.get(name).and_then(Value::as_str).and_then(time::time);
        match (bound("start"), bound("end")) {
            (Some(start), Some(end)) if start < end && (end - start).get_seconds() <= MOST_DAYS * 86_400 => {
                windows.push((start, end));
            }
            _ => errors.push(
                &format!("query_periods[{index}]"),
                "errors.invalid_time_pair",
                "end must be after start",
            ),
        }
    }
    windows
}
