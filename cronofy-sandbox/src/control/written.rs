//! Bodies of control requests in the words of scenarios.

use std::sync::MutexGuard;

use serde::de::DeserializeOwned;

use crate::app::App;
use crate::scenario::{File, Flaw, Ground, ScenarioError, from_json};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Refusal};

/// The body of a control request as one of the forms that scenarios are made of. No body is an empty object.
pub(super) fn form<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    let body = if call.body().trim_ascii().is_empty() { b"{}" } else { call.body() };
    Ok(from_json(body)?)
}

/// Adds one thing, as a scenario with nothing else in it does. What is wrong is told as of a member of that thing,
/// which is so many `steps` into the scenario.
pub(super) fn add<'a>(app: &'a App, file: &File, steps: usize) -> Result<MutexGuard<'a, State>, Refusal> {
    file.check().map_err(|flaw| flaw.below(steps))?;
    let mut state = app.state();
    let added = state.with(file, &Ground::now(app)).map_err(|flaw| flaw.below(steps))?;
    *state = added;
    Ok(state)
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        let member = flaw.member();
        let member = if member.is_empty() { "base" } else { &member };
        Self::fields(
            FieldErrors::of(member, "errors.invalid", flaw.what()),
            format!("{member}: {}", flaw.what()),
        )
    }
}

impl From<ScenarioError> for Refusal {
    fn from(error: ScenarioError) -> Self {
        let what = error.to_string();
        Self::fields(FieldErrors::of("base", "errors.invalid", &what), what)
    }
}
