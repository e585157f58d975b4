//! `/v1/available_periods`
//!
//! Periods in which an account can be booked (docs: scheduling/available-periods).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::events::Written;
use super::events::draft::times;
use super::{bookable, next_page, paging, time};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::calendars::When;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{AvailablePeriod, List, State};
use crate::wire::{Call, FieldErrors, Members, Refusal, empty, json as answer};

pub(crate) const UPSERT: Operation = Operation {
    name: "POST /v1/available_periods",
    rules: &[
        documented("The answer is 202 without a body", "api/scheduling/available-periods/upsert"),
        documented(
            "`available_period_id`, of at most 64 ASCII characters, `start` and `end` are required",
            "api/scheduling/available-periods/upsert",
        ),
        documented(
            "An `available_period_id` creates a period once, and then changes it",
            "api/scheduling/available-periods/upsert",
        ),
        documented(
            "`start` and `end` are Times in UTC, or objects with `time` and the `tzid` to show them in",
            "api/scheduling/available-periods/upsert",
        ),
        observed("There is a `tzid` for both", "cronofy-php 1.7"),
        guessed("`end` must be after `start`: `errors.invalid_time_pair`", "it is the key for events, too"),
        guessed("An account has at most 1000 periods", "memory and work have to be bounded"),
        guessed("No scope is needed", "no page of the calls names one that is"),
        guessed(
            "Periods outlive the authorization, for the application that made them",
            "availability rules were seen to do so",
        ),
    ],
};

pub(crate) const READ: Operation = Operation {
    name: "GET /v1/available_periods",
    rules: &[
        documented(
            "A row has `available_period_id`, `start` and `end`",
            "api/scheduling/available-periods/read",
        ),
        documented("What starts on `to` or later is left out", "api/scheduling/available-periods/read"),
        guessed("Without `from` and `to` all periods are listed", "no default is documented"),
        guessed(
            "Days are those of `tzid`, or of UTC without it",
            "it is optional here, and required elsewhere",
        ),
        guessed("Rows are in the order of their starts", "a list of times is read so"),
    ],
};

pub(crate) const PAGE: Operation = Operation {
    name: "GET /v1/available_periods/pages/{page_id}",
    rules: &[documented("The page at `next_page`", "api/scheduling/available-periods/read")],
};

pub(crate) const DELETE: Operation = Operation {
    name: "DELETE /v1/available_periods",
    rules: &[
        documented("The answer is 202", "api/scheduling/available-periods/delete"),
        documented("`available_period_id` names one", "api/scheduling/available-periods/delete"),
        documented("`delete_all`, which is true, means all", "api/scheduling/available-periods/bulk-delete"),
        guessed("Both together are 422, and so is neither", "it would not be clear what is meant"),
        guessed(
            "202 for a period that is not there",
            "a call that is repeated must not fail for having worked",
        ),
        observed("The path may end with a slash", "cronofy-php 1.7"),
    ],
};

/// More than anybody can offer by hand.
const MOST_PERIODS: usize = 1000;

pub(crate) async fn upsert(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    apply_upsert(&mut state, &subject, &call.object()?).map(|_| empty(StatusCode::ACCEPTED))
}

/// The same as an entry of a batch.
pub(super) fn apply_upsert(
    state: &mut State,
    subject: &Subject,
    object: &Map<String, Value>,
) -> Result<Written, Refusal> {
    let body = Members::of(object);
    let mut errors = FieldErrors::default();
    let name = bookable::name(&body, "available_period_id", &mut errors);
    let times = times::read(&body, &mut errors);
    if times.as_ref().is_some_and(|times| matches!(times.when, When::AllDay { .. })) {
        errors.invalid("start", "must be a Time");
    }
    errors.into_result()?;
    let (Some(name), Some(times::Times { when: When::Timed { start, end }, tzid })) = (name, times) else {
        return Err(Refusal::empty(StatusCode::INTERNAL_SERVER_ERROR, "an error was not told"));
    };
    let periods = &mut state.bookable_mut(&subject.key).periods;
    if periods.len() >= MOST_PERIODS && !periods.contains_key(name) {
        let what = format!("an account has at most {MOST_PERIODS} periods");
        return Err(FieldErrors::of("base", "errors.too_many", &what).into_refusal());
    }
    periods.insert(name.to_owned(), AvailablePeriod { start, end, tzid });
    Ok(None)
}

pub(crate) async fn read(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let query = call.query();
    let mut errors = FieldErrors::default();
    let zone = match query.get("tzid") {
        None => TimeZone::UTC,
        Some(tzid) => time::zone(tzid).unwrap_or_else(|| {
            errors.push("tzid", "errors.tzid_unrecognized", "TZID not recognized");
            TimeZone::UTC
        }),
    };
    let mut bound = |name: &str, otherwise: Timestamp| match query.get(name) {
        None => otherwise,
        Some(text) => time::moment(text, &zone).unwrap_or_else(|| {
            errors.invalid(name, "must be a Date");
            otherwise
        }),
    };
    let (from, to) = (bound("from", Timestamp::MIN), bound("to", Timestamp::MAX));
    errors.into_result()?;
    let periods = state.bookable(&subject.key).into_iter().flat_map(|said| &said.periods);
    let mut periods: Vec<_> = periods.filter(|(_, one)| one.start < to && one.end >= from).collect();
    periods.sort_by_key(|(_, period)| period.start);
    let localized = query.flag("localized_times");
    let rows = periods.into_iter().map(|(name, period)| row(name, period, localized)).collect();
    let paging = paging(&app, &state);
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::AvailablePeriods, &subject.owner(), rows)))
}

/// `GET /v1/available_periods/pages/{page_id}`.
pub(crate) async fn page(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let owner = auth::user(&call, &app, &state, app.clock.now())?.owner();
    next_page(&app, &mut state, List::AvailablePeriods, &owner, &id)
}

fn row(name: &str, period: &AvailablePeriod, localized: bool) -> Value {
    let when = When::Timed { start: period.start, end: period.end };
    let (start, end) = time::written(when, period.tzid.as_deref().unwrap_or("Etc/UTC"), localized);
    json!({ "available_period_id": name, "start": start, "end": end })
}

pub(crate) async fn delete(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    apply_delete(&mut state, &subject, &call.object()?).map(|_| empty(StatusCode::ACCEPTED))
}

/// The same as an entry of a batch.
pub(super) fn apply_delete(
    state: &mut State,
    subject: &Subject,
    object: &Map<String, Value>,
) -> Result<Written, Refusal> {
    let body = Members::of(object);
    let mut errors = FieldErrors::default();
    let all = body.flag("delete_all", &mut errors);
    let name = body.text("available_period_id", &mut errors).filter(|name| !name.is_empty());
    match (all, name) {
        (Some(true), Some(_)) => {
            errors.push("available_period_id", "errors.not_supported", "not together with delete_all");
        }
        (Some(false), _) => errors.invalid("delete_all", "must be true"),
        (None, None) if errors.is_empty() => errors.unspecified("available_period_id"),
        (Some(true) | None, _) => {}
    }
    errors.into_result()?;
    let periods = &mut state.bookable_mut(&subject.key).periods;
    match name {
        Some(name) => drop(periods.remove(name)),
        None => periods.clear(),
    }
    Ok(None)
}
