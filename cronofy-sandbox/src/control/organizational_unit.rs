//! `GET /_sandbox/organizational_unit`, `POST /_sandbox/organizational_unit/members` and
//! `DELETE /_sandbox/organizational_unit/members/{email}`
//!
//! The Organizational Unit and who is in it.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::StatusCode;
use serde_json::{Value, json};

use super::{add, form};
use crate::app::App;
use crate::scenario::File;
use crate::scenario::form::{Member, Unit};
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/organizational_unit", get(show))
        .route("/_sandbox/organizational_unit/members", post(join))
        .route("/_sandbox/organizational_unit/members/{email}", delete(leave))
}

async fn show(Extract(app): Extract<App>) -> Response {
    let unit = &app.state().world.unit;
    let body = json!({
        "sub": unit.sub,
        "name": unit.name,
        "members": unit.members.iter().map(row).collect::<Vec<Value>>(),
        "resources": unit.resources.iter().map(|resource| &resource.email).collect::<Vec<_>>(),
    });
    answer(StatusCode::OK, &body)
}

async fn join(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let member: Member = form(&call)?;
    let unit = Unit { members: vec![member], ..Unit::default() };
    let state = add(&app, &File { organizational_unit: Some(unit), ..File::default() }, 3)?;
    Ok(answer(StatusCode::CREATED, &state.world.unit.members.last().map(row)))
}

async fn leave(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let mut state = app.state();
    let members = &mut state.world.unit.members;
    let before = members.len();
    members.retain(|member| !member.email.eq_ignore_ascii_case(&email));
    if members.len() == before {
        return Err(Refusal::not_found("no member has this address"));
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

fn row(member: &world::Member) -> Value {
    json!({
        "email": member.email,
        "sub": member.sub,
        "roles": member.roles,
        "public_page_url": member.public_url,
    })
}
