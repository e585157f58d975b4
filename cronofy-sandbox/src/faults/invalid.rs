//! Why a fault cannot be.

use std::error::Error;
use std::fmt;

use crate::wire::{FieldErrors, Refusal};

/// Which members of a fault are wrong, and what would be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvalidFault(Vec<Flaw>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Flaw {
    field: String,
    key: &'static str,
    description: String,
}

pub(super) const CONFLICT: &str = "errors.conflict";
pub(super) const INVALID: &str = "errors.invalid_format";
pub(super) const REQUIRED: &str = "errors.required";

impl InvalidFault {
    pub(crate) fn of(field: &str, key: &'static str, description: &str) -> Self {
        let mut flaws = Self::default();
        flaws.push(field, key, description);
        flaws
    }

    pub(crate) fn push(
        &mut self,
        field: impl Into<String>,
        key: &'static str,
        description: impl Into<String>,
    ) {
        self.0.push(Flaw { field: field.into(), key, description: description.into() });
    }

    pub(super) fn is_about(&self, field: &str) -> bool {
        self.0.iter().any(|flaw| flaw.field == field)
    }

    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this fault cannot be")?;
        self.0.iter().try_for_each(|flaw| write!(f, "; {}: {}", flaw.field, flaw.description))
    }
}

impl Error for InvalidFault {}

impl From<InvalidFault> for Refusal {
    fn from(invalid: InvalidFault) -> Self {
        let why = invalid.to_string();
        let mut errors = FieldErrors::default();
        for Flaw { field, key, description } in &invalid.0 {
            errors.push(field, key, description);
        }
        Self::fields(errors, why)
    }
}
