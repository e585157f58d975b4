//! `GET /v1/events`
//!
//! Events of every calendar of an account (docs: events/read-events).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;

use super::row::Rows;
use crate::api::selection::Selection;
use crate::api::{next_page, paging, time};
use crate::app::App;
use crate::auth;
use crate::state::List;
use crate::wire::{Call, Refusal, json as answer};
use crate::world::View;

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("read_events")?;
    let query = call.query();
    let selection = Selection::read(&query, time::timestamp(app.clock.now()))?;
    let mut calendars = selection.calendars(&app, &state, &subject);
    calendars.retain(|reached| reached.profile.view != View::FreeBusy);
    let found = selection.events(&state, &subject.key.client_id, &calendars)?;
    let rows = Rows::new(&query, &selection.window.tzid, &subject.key.client_id);
    let rows = found.iter().map(|found| rows.row(found)).collect();
    let paging = paging(&app, &state);
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::Events, &subject.owner(), rows)))
}

/// `GET /v1/events/pages/{page_id}`. Its query is ignored: an SDK repeats the options of the first page there.
pub(crate) async fn page(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let owner = auth::user(&call, &app, &state, app.clock.now())?.owner();
    next_page(&app, &mut state, List::Events, &owner, &id)
}
