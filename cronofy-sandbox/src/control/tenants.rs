//! `GET` and `POST /_sandbox/tenants`, `GET` and `DELETE /_sandbox/tenants/{name}`
//!
//! Isolated sandboxes in this process, each behind a port of its own, so that any client can be pointed at one by
//! its base URL alone. Two of them are also how one has two data centers: a token of one is worth nothing in the
//! other.

use std::io;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::form;
use crate::app::App;
use crate::scenario::{Scenario, Settings};
use crate::tenants::NoTenant;
use crate::wire::{Call, FieldErrors, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/tenants", get(list).post(create))
        .route("/_sandbox/tenants/{name}", get(show).delete(remove))
}

/// What can be said of a tenant. The rest is as its parent was set up: callbacks, lifetimes, scenarios.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    name: Option<String>,
    seed: Option<u64>,
    /// TOML in a string, or an object with the same words.
    scenario: Option<Value>,
    settings: Settings,
    port: u16,
}

async fn list(State(app): State<App>) -> Response {
    answer(StatusCode::OK, &json!({ "tenants": app.tenants.list() }))
}

async fn create(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let Wanted { name, seed, scenario, settings, port } = form(&call)?;
    if app.recipe.is_tenant() {
        return Err(Refusal::empty(StatusCode::CONFLICT, "this is a tenant, and tenants have none"));
    }
    let name = name.unwrap_or_else(|| app.tenants.next_name());
    if !is_name(&name) {
        let what = "it is 1 to 63 small letters, digits and hyphens";
        return Err(Refusal::fields(
            FieldErrors::of("name", "errors.invalid", what),
            format!("name: {what}"),
        ));
    }
    let conflict = |refused: NoTenant| Refusal::empty(StatusCode::CONFLICT, refused.why());
    app.tenants.admit(&name).map_err(conflict)?;
    let mut builder = app.recipe.clone().tenant(&name, port, settings);
    if let Some(seed) = seed {
        builder = builder.seed(seed);
    }
    if let Some(scenario) = scenario {
        builder = builder.read_scenario(match scenario {
            Value::String(toml) => Scenario::parse(&toml)?,
            json => Scenario::from_json(json.to_string().as_bytes())?,
        });
    }
    let sandbox = builder.start().await.map_err(|error| not_started(&error))?;
    let ready = app.tenants.keep(&name, sandbox).map_err(conflict)?;
    Ok(answer(StatusCode::CREATED, &ready))
}

async fn show(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(answer(StatusCode::OK, &app.tenants.find(&name).ok_or_else(unknown)?))
}

/// Answers once its port is free again.
async fn remove(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refusal> {
    app.tenants.take(&name).ok_or_else(unknown)?.stop().await;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// A port that is taken is nothing that is wrong with the request.
fn not_started(error: &io::Error) -> Refusal {
    let why = error.to_string();
    if error.kind() == io::ErrorKind::InvalidInput {
        Refusal::fields(FieldErrors::of("base", "errors.invalid", &why), why)
    } else {
        Refusal::empty(StatusCode::CONFLICT, why)
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("there is no tenant of this name")
}

/// As in a host name.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len()) && name.bytes().all(is_plain)
}
