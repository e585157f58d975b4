//! The journal as it is written.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch::Receiver;

use super::{Journal, JournalEntry};

/// Entries of the journal as they come.
///
/// Whoever is slower than the sandbox by more than the journal holds goes on with the oldest entry that is kept.
#[derive(Debug)]
pub struct Watch {
    journal: Journal,
    seen: u64,
    fetched: VecDeque<Arc<JournalEntry>>,
    changed: Option<Receiver<()>>,
}

impl Watch {
    pub(super) fn new(journal: Journal, seen: u64, changed: Option<Receiver<()>>) -> Self {
        Self { journal, seen, fetched: VecDeque::new(), changed }
    }

    /// Begins after that entry instead of now.
    pub(crate) fn after(mut self, sequence: u64) -> Self {
        self.seen = sequence;
        self
    }

    /// The next entry, once there is one. `None` when the sandbox is gone. May be dropped half-way without losing one.
    pub async fn next(&mut self) -> Option<Arc<JournalEntry>> {
        loop {
            if let Some(entry) = self.fetched.pop_front() {
                self.seen = entry.sequence;
                return Some(entry);
            }
            // Before looking: what is written in between wakes.
            if let Some(changed) = &mut self.changed {
                changed.mark_unchanged();
            }
            self.fetched = self.journal.since(self.seen).into();
            if self.fetched.is_empty() && self.changed.as_mut()?.changed().await.is_err() {
                // What was written just before the end is still to be seen.
                self.changed = None;
            }
        }
    }
}
