//! `GET /v1/free_busy`
//!
//! When an account is busy, without what it does (docs: api/calendars-events free-busy).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::{paging, time};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::ledger::Operation;
use crate::state::List;
use crate::wire::{Call, FieldErrors, Fields, Refusal, json as answer};
use crate::world::{Busy, BusyStatus};

pub(crate) const OPERATION: Operation = Operation { name: "GET /v1/free_busy", rules: &[] };
pub(crate) const PAGE: Operation = Operation { name: "GET /v1/free_busy/pages/{page_id}", rules: &[] };

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("read_free_busy")?;
    let window = Window::read(&call.query(), time::timestamp(app.clock.now()))?;
    let rows = rows(&app, &subject, &call.query(), &window);
    let owner = owner(&subject);
    Ok(answer(StatusCode::OK, &state.first_page(&paging(&app), List::FreeBusy, &owner, rows)))
}

/// `GET /v1/free_busy/pages/{page_id}`. Its query is ignored: an SDK repeats the options of the first page there.
pub(crate) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let page = state.next_page(&paging(&app), List::FreeBusy, &owner(&subject), &id);
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
    fn holds(&self, busy: &Busy) -> bool {
        time::bounds(busy.when, &self.zone).is_some_and(|(start, end)| start < self.to && end >= self.from)
    }
}

fn rows(app: &App, subject: &Subject, query: &Fields, window: &Window) -> Vec<Value> {
    let wanted: Vec<&str> = query.all("calendar_ids[]").collect();
    // Whether free entries are in by default is unclear in the sources: only when asked for (sandbox choice).
    let include_free = query.flag("include_free");
    let localized = query.flag("localized_times");
    let mut found: Vec<(Timestamp, Value)> = Vec::new();
    for profile in &subject.profiles {
        let Some(login) = app.world.login(&profile.login) else { continue };
        for calendar in profile.calendars.iter().filter(|calendar| calendar.holds_events) {
            if !wanted.is_empty() && !wanted.contains(&calendar.id.as_str()) {
                continue;
            }
            for busy in login.busy.iter().filter(|busy| window.holds(busy)) {
                if busy.status == BusyStatus::Free && !include_free {
                    continue;
                }
                let Some((begin, _)) = time::bounds(busy.when, &window.zone) else { continue };
                let (start, end) = time::written(busy.when, &window.zone, &window.tzid, localized);
                let status = match busy.status {
                    BusyStatus::Busy => "busy",
                    BusyStatus::Tentative => "tentative",
                    BusyStatus::Free => "free",
                };
                let row = json!({
                    "calendar_id": calendar.id,
                    "start": start,
                    "end": end,
                    "free_busy_status": status,
                });
                found.push((begin, row));
            }
        }
    }
    found.sort_by_key(|(begin, _)| *begin);
    found.into_iter().map(|(_, row)| row).collect()
}
