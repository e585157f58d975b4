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
use serde_json::{Map, Value, json};

use self::diary::Diaries;
use self::participants::AskedGroup;
use self::request::{Query, Wanted};
use self::search::{Found, Group, Member, Search};
use super::time;
use crate::app::App;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state;
use crate::wire::{Call, FieldErrors, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/availability",
    rules: &[
        documented(
            "`participants`, groups with `members` and `required`, and `required_duration` are needed",
            "api/scheduling/availability",
        ),
        documented(
            "`query_periods` says when; `available_periods` is its older name",
            "api/scheduling/availability; changelog.cronofy.com",
        ),
        documented(
            "`response_format` is `periods`, `slots` or `overlapping_slots`, and names the list of the \
             answer",
            "api/scheduling/availability; changelog.cronofy.com",
        ),
        documented(
            "Each result has `start` and `end` in UTC, and the `participants` who are free",
            "api/scheduling/availability",
        ),
        documented("`include_member_statuses` adds `member_statuses`", "changelog.cronofy.com"),
        documented("The client secret is the credential", "api/authentication; api/scheduling/availability"),
        observed(
            "An access token is a credential too",
            "node cronofy 3.8.4, pycronofy 2.0.7 and Cronofy .NET 1.12 send one",
        ),
        documented(
            "A buffer keeps its distance from events, not from the ends of query periods",
            "api/scheduling/availability, whose example has a slot where a period starts",
        ),
        documented(
            "Resources of an Organizational Unit count for the client secret",
            "api/scheduling/availability",
        ),
        observed(
            "`query_slots` are tried each, and those that suit are answered",
            "cronofy-ruby 0.41, pycronofy 2.0.7 and cronofy-php 1.7 send them",
        ),
        observed(
            "`response_format` names the list of the answer to `query_slots` as well",
            "pycronofy 2.0.7 reads `available_periods` unless it asked for slots",
        ),
        observed("A side of a buffer can be `{minimum}`", "the tests of pycronofy 2.0.7"),
        observed(
            "There are `excluded_events`, buffers of members, `only_managed_events` and `ignore_tentative`",
            "the types of Cronofy's browser elements",
        ),
        guessed("A member's buffer replaces the query's, side by side", "the more specific one is meant"),
        guessed(
            "A buffer keeps none from the ends of a member's `available_periods` either",
            "a period says when to meet, an event says when somebody is taken",
        ),
        guessed("What is found lies inside one query period", "two periods that touch are still two"),
        guessed(
            "`start_interval` is any Duration, and counts from the start of the query period",
            "there is no other origin, and the values that Cronofy takes are shown nowhere",
        ),
        guessed(
            "Without `start_interval` it is the duration for `slots`, 15 minutes for `overlapping_slots`",
            "the first makes slots follow each other, the second is what calendars show",
        ),
        guessed(
            "There are at most 50 members, 100 query periods, 366 days and 512 results",
            "the limits of 2017 were raised since, to figures that no page tells",
        ),
        documented(
            "`managed_availability` limits a member to the account's availability rules and available periods, \
             `availability_rule_ids` to some of the rules",
            "scheduling/managed-availability",
        ),
        observed("Empty `availability_rule_ids` are none of the rules", "Cronofy .NET 1.12"),
        documented(
            "Within the hours of a rule with `calendar_ids`, events of other calendars do not count",
            "api/scheduling/availability-rules/upsert-availability-rule",
        ),
        guessed("A member's `calendar_ids` win over those of rules", "the question is nearer than the rule"),
        guessed(
            "What lies in one rule or period at least is bookable, and two that touch are one stretch",
            "rules are for every week, periods for once, and each says when somebody is there",
        ),
        guessed(
            "Of an account without rules and periods, `managed_availability` limits nothing",
            "the hours without any are shown nowhere",
        ),
        guessed("A rule that is not there has no hours", "no page names an error"),
        guessed(
            "`availability_constraints`, and `availability_rule_ids` without `managed_availability`, are refused \
             with 422",
            "an answer that ignores them would be a wrong one",
        ),
        guessed(
            "Opaque events block, tentative ones unless ignored; declined invitations and free time do not",
            "that is what `free_busy_status` says of them",
        ),
        guessed("An all-day event blocks the day of its calendar's zone", "that is whose day it is"),
        guessed("Empty `calendar_ids` are all calendars", "as in the other calls"),
        guessed(
            "A `sub` that did not authorize the application is `errors.not_recognized`",
            "whose calendars are not seen cannot be free",
        ),
        guessed(
            "Members of an Organizational Unit count for its access token, and where one of them is impersonated",
            "its scope is made for schedulers",
        ),
        guessed("`pending` is nobody's status", "the sandbox has no first synchronization to wait for"),
    ],
};

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
    let found = found(&search, query.wanted);
    let mut body = json!({ query.list: found.iter().map(row).collect::<Vec<Value>>() });
    if query.include_member_statuses {
        body["member_statuses"] = Value::Array(statuses);
    }
    Ok(answer(StatusCode::OK, &body))
}

/// From when to when people have time, for a page that offers it: slots, where the query asks for periods. `Err` is
/// what is wrong with the query.
pub(super) fn offers(
    app: &App,
    state: &state::State,
    client_id: &str,
    query: &Map<String, Value>,
) -> Result<Vec<(Timestamp, Timestamp)>, FieldErrors> {
    let mut query = query.clone();
    if matches!(query.get("response_format").and_then(Value::as_str), None | Some("periods")) {
        query.insert("response_format".to_owned(), "slots".into());
    }
    let mut errors = FieldErrors::default();
    let query = Query::read(&query, &mut errors);
    let diaries = Diaries::of_application(app, state, client_id);
    let groups = groups(&query, &diaries, &mut Vec::new(), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let search = Search { groups, length: query.length, most: query.max_results };
    let found = found(&search, query.wanted);
    Ok(found.iter().map(|found| (moment(found.period.start), moment(found.period.end))).collect())
}

fn found<'a>(search: &Search<'a>, wanted: Wanted) -> Vec<Found<'a>> {
    match wanted {
        Wanted::Periods(windows) => search.periods(&windows),
        Wanted::Slots { windows, step, overlapping } => search.slots(&windows, step, overlapping),
        Wanted::SlotsAt(starts) => search.slots_at(starts),
    }
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
            let free = diaries.free_time(&profiles, member, query);
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

fn utc(seconds: i64) -> String {
    time::utc(moment(seconds))
}

/// A moment out of the times of the query: one that calendars count.
fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
