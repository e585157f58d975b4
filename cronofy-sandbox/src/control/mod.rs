//! `/_sandbox/`: the sandbox about itself, and what tests do to it. Nothing of this is part of Cronofy.
//!
//! One resource, one file, with its routes.

mod accounts;
mod applications;
mod calendars;
mod callback_faults;
mod callbacks;
mod clock;
mod events;
mod faults;
mod fidelity;
mod guard;
mod health;
mod index;
mod invitations;
mod journal;
mod journal_stream;
mod notifications;
mod organizational_unit;
mod organizations;
mod rooms;
mod scenario;
mod settings;
mod smart_invites;
mod snapshots;
mod tenants;
mod users;
mod written;

use std::collections::BTreeMap;

use axum::Router;
use axum::middleware::from_fn_with_state;
use serde_json::{Map, Value};

use crate::app::App;
use crate::dashboard;
use crate::wire::{Call, FieldErrors, Refusal};
use written::{add, form};

pub(crate) fn routes(app: App) -> Router<App> {
    Router::new()
        .merge(index::routes())
        .merge(health::routes())
        .merge(clock::routes())
        .merge(fidelity::routes())
        .merge(callbacks::routes())
        .merge(callback_faults::routes())
        .merge(snapshots::routes())
        .merge(scenario::routes())
        .merge(tenants::routes())
        .merge(settings::routes())
        .merge(accounts::routes())
        .merge(applications::routes())
        .merge(users::routes())
        .merge(calendars::routes())
        .merge(events::routes())
        .merge(rooms::routes())
        .merge(organizations::routes())
        .merge(organizational_unit::routes())
        .merge(invitations::routes())
        .merge(notifications::routes())
        .merge(smart_invites::routes())
        .merge(faults::routes())
        .merge(journal::routes())
        .merge(journal_stream::routes())
        .merge(dashboard::routes())
        .layer(from_fn_with_state(app, guard::guard))
}

/// The body of a control request. A member with another name than `known` is a slip that would otherwise go
/// unnoticed.
fn members(call: &Call, known: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let body = call.object()?;
    refuse_others(body.keys(), known)?;
    Ok(body)
}

/// The query of a control request, held to the same.
fn parameters(call: &Call, known: &[&str]) -> Result<BTreeMap<String, String>, Refusal> {
    let query: BTreeMap<_, _> = form_urlencoded::parse(call.raw_query().as_bytes()).into_owned().collect();
    refuse_others(query.keys(), known)?;
    Ok(query)
}

fn refuse_others<'a>(names: impl Iterator<Item = &'a String>, known: &[&str]) -> Result<(), Refusal> {
    let mut errors = FieldErrors::default();
    for name in names.filter(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        errors.push(name, "errors.not_recognized", &format!("not known here: there are {known}"));
    }
    errors.into_result()
}
