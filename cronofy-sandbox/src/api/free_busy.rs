//! `GET /v1/free_busy`
//!
//! When an account is busy, without what it does (docs: api/calendars-events free-busy).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::{paging, time};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::calendars::{Event, When};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{List, State};
use crate::wire::{Call, FieldErrors, Fields, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/free_busy",
    rules: &[
        documented("It needs `read_free_busy`, by name or in another scope", "api/events/free-busy"),
        documented("`tzid` is required", "api/events/free-busy"),
        guessed(
            "Without it, or with an unknown zone, the key is `errors.tzid_unrecognized`",
            "an independent service that imitates this API answers so",
        ),
        documented(
            "`from` is 42 days ago and `to` 201 days ahead unless they are sent",
            "api/events/free-busy",
        ),
        documented("Listed is what starts before `to` and ends on or after `from`", "api/events/free-busy"),
        guessed(
            "`from` and `to` beyond these defaults are moved to them",
            "the page speaks of a minimum, and names no error",
        ),
        observed("`from` and `to` can be Times as well as Dates", "Cronofy .NET 1.12 and pycronofy 2.0.7"),
        documented(
            "An entry has `calendar_id`, `start`, `end` and `free_busy_status`, which is `busy`, `free`, \
             `tentative` or `unknown`",
            "api/events/free-busy",
        ),
        documented(
            "What the application wrote itself is left out unless `include_managed` is true",
            "api/events/free-busy; api/events/read-events",
        ),
        observed("`localized_times` has times with offset and zone", "Cronofy .NET 1.12"),
        observed(
            "`calendar_ids[]` limits the calendars",
            "node cronofy 3.8.4, pycronofy 2.0.7, Cronofy .NET 1.12",
        ),
        observed("There is `include_free`", "Cronofy .NET 1.12"),
        guessed(
            "Free entries are left out without it",
            "the switch would mean nothing, though the documented example has a free entry",
        ),
        guessed(
            "Every event is an entry of its own, however they overlap",
            "entries can carry the identifier of an event",
        ),
        guessed(
            "All-day events lie in the zone of the query",
            "the zone is said to be the reference for dates",
        ),
    ],
};
pub(crate) const PAGE: Operation = Operation {
    name: "GET /v1/free_busy/pages/{page_id}",
    rules: &[
        documented("The page at `next_page`", "api/events/free-busy"),
        guessed(
            "It is read with the scope and, for a unit, the impersonation of the first page",
            "what was needed once is needed again",
        ),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let paging = paging(&app, &state);
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("read_free_busy")?;
    let window = Window::read(&call.query(), time::timestamp(app.clock.now()))?;
    let rows = rows(&app, &state, &subject, &call.query(), &window);
    let owner = owner(&subject);
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::FreeBusy, &owner, rows)))
}

/// `GET /v1/free_busy/pages/{page_id}`. Its query is ignored: an SDK repeats the options of the first page there.
pub(crate) async fn page(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let paging = paging(&app, &state);
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let page = state.next_page(&paging, List::FreeBusy, &owner(&subject), &id);
    page.map(|page| answer(StatusCode::OK, &page)).ok_or_else(|| Refusal::not_found("no such page"))
}

fn owner(subject: &Subject) -> String {
    format!("{} {}", subject.key.client_id, subject.key.sub)
}

struct Window {
    tzid: String,
    zone: TimeZone,
    from: Timestamp,
    to: Timestamp,
}

/// The widest window, and the default: wider ones are clamped silently (sandbox choice).
const DAYS_BACK: i64 = 42;
const DAYS_AHEAD: i64 = 201;

impl Window {
    fn read(query: &Fields, now: Timestamp) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        let tzid = query.get("tzid").unwrap_or_default();
        let zone = time::zone(tzid).unwrap_or_else(|| {
            errors.push("tzid", "errors.tzid_unrecognized", "TZID not recognized");
            TimeZone::UTC
        });
        let today = now.to_zoned(zone.clone()).date();
        let day = |offset: i64| {
            today.checked_add(offset.days()).ok().and_then(|date| time::start_of(date, &zone)).unwrap_or(now)
        };
        let (first, last) = (day(-DAYS_BACK), day(DAYS_AHEAD));
        let mut bound = |name: &str, default: Timestamp| match query.get(name) {
            None => default,
            Some(text) => time::moment(text, &zone).unwrap_or_else(|| {
                errors.push(name, "errors.invalid_format", "must be a Date or a Time");
                default
            }),
        };
        let (from, to) = (bound("from", first), bound("to", last));
        errors.into_result()?;
        Ok(Self { tzid: tzid.to_owned(), zone, from: from.max(first), to: to.min(last) })
    }

    /// Starts before `to`, ends on or after `from`.
    fn holds(&self, when: When) -> bool {
        time::bounds(when, &self.zone).is_some_and(|(start, end)| start < self.to && end >= self.from)
    }
}

fn rows(app: &App, state: &State, subject: &Subject, query: &Fields, window: &Window) -> Vec<Value> {
    let wanted: Vec<&str> = query.all("calendar_ids[]").collect();
    // Whether free entries are in by default is unclear in the sources: only when asked for (sandbox choice).
    let include_free = query.flag("include_free");
    let localized = query.flag("localized_times");
    let include_managed = query.flag("include_managed");
    let client_id = &subject.key.client_id;
    let asked = |event: &&Event| {
        !event.deleted
            && (include_managed || !event.is_managed_by(client_id))
            && (include_free || event.free_busy_status() != "free")
            && window.holds(event.when)
    };
    let mut found: Vec<(Timestamp, Value)> = Vec::new();
    let seen = subject.profiles.iter().flat_map(|profile| state.calendars.seen(client_id, profile, &app.ids));
    for calendar in seen.filter(|calendar| wanted.is_empty() || wanted.contains(&calendar.id.as_str())) {
        let events = state.calendars.get(&calendar.key).into_iter().flat_map(|held| held.events.values());
        for event in events.filter(asked) {
            let Some((begin, _)) = time::bounds(event.when, &window.zone) else { continue };
            let (start, end) = time::written(event.when, &window.zone, &window.tzid, localized);
            let row = json!({
                "calendar_id": calendar.id,
                "start": start,
                "end": end,
                "free_busy_status": event.free_busy_status(),
            });
            found.push((begin, row));
        }
    }
    found.sort_by_key(|(begin, _)| *begin);
    found.into_iter().map(|(_, row)| row).collect()
}
