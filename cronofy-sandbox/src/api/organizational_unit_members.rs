//! `GET /v1/organizational_unit_members`
//!
//! Who belongs to the Organizational Unit.

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
    name: "GET /v1/organizational_unit_members",
    rules: &[
        documented(
            "A member has `sub`, `email`, `roles` and `scheduler` with `enabled` and `public_url`",
            "api-alpha/organizational-unit-members",
        ),
        documented(
            "The credential is the client secret of an Internal Application",
            "api-alpha/organizational-unit-members",
        ),
        documented(
            "The Organizational Unit's access token is a credential too, without impersonation",
            "Organization Connect guide",
        ),
        guessed("Another access token is 403", "it is recognised, and no unit's"),
        guessed("`scheduler.enabled` is true for everybody", "nobody here has a reason to be switched off"),
    ],
};
pub(crate) const PAGE: Operation = Operation {
    name: "GET /v1/organizational_unit_members/pages/{page_id}",
    rules: &[guessed(
        "The page at `next_page`, which has this path",
        "events and free/busy have such paths, and the list has `pages` as theirs",
    )],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let paging = paging(&app, &state);
    let owner = auth::unit(&call, &state, app.clock.now())?.owner();
    let members = state.world.unit.members.iter();
    let rows: Vec<Value> = members
        .map(|member| {
            json!({
                "sub": member.sub,
                "email": member.email,
                "roles": member.roles,
                "scheduler": { "enabled": true, "public_url": member.public_url },
            })
        })
        .collect();
    Ok(answer(StatusCode::OK, &state.first_page(&paging, List::Members, &owner, rows)))
}

pub(crate) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let owner = auth::unit(&call, &state, app.clock.now())?.owner();
    next_page(&app, &mut state, List::Members, &owner, &id)
}
