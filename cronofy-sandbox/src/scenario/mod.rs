//! Scenarios: the world as a file, in TOML or, with the same words, in JSON.
//!
//! | file | one subject |
//! |---|---|
//! | `form` | what can be written |
//! | `event`, `moment` | events and their times |
//! | `settings` | what is up to whoever runs the sandbox |
//! | `check` | what cannot be, whatever world it comes to |
//! | `apply`, `logins` | what it does to a world |
//! | `flaw` | how it is said what is wrong and where |

mod apply;
mod check;
mod event;
pub(crate) mod flaw;
pub(crate) mod form;
mod logins;
mod moment;
mod settings;

pub(crate) use apply::Ground;
pub(crate) use event::Event;
pub use flaw::ScenarioError;
pub(crate) use flaw::{Flaw, Step};
pub(crate) use form::File;
pub(crate) use settings::Settings;

use serde::de::DeserializeOwned;

use crate::state::State;

/// A world to start with or to add, read and found to be without contradiction.
///
/// Reading is the first half of what a sandbox does with it. The second, in which addresses of people may turn out
/// to be taken, needs the sandbox: [`Builder::scenario`](crate::Builder::scenario).
#[derive(Clone, Debug)]
pub struct Scenario {
    file: File,
    /// The text, where positions are to be found in it.
    toml: Option<String>,
}

/// Larger ones are somebody's mistake.
const LARGEST: usize = 1024 * 1024;

impl Scenario {
    /// Reads TOML.
    ///
    /// # Errors
    ///
    /// What is wrong first, with line and column.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        if text.len() > LARGEST {
            return Err(ScenarioError {
                position: None,
                message: "the scenario is larger than 1 MiB".to_owned(),
            });
        }
        let file: File = toml::from_str(text).map_err(|error| ScenarioError {
            position: error.span().map(|span| flaw::position(text, span.start)),
            message: flaw::readable(error.message()),
        })?;
        file.check().map_err(|flaw| flaw.placed(Some(text)))?;
        Ok(Self { file, toml: Some(text.to_owned()) })
    }

    /// Reads the same as JSON.
    ///
    /// # Errors
    ///
    /// What is wrong first: with line and column where it could not be read, else with the path of the member.
    pub fn from_json(text: &[u8]) -> Result<Self, ScenarioError> {
        let file: File = from_json(text)?;
        file.check().map_err(|flaw| flaw.placed(None))?;
        Ok(Self { file, toml: None })
    }

    /// Writes it as TOML, without what goes without saying.
    pub fn to_toml(&self) -> String {
        // Whatever could be read can be written: it has string keys, and numbers that TOML has too.
        toml::to_string(&self.file).unwrap_or_default()
    }

    /// What is odd and yet no error: addresses at domains that could be somebody's. The sandbox sends no mail, so
    /// they do no harm here; what is copied from here might.
    pub fn warnings(&self) -> Vec<String> {
        self.file.warnings()
    }

    /// Whether the world that is there goes.
    pub(crate) fn replaces(&self) -> bool {
        self.file.world == form::Base::Replace
    }

    /// Nothing but settings.
    pub(crate) fn of_settings(settings: Settings) -> Result<Self, ScenarioError> {
        let file = File { settings, ..File::default() };
        file.check().map_err(|flaw| flaw.placed(None))?;
        Ok(Self { file, toml: None })
    }

    /// Nothing but its applications.
    pub(crate) fn applications(self) -> Self {
        Self { file: File { applications: self.file.applications, ..File::default() }, toml: None }
    }

    pub(crate) fn has_applications(&self) -> bool {
        !self.file.applications.is_empty()
    }

    /// Adds it to a world: all of it, or nothing.
    pub(crate) fn apply(&self, state: &mut State, ground: &Ground<'_>) -> Result<(), ScenarioError> {
        let added = state.with(&self.file, ground).map_err(|flaw| flaw.placed(self.toml.as_deref()))?;
        *state = added;
        Ok(())
    }
}

/// Reads one thing from JSON, with an error that says where, and repeats nothing but names.
pub(crate) fn from_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, ScenarioError> {
    serde_json::from_slice(text).map_err(|error| {
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole);
        ScenarioError {
            position: (error.line() > 0).then(|| (error.line(), error.column())),
            message: flaw::readable(message),
        }
    })
}

#[cfg(test)]
mod tests;
