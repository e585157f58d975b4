//! What goes out: the members of one answer, and what stands in place of one.

use core::error::Error;

use cronofy_auth_core::types::InvalidValue;
use serde_json::{Map, Value};

/// The members of an answer.
#[derive(Default)]
pub(crate) struct Answer(Map<String, Value>);

impl Answer {
    pub(crate) fn of(name: &str, value: impl Into<Value>) -> Self {
        Self::default().with(name, value)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.0)
    }
}

/// Why there is no answer of the kind that was asked for.
pub(crate) enum Instead {
    /// The question cannot be put to the library.
    Unsupported(String),
    /// The library turned down what it was asked to send.
    Refused(String),
    /// The library turned down what it was given to read.
    Rejected(String),
}

impl Instead {
    pub(crate) fn refused(error: &dyn Error) -> Self {
        Self::Refused(said(error))
    }

    pub(crate) fn rejected(error: &dyn Error) -> Self {
        Self::Rejected(said(error))
    }
}

impl From<InvalidValue> for Instead {
    fn from(error: InvalidValue) -> Self {
        Self::refused(&error)
    }
}

impl From<Instead> for Answer {
    fn from(instead: Instead) -> Self {
        match instead {
            Instead::Unsupported(why) => Self::of("unsupported", why),
            Instead::Refused(why) => Self::of("refused", why),
            Instead::Rejected(why) => Self::of("rejected", why),
        }
    }
}

/// An error with its causes.
fn said(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
