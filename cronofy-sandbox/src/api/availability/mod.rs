//! `POST /v1/availability`
//!
//! Common free time, computed from the calendars of the sandbox (docs: scheduling/availability). What is not
//! computed is refused rather than ignored: an answer that leaves out a constraint would be a wrong one.

mod diary;
mod free_time;
mod part;
mod participants;
mod request;
mod search;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use self::diary::Diaries;
use self::participants::AskedGroup;
use self::request::{Query, Wanted};
use self::search::{Found, Group, Member, Search};
use super::time;
use crate::app::App;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/availability",
    rules: &[
        documented("groups with `required`, members, `required_duration`, `query_periods`", AVAILABILITY),
        documented("the three values of `response_format` and what they answer", "changelog"),
        documented("`include_member_statuses` adds `member_statuses`", "changelog"),
        documented("the client secret is the credential", "api/authentication"),
        observed("an access token is a credential too", "node, python and .NET clients send it"),
        observed("`available_periods` of the query is another name of `query_periods`", "python client"),
        observed(
            "`query_slots` are tried each and answered as slots",
            "python, php and ruby clients send them",
        ),
        observed(
            "`excluded_events`, buffers of members, `only_managed_events`, `ignore_tentative`",
            ELEMENTS,
        ),
        guessed("a member's buffer replaces the query's, side by side", "the more specific one is meant"),
        guessed(
            "a buffer keeps its distance from events, not from the ends of query and available periods",
            "a period says when to meet, an event says when somebody is taken",
        ),
        guessed("what is found lies inside one query period", "two periods that touch are still two"),
        guessed("`start_interval` counts from the start of the query period", "no other origin is known"),
        guessed(
            "without `start_interval`: the duration for `slots`, 15 minutes for `overlapping_slots`",
            "no default is documented",
        ),
        guessed("`start_interval` is any Duration", "the values that Cronofy takes are not documented"),
        guessed(
            "at most 50 members, 100 query periods, 366 days, 512 results",
            "limits of 2017 were raised since, to what is not documented",
        ),
        guessed(
            "`managed_availability` limits nobody",
            "no availability rules can be stored here, and what holds without any is not documented",
        ),
        guessed(
            "`availability_rule_ids` and `availability_constraints` are refused with 422",
            "an answer that ignores them would be a wrong one",
        ),
        guessed(
            "opaque events block, tentative ones unless ignored; declined invitations and free time do not",
            "follows `free_busy_status`",
        ),
        guessed("an all-day event blocks the day of its calendar's zone", "that is whose day it is"),
        guessed("empty `calendar_ids` are all calendars", "as in the other calls"),
        guessed(
            "members and resources of an Organizational Unit count for its credentials",
            "not documented",
        ),
        guessed("`pending` is nobody's status", "the sandbox has no first synchronization to wait for"),
    ],
};

const AVAILABILITY: &str = "api/scheduling/availability";
const ELEMENTS: &str = "the types of Cronofy's browser elements";

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let diaries = Diaries::open(&app, &state, &call)?;
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    let query = Query::read(&body, &mut errors);
    let mut statuses = Vec::new();
    let groups = groups(&query, &diaries, &mut statuses, &mut errors);
    errors.into_result()?;
    let search = Search { groups, length: query.length, most: query.max_results };
    let (name, found) = match query.wanted {
        Wanted::Periods(windows) => ("available_periods", search.periods(&windows)),
        Wanted::Slots { windows, step, overlapping } => {
            ("available_slots", search.slots(&windows, step, overlapping))
        }
        Wanted::SlotsAt(starts) => ("available_slots", search.slots_at(starts)),
    };
    let mut body = json!({ name: found.iter().map(row).collect::<Vec<Value>>() });
    if query.include_member_statuses {
        body["member_statuses"] = Value::Array(statuses);
    }
    Ok(answer(StatusCode::OK, &body))
}

/// The groups with everybody's free time; `statuses` gets one row for each member.
fn groups<'a>(
    query: &Query<'a>,
    diaries: &Diaries<'_>,
    statuses: &mut Vec<Value>,
    errors: &mut FieldErrors,
) -> Vec<Group<'a>> {
    let mut groups = Vec::new();
    for AskedGroup { members, required } in &query.groups {
        let mut found = Vec::new();
        for member in members {
            let Some(profiles) = diaries.profiles(member.sub) else {
                errors.push(&member.path, "errors.not_recognized", "not known to this application");
                continue;
            };
            let status = json!({ "sub": member.sub, "sync_status": sync_status(&profiles) });
            if !statuses.contains(&status) {
                statuses.push(status);
            }
            let free = diaries.free_time(&profiles, member, &query.excluded);
            found.push(Member { sub: member.sub, free });
        }
        groups.push(Group { members: found, required: *required });
    }
    groups
}

fn sync_status(profiles: &[Profile]) -> &'static str {
    let connected = !profiles.is_empty() && profiles.iter().all(|profile| profile.connected);
    if connected { "active" } else { "disconnected" }
}

fn row(found: &Found<'_>) -> Value {
    let participants: Vec<Value> = found.subs.iter().map(|sub| json!({ "sub": sub })).collect();
    json!({ "start": utc(found.period.start), "end": utc(found.period.end), "participants": participants })
}

/// A moment out of the times of the query: one that calendars count.
fn utc(moment: i64) -> String {
    time::utc(Timestamp::from_second(moment).unwrap_or(Timestamp::MAX))
}
