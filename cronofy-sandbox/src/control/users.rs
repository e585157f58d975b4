//! `GET` and `POST /_sandbox/users`, `GET` and `DELETE /_sandbox/users/{email}`
//!
//! People: one row per calendar login, in the words of scenarios.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::{add, form};
use crate::app::App;
use crate::scenario::{File, form::User};
use crate::state::State;
use crate::wire::{Call, Refusal, empty, json as answer};
use crate::world::{AccessMode, Login, Profile};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/users", get(list).post(create))
        .route("/_sandbox/users/{email}", get(show).delete(remove))
}

async fn list(Extract(app): Extract<App>) -> Response {
    let state = app.state();
    let people = state.world.logins.iter().filter(|login| login.room.is_none());
    let rows: Vec<Value> = people.map(|login| row(&app, &state, login)).collect();
    answer(StatusCode::OK, &json!({ "users": rows }))
}

async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let user: User = form(&call)?;
    let email = user.email.clone();
    let state = add(&app, &File { users: vec![user], ..File::default() }, 2)?;
    Ok(answer(StatusCode::CREATED, &row(&app, &state, person(&state, &email)?)))
}

async fn show(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let state = app.state();
    Ok(answer(StatusCode::OK, &row(&app, &state, person(&state, &email)?)))
}

/// With their calendars and profiles. An authorization that is left without any profile ends.
async fn remove(Extract(app): Extract<App>, Path(email): Path<String>) -> Result<Response, Refusal> {
    let mut state = app.state();
    let email = person(&state, &email)?.email.clone();
    let administered =
        state.world.organizations.iter().find(|other| other.administrator.eq_ignore_ascii_case(&email));
    if let Some(organization) = administered {
        let why = format!("{email} administers {}: remove the organization first", organization.domain);
        return Err(Refusal::empty(StatusCode::CONFLICT, why));
    }
    state.remove_login(&email);
    Ok(empty(StatusCode::NO_CONTENT))
}

fn person<'a>(state: &'a State, email: &str) -> Result<&'a Login, Refusal> {
    let login = state.world.login(email).filter(|login| login.room.is_none());
    login.map(AsRef::as_ref).ok_or_else(|| Refusal::not_found("no user has this address"))
}

fn row(app: &App, state: &State, login: &Login) -> Value {
    let owner = state.world.owner(&login.account_id).map(|owner| &owner.email);
    let profile = Profile::of(login, AccessMode::ReadWrite, &app.ids).into_iter().next();
    json!({
        "email": login.email,
        "name": login.name,
        "provider": login.provider,
        "tzid": login.tzid,
        "account": owner.filter(|owner| **owner != login.email),
        "reaches": login.reaches,
        "domain": login.domain,
        "sub": login.account_id,
        "profile_id": profile.map(|profile| profile.id),
    })
}
