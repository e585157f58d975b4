//! `/_sandbox/`: the sandbox about itself, and what tests do to it. Nothing of this is part of Cronofy.
//!
//! One resource, one file, with its routes.

mod clock;
mod fidelity;
mod health;

use axum::Router;
use serde_json::{Map, Value};

use crate::app::App;
use crate::wire::{Call, FieldErrors, Refusal};

pub(crate) fn routes() -> Router<App> {
    health::routes().merge(clock::routes()).merge(fidelity::routes())
}

/// The body of a control request. A member with another name than `known` is refused: it is a slip that would
/// otherwise go unnoticed.
fn members(call: &Call, known: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    for name in body.keys().filter(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        errors.push(name, "errors.not_recognized", &format!("not known here: there are {known}"));
    }
    errors.into_result()?;
    Ok(body)
}
