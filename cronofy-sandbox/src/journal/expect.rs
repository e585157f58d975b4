//! What a test expects of the journal.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Checked, JournalEntry};

/// Requests that should have come.
///
/// At least one, unless it says how many. The same members, as JSON, are the entries of `expect` in the body of
/// `POST /_sandbox/journal/verify`.
///
/// ```
/// use cronofy_sandbox::Expectation;
///
/// Expectation::of("POST /oauth/token").field("grant_type", "refresh_token").status(200).times(2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "`Sandbox::expect` finds out whether it is met"]
pub struct Expectation(Map<String, Value>);

impl Expectation {
    /// Of an operation, by method and path as the documentation writes them.
    pub fn of(operation: &str) -> Self {
        Self(Map::new()).with("operation", operation)
    }

    /// Of whatever operation.
    pub fn of_any() -> Self {
        Self(Map::new())
    }

    /// With this member of the body or parameter of the query. An object is compared member by member, and may have
    /// others; numbers and booleans of a form are text.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        let fields = self.0.entry("fields").or_insert_with(|| Map::new().into());
        if let Value::Object(fields) = fields {
            fields.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Answered with this status.
    pub fn status(self, status: u16) -> Self {
        self.with("status", status)
    }

    /// Asked by this application.
    pub fn client_id(self, client_id: &str) -> Self {
        self.with("client_id", client_id)
    }

    /// About this account.
    pub fn about(self, sub: &str) -> Self {
        self.with("sub", sub)
    }

    /// Hit by this fault.
    pub fn fault(self, id: &str) -> Self {
        self.with("fault", id)
    }

    /// Only those after this entry of the journal.
    pub fn since(self, sequence: u64) -> Self {
        self.with("since", sequence)
    }

    /// Exactly so often.
    pub fn times(self, times: u64) -> Self {
        self.with("times", times)
    }

    /// So often or more.
    pub fn at_least(self, times: u64) -> Self {
        self.with("at_least", times)
    }

    /// So often or less.
    pub fn at_most(self, times: u64) -> Self {
        self.with("at_most", times)
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The entries that meet it, or why they do not.
    pub(crate) fn judge(self, journal: &[Arc<JournalEntry>]) -> Result<Vec<JournalEntry>, Unmet> {
        let expected = Value::Object(self.0.clone());
        let checked = Checked::read(self.0)
            .map_err(|errors| Unmet(format!("this cannot be expected: {errors}\n  expected: {expected}")))?;
        let outcome = checked.judge(journal);
        if !outcome.ok {
            let nearest = outcome.nearest.unwrap_or_default();
            let (times, saw) = (checked.times, outcome.saw);
            return Err(Unmet(format!("expected {times}, saw {saw}\n  expected: {expected}\n  {nearest}")));
        }
        let met = journal.iter().filter(|entry| outcome.entries.contains(&entry.sequence));
        Ok(met.map(|entry| JournalEntry::clone(entry)).collect())
    }
}

/// Why the journal is not what was expected, for people.
#[derive(Clone, PartialEq, Eq)]
pub struct Unmet(String);

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As readable: it is what `expect` and `unwrap` print where a test fails.
impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unmet {}
