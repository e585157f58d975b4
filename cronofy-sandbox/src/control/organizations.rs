//! `GET` and `POST /_sandbox/organizations`, `DELETE /_sandbox/organizations/{domain}`
//!
//! Customers of Google Workspace and Office 365, in the words of scenarios.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{delete, get};
use http::StatusCode;
use serde_json::{Value, json};

use super::{add, form};
use crate::app::App;
use crate::scenario::{File, form};
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world::Organization;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/organizations", get(list).post(create))
        .route("/_sandbox/organizations/{domain}", delete(remove))
}

async fn list(Extract(app): Extract<App>) -> Response {
    let state = app.state();
    let rows: Vec<Value> = state.world.organizations.iter().map(|organization| row(organization)).collect();
    answer(StatusCode::OK, &json!({ "organizations": rows }))
}

async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let organization: form::Organization = form(&call)?;
    let state = add(&app, &File { organizations: vec![organization], ..File::default() }, 2)?;
    Ok(answer(StatusCode::CREATED, &state.world.organizations.last().map(|organization| row(organization))))
}

/// Its people stay. Its service account's authorizations end, with all that were made through them.
async fn remove(Extract(app): Extract<App>, Path(domain): Path<String>) -> Result<Response, Refusal> {
    if !app.state().remove_organization(&domain) {
        return Err(Refusal::not_found("no organization has this domain"));
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

fn row(organization: &Organization) -> Value {
    json!({
        "domain": organization.domain,
        "name": organization.name,
        "provider": organization.provider,
        "administrator": organization.administrator,
        "service_account": organization.service_account_email,
        "sub": organization.service_account_id,
    })
}
