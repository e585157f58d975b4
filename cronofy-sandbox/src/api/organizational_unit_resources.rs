//! `GET /v1/organizational_unit_resources`
//!
//! Rooms of the Organizational Unit.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::{next_page, paging};
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::state::List;
use crate::wire::{Call, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/organizational_unit_resources",
    rules: &[
        documented(
            "A resource has `sub`, which begins with `res_`, `email`, `name` and `scheduler` with \
             `enabled`",
            "api-alpha/organizational-unit-resources",
        ),
        guessed(
            "Credentials are those of the members' list",
            "it is the sibling of that page, and rooms are no more secret than people",
        ),
    ],
};
pub(crate) const PAGE: Operation = Operation {
    name: "GET /v1/organizational_unit_resources/pages/{page_id}",
    rules: &[guessed(
        "The page at `next_page`, which has this path",
        "events and free/busy have such paths, and the list has `pages` as theirs",
    )],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let paging = paging(&app, &state);
    let owner = auth::unit(&call, &state, app.clock.now())?.owner();
    let resources = state.world.unit.resources.iter();
    let rows: Vec<Value> = resources
        .map(|resource| {
            json!({
                "sub": resource.sub,
                "email": resource.email,
                "name": resource.name,
                "scheduler": { "enabled": true },
            })
        })
        .collect();
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::Resources, &owner, rows)))
}

pub(crate) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let owner = auth::unit(&call, &state, app.clock.now())?.owner();
    next_page(&app, &mut state, List::Resources, &owner, &id)
}
