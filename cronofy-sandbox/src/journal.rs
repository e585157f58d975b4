//! What was asked of the sandbox: a ring of the latest requests and a count of all of them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// One request that the sandbox answered.
///
/// Neither the query, nor a header, nor a body is kept: that is where the secrets are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The method, such as `POST`.
    pub method: String,
    /// The path without its query, at most 256 characters of it.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    inner: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    served: u64,
    entries: VecDeque<JournalEntry>,
}

impl Journal {
    pub(crate) fn record(&self, method: &str, path: &str, status: u16) {
        let path = path.chars().take(LONGEST_PATH).collect();
        let entry = JournalEntry { method: method.to_owned(), path, status };
        let mut ring = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        ring.served += 1;
        if ring.entries.len() == CAPACITY {
            ring.entries.pop_front();
        }
        ring.entries.push_back(entry);
    }

    pub(crate) fn served(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).served
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).entries.iter().cloned().collect()
    }
}

/// Enough for any test, little enough for a sandbox that runs for weeks.
const CAPACITY: usize = 1000;
const LONGEST_PATH: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_bounded_and_the_count_is_not() {
        let journal = Journal::default();
        for _ in 0..CAPACITY + 5 {
            journal.record("GET", &"x".repeat(1000), 200);
        }
        assert_eq!(journal.served(), 1005);
        assert_eq!(journal.entries().len(), CAPACITY);
        assert_eq!(journal.entries()[0].path.len(), LONGEST_PATH);
    }
}
