//! `GET /v1/free_busy`
//!
//! When an account is busy, without what it does (docs: api/calendars-events free-busy).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::selection::{Found, Selection};
use super::{next_page, paging, time};
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::List;
use crate::wire::{Call, Fields, Refusal, json as answer};

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
            "Beyond these defaults nothing of others is known, whatever `from` and `to` are",
            "the page speaks of a minimum, and names no error",
        ),
        documented(
            "With neither `from` nor `to`, what the application wrote itself is listed wherever it lies",
            "api/events/read-events",
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
        observed(
            "`include_ids` adds `event_uid`, and `event_id` to what the application wrote itself",
            "Cronofy .NET 1.12",
        ),
        observed("`include_deleted` lists what was deleted, too, and adds `deleted`", "Cronofy .NET 1.12"),
        observed("`last_modified` lists what was changed then or later", "Cronofy .NET 1.12"),
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
            "A series of the application is listed within the default window only",
            "one without an end has to end somewhere",
        ),
        guessed(
            "An accepted invitation is listed twice with `include_managed`: as it was written, and as it was accepted",
            "it is in two calendars of one person",
        ),
        guessed(
            "More than 25000 entries are refused with 422 on `to`",
            "work for one call has to be bounded",
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
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("read_free_busy")?;
    let query = call.query();
    let selection = Selection::read(&query, time::timestamp(app.clock.now()))?;
    let calendars = selection.calendars(&app, &state, &subject);
    let found = selection.events(&state, &subject.key.client_id, &calendars)?;
    let include_free = query.flag("include_free");
    let asked = |found: &&Found<'_>| include_free || found.event.free_busy_status() != "free";
    let client_id = &subject.key.client_id;
    let rows = found.iter().filter(asked).map(|found| row(found, &selection, &query, client_id)).collect();
    let paging = paging(&app, &state);
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::FreeBusy, &subject.owner(), rows)))
}

/// `GET /v1/free_busy/pages/{page_id}`. Its query is ignored: an SDK repeats the options of the first page there.
pub(crate) async fn page(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let owner = auth::user(&call, &app, &state, app.clock.now())?.owner();
    next_page(&app, &mut state, List::FreeBusy, &owner, &id)
}

fn row(found: &Found<'_>, selection: &Selection, query: &Fields<'_>, client_id: &str) -> Value {
    let Found { event, reached, when } = found;
    let window = &selection.window;
    let tzid = event.tzid.as_deref().unwrap_or(&window.tzid);
    let (start, end) = time::written(*when, tzid, query.flag("localized_times"));
    let mut row = json!({
        "calendar_id": reached.calendar.id,
        "start": start,
        "end": end,
        "free_busy_status": event.free_busy_status(),
    });
    if query.flag("include_ids") {
        row["event_uid"] = json!(event.uid);
        if let Some(managed) = event.managed.as_ref().filter(|_| event.is_managed_by(client_id)) {
            row["event_id"] = json!(managed.event_id);
        }
    }
    if selection.include_deleted {
        row["deleted"] = json!(event.deleted);
    }
    row
}
