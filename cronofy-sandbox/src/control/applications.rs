//! `GET` and `POST /_sandbox/applications`, `PATCH /_sandbox/applications/{client_id}`,
//! `POST /_sandbox/applications/{client_id}/secrets` and `DELETE /_sandbox/applications/{client_id}/secrets/{number}`
//!
//! OAuth clients, what is enabled for them, and the rotation of their secrets.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{delete, get, patch, post};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::form;
use crate::app::App;
use crate::scenario::{File, Flaw, Ground, Step, form};
use crate::state::{Application, Features};
use crate::wire::{Call, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/applications", get(list).post(create))
        .route("/_sandbox/applications/{client_id}", patch(change))
        .route("/_sandbox/applications/{client_id}/secrets", post(add_secret))
        .route("/_sandbox/applications/{client_id}/secrets/{number}", delete(retire_secret))
}

async fn list(Extract(app): Extract<App>) -> Response {
    let rows: Vec<Value> = app.state().applications.values().map(row).collect();
    answer(StatusCode::OK, &json!({ "applications": rows }))
}

async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let application: form::Application = form(&call)?;
    let file = File { applications: vec![application], ..File::default() };
    file.check().map_err(|flaw| flaw.below(2))?;
    let mut state = app.state();
    let added = state.with(&file, &Ground::now(&app)).map_err(|flaw| flaw.below(2))?;
    let is_new = |application: &&Application| !state.applications.contains_key(&application.client_id);
    let created = added.applications.values().find(is_new).map(row);
    *state = added;
    Ok(answer(StatusCode::CREATED, &created))
}

/// What changes of an application: whatever is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    verified: Option<bool>,
    redirect_uris: Option<Vec<String>>,
    #[serde(default)]
    features: form::Features,
}

async fn change(
    Extract(app): Extract<App>,
    Path(client_id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let Change { name, verified, redirect_uris, features } = form(&call)?;
    form::Application::check_uris(redirect_uris.as_deref().unwrap_or_default(), &[])?;
    let mut state = app.state();
    let application = state.applications.get_mut(&client_id).ok_or_else(unknown)?;
    application.name = name.unwrap_or_else(|| application.name.clone());
    application.verified = verified.unwrap_or(application.verified);
    application.redirect_uris = redirect_uris.unwrap_or_else(|| application.redirect_uris.clone());
    features.apply(&mut application.features);
    Ok(answer(StatusCode::OK, &row(application)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    client_secret: Option<String>,
}

/// From now on callbacks carry one digest per active secret.
async fn add_secret(
    Extract(app): Extract<App>,
    Path(client_id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let Secret { client_secret } = form(&call)?;
    let at = |what: &str| Flaw::new(vec![Step::from("client_secret")], what.to_owned());
    if let Some(what) = client_secret.as_deref().and_then(form::Application::secret_flaw) {
        return Err(at(what).into());
    }
    let mut state = app.state();
    if !state.applications.contains_key(&client_id) {
        return Err(unknown());
    }
    if let Some(secret) = &client_secret
        && state.applications.values().any(|application| application.knows_secret(secret))
    {
        return Err(at("an application has this secret already").into());
    }
    let secret = client_secret.unwrap_or_else(|| app.ids.client_secret());
    let application = state.applications.get_mut(&client_id).ok_or_else(unknown)?;
    application.secrets.push(secret.clone());
    let body = json!({ "number": application.secrets.len(), "client_secret": secret });
    Ok(answer(StatusCode::CREATED, &body))
}

/// Secrets count from 1, the oldest first: a secret in a path would stand in every log.
async fn retire_secret(
    Extract(app): Extract<App>,
    Path((client_id, number)): Path<(String, usize)>,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let secrets = &mut state.applications.get_mut(&client_id).ok_or_else(unknown)?.secrets;
    if number == 0 || number > secrets.len() {
        return Err(Refusal::not_found(format!("the application has secrets 1 to {}", secrets.len())));
    }
    if secrets.len() == 1 {
        return Err(Refusal::empty(StatusCode::CONFLICT, "it is the application's only secret"));
    }
    secrets.remove(number - 1);
    Ok(empty(StatusCode::NO_CONTENT))
}

fn unknown() -> Refusal {
    Refusal::not_found("no application has this client_id")
}

fn row(application: &Application) -> Value {
    let Features { business_connect, free_busy, no_access, explicit_linking } = application.features;
    json!({
        "name": application.name,
        "client_id": application.client_id,
        "client_secrets": application.secrets,
        "verified": application.verified,
        "redirect_uris": application.redirect_uris,
        "features": {
            "business_connect": business_connect,
            "free_busy": free_busy,
            "no_access": no_access,
            "explicit_linking": explicit_linking,
        },
    })
}
