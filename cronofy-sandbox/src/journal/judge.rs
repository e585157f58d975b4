//! How near the journal comes to what is expected of it.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::mask::MASKED;
use super::{Filter, JournalEntry};
use crate::wire::{FieldErrors, Fields};

/// An expectation that makes sense.
pub(crate) struct Checked {
    said: Map<String, Value>,
    filter: Filter,
    fields: Map<String, Value>,
    pub(super) times: Times,
}

/// What came of an expectation: as `POST /_sandbox/journal/verify` answers it.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) ok: bool,
    expected: Map<String, Value>,
    pub(super) saw: usize,
    /// The numbers of those that meet it.
    pub(super) entries: Vec<u64>,
    pub(super) nearest: Option<String>,
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    least: u64,
    most: Option<u64>,
}

const COUNTS: [&str; 3] = ["times", "at_least", "at_most"];

impl Checked {
    pub(crate) fn read(said: Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        for (name, value) in &said {
            let is_parameter = Filter::PARAMETERS.contains(&name.as_str());
            if is_parameter && !(value.is_string() || value.is_number() || value.is_null()) {
                errors.push(name, "errors.invalid_format", "must be a string or a number");
            } else if !is_parameter && name != "fields" && !COUNTS.contains(&name.as_str()) {
                let known = [&Filter::PARAMETERS[..], &["fields"], &COUNTS].concat().join(", ");
                errors.push(name, "errors.not_recognized", &format!("not known here: there are {known}"));
            }
        }
        let fields = match said.get("fields") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(fields)) => fields.clone(),
            Some(_) => {
                errors.push("fields", "errors.invalid_format", "must be an object");
                Map::new()
            }
        };
        let times = Times::read(&said, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let filter = Filter::read(&Fields::from_object(&said))?;
        Ok(Self { said, filter, fields, times })
    }

    pub(crate) fn judge(&self, journal: &[Arc<JournalEntry>]) -> Outcome {
        let misses: Vec<_> = journal.iter().map(|entry| (entry, self.misses(entry))).collect();
        let entries: Vec<u64> =
            misses.iter().filter_map(|(entry, misses)| misses.is_empty().then_some(entry.sequence)).collect();
        let saw = entries.len();
        let ok = self.times.holds(saw);
        // The one with the fewest differences, and of those the latest.
        let nearest = misses
            .iter()
            .filter(|(_, misses)| !misses.is_empty())
            .min_by_key(|(entry, misses)| (misses.len(), u64::MAX - entry.sequence));
        let nearest = (!ok).then(|| match nearest {
            _ if self.times.is_exceeded(saw) => format!("too many: entries {entries:?}"),
            None if journal.is_empty() => "the journal is empty".to_owned(),
            None => format!("there are no others than entries {entries:?}"),
            // Another operation is no near miss of one that did come.
            Some((entry, _)) if saw > 0 && self.said.contains_key("operation") && !self.is_about(entry) => {
                format!("too few: entries {entries:?}")
            }
            Some((entry, misses)) => {
                let JournalEntry { sequence, method, path, .. } = &***entry;
                format!("nearest: entry {sequence}, {method} {path}: {}", misses.join("; "))
            }
        });
        Outcome { ok, expected: self.said.clone(), saw, entries, nearest }
    }

    /// Whether the entry is of the operation that is expected.
    fn is_about(&self, entry: &JournalEntry) -> bool {
        self.said.get("operation").and_then(Value::as_str) == entry.operation
    }

    fn misses(&self, entry: &JournalEntry) -> Vec<String> {
        let mut misses = self.filter.misses(entry);
        for (name, wanted) in &self.fields {
            match entry.field(name) {
                Some(has) if holds(has, wanted) => {}
                Some(has) if has == MASKED => {
                    misses.push(format!("{name} is masked in the journal, so nothing can be expected of it"));
                }
                Some(has) => misses.push(format!("{name} is {has} instead of {wanted}")),
                None => misses.push(format!("{name} is missing")),
            }
        }
        misses
    }
}

/// Whether `has` is what was wanted: of an object all that was wanted of it, and a scalar as its text.
fn holds(has: &Value, wanted: &Value) -> bool {
    match (has, wanted) {
        (Value::Object(has), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| has.get(name).is_some_and(|has| holds(has, wanted)))
        }
        _ => has == wanted || scalar(has).is_some_and(|text| Some(text) == scalar(wanted)),
    }
}

/// What a form would have made of it.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Times {
    fn read(said: &Map<String, Value>, errors: &mut FieldErrors) -> Self {
        let [times, at_least, at_most] = COUNTS.map(|name| {
            let number = said.get(name).filter(|number| !number.is_null())?;
            if number.as_u64().is_none() {
                errors.push(name, "errors.invalid_format", "must be a whole number, not negative");
            }
            number.as_u64()
        });
        if times.is_some() && (at_least.is_some() || at_most.is_some()) {
            errors.push("times", "errors.conflict", "times says it all: without at_least and at_most");
        }
        if at_least > at_most && at_most.is_some() {
            errors.push("at_least", "errors.conflict", "must not be more than at_most");
        }
        // Whoever says how many at most can live with none.
        let least = times.or(at_least).unwrap_or(u64::from(at_most.is_none()));
        Self { least, most: times.or(at_most) }
    }

    fn holds(self, saw: usize) -> bool {
        saw as u64 >= self.least && !self.is_exceeded(saw)
    }

    fn is_exceeded(self, saw: usize) -> bool {
        self.most.is_some_and(|most| saw as u64 > most)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => write!(f, "exactly {least}"),
            (0, Some(most)) => write!(f, "at most {most}"),
            (least, Some(most)) => write!(f, "{least} to {most}"),
            (least, None) => write!(f, "at least {least}"),
        }
    }
}
