//! What is wrong with a scenario, and where.

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// A scenario that cannot be, and so changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScenarioError {
    /// Line and column, both from 1, where the text has them. A column counts characters.
    pub position: Option<(usize, usize)>,
    /// What is wrong, and with what. Never holds a secret.
    pub message: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "line {line}, column {column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}

/// What is wrong with a value that could be read.
#[derive(Debug)]
pub(crate) struct Flaw {
    path: Vec<Step>,
    what: String,
}

/// One step towards a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Key(&'static str),
    Index(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// `flaw!(["users", index, "email"], "...")`
macro_rules! flaw {
    ([$($step:expr),*], $($what:tt)*) => {
        $crate::scenario::flaw::Flaw::new(vec![$($crate::scenario::flaw::Step::from($step)),*], format!($($what)*))
    };
}
pub(crate) use flaw;

impl Flaw {
    pub(crate) fn new(path: Vec<Step>, what: String) -> Self {
        Self { path, what }
    }

    /// The same, for somebody who sees only what is below the first `steps`.
    pub(crate) fn below(mut self, steps: usize) -> Self {
        self.path.drain(..steps.min(self.path.len()));
        self
    }

    /// With line and column, if `text` is the TOML that it came from.
    pub(super) fn placed(&self, text: Option<&str>) -> ScenarioError {
        let span = text.and_then(|text| Some(position(text, span(text, &self.path)?.start)));
        let message = match self.member() {
            member if member.is_empty() => self.what.clone(),
            member => format!("{member}: {}", self.what),
        };
        ScenarioError { position: span, message }
    }

    /// Of which member: `users[3].email`.
    pub(crate) fn member(&self) -> String {
        let mut member = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) if member.is_empty() => member.push_str(key),
                Step::Key(key) => member.extend([".", key]),
                Step::Index(index) => member.extend(["[", &index.to_string(), "]"]),
            }
        }
        member
    }

    pub(crate) fn what(&self) -> &str {
        &self.what
    }
}

/// Where a value stands, or what is nearest around a value that was left out.
fn span(text: &str, path: &[Step]) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut value: Option<&DeValue<'_>> = None;
    for step in path {
        let next = match (value, step) {
            (None, Step::Key(key)) => root.get_ref().get(*key),
            (Some(DeValue::Table(table)), Step::Key(key)) => table.get(*key),
            (Some(DeValue::Array(array)), Step::Index(index)) => array.get(*index),
            _ => None,
        };
        let Some(next) = next else { break };
        found = Some(next.span());
        value = Some(next.get_ref());
    }
    found
}

/// Line and column of a byte, both from 1.
pub(super) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Serde's word on what it could not read: with the nearest name where there is none of that name, and without
/// the value that it stumbled over, which may be a secret.
pub(super) fn readable(message: &str) -> String {
    let unknown = [("unknown field `", "key"), ("unknown variant `", "value")];
    let unknown = unknown.iter().find(|(start, _)| message.starts_with(start));
    if let Some((_, kind)) = unknown {
        return nearest(kind, message);
    }
    match (message.starts_with("invalid "), message.split_once(" \""), message.rsplit_once("\", expected")) {
        (true, Some((start, _)), Some((_, end))) => format!("{start}, expected{end}"),
        _ => message.to_owned(),
    }
}

fn nearest(kind: &str, message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown: String = names.next().unwrap_or_default().chars().take(40).collect();
    let known: Vec<&str> = names.collect();
    let close = known.iter().map(|name| (distance(&unknown, name), *name)).min();
    match close {
        Some((steps, name)) if steps <= (name.len() / 3).max(2) => {
            format!("unknown {kind} `{unknown}`: did you mean `{name}`?")
        }
        _ => format!("unknown {kind} `{unknown}`; there are {}", known.join(", ")),
    }
}

/// Levenshtein's.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = number + 1;
        for (column, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *candidate);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let of =
            |word| readable(&format!("unknown field `{word}`, expected one of `email`, `name`, `provider`"));
        assert_eq!(of("emial"), "unknown key `emial`: did you mean `email`?");
        assert_eq!(of("color"), "unknown key `color`; there are email, name, provider");
        assert_eq!(readable("unknown variant `b`, expected `a`"), "unknown value `b`: did you mean `a`?");
        assert_eq!(readable("missing field `name`"), "missing field `name`");
    }

    #[test]
    fn values_are_not_repeated() {
        let message = "invalid type: string \"hush \\\"x\", expected a sequence";
        assert_eq!(readable(message), "invalid type: string, expected a sequence");
    }
}
