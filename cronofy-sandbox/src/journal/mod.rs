//! What was asked of the sandbox: a ring of the latest requests, and a count of all of them.

mod entry;
mod expect;
mod filter;
mod judge;
mod mask;
mod watch;

pub use self::entry::{JournalEntry, JournalFault};

pub use self::expect::{Expectation, Unmet};
pub(crate) use self::filter::Filter;
pub(crate) use self::judge::Checked;
pub(crate) use self::mask::Mask;
pub use self::watch::Watch;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch::Sender;

/// The latest requests. A handle; clones are of the same journal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<Mutex<Ring>>);

#[derive(Debug)]
struct Ring {
    served: u64,
    bytes: usize,
    entries: VecDeque<Arc<JournalEntry>>,
    /// Tells those who watch of every entry; gone when the sandbox is.
    live: Option<Sender<()>>,
}

impl Default for Ring {
    fn default() -> Self {
        Self { served: 0, bytes: 0, entries: VecDeque::new(), live: Some(Sender::new(())) }
    }
}

impl Journal {
    /// Numbers the entry and keeps it.
    pub(crate) fn record(&self, mut entry: JournalEntry) {
        let mut ring = self.ring();
        ring.served += 1;
        entry.sequence = ring.served;
        ring.bytes += entry.weight();
        ring.entries.push_back(Arc::new(entry));
        while ring.entries.len() > MOST_ENTRIES || ring.bytes > MOST_BYTES {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.weight();
        }
        if let Some(live) = &ring.live {
            // Nobody may be watching.
            let _ = live.send(());
        }
    }

    pub(crate) fn served(&self) -> u64 {
        self.ring().served
    }

    /// Everything that is kept, oldest first.
    pub(crate) fn entries(&self) -> Vec<Arc<JournalEntry>> {
        self.since(0)
    }

    /// What is kept of the entries after that one, oldest first.
    pub(crate) fn since(&self, sequence: u64) -> Vec<Arc<JournalEntry>> {
        let ring = self.ring();
        let older = ring.entries.partition_point(|entry| entry.sequence <= sequence);
        ring.entries.range(older..).cloned().collect()
    }

    /// Forgets every entry, and goes on counting.
    pub(crate) fn clear(&self) {
        let mut ring = self.ring();
        ring.entries.clear();
        ring.bytes = 0;
    }

    /// Entries from now on.
    pub(crate) fn watch(&self) -> Watch {
        let ring = self.ring();
        Watch::new(self.clone(), ring.served, ring.live.as_ref().map(Sender::subscribe))
    }

    /// Lets go of everybody who watches.
    pub(crate) fn close(&self) {
        self.ring().live = None;
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Enough for any test, little enough for a sandbox that runs for weeks.
const MOST_ENTRIES: usize = 1000;
const MOST_BYTES: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: usize) -> JournalEntry {
        JournalEntry { path: "x".repeat(path), ..JournalEntry::default() }
    }

    #[test]
    fn the_ring_is_bounded_in_number_and_the_count_is_not() {
        let journal = Journal::default();
        for _ in 0..MOST_ENTRIES + 5 {
            journal.record(entry(1));
        }
        assert_eq!((journal.served(), journal.entries().len()), (1005, MOST_ENTRIES));
        assert_eq!(journal.entries()[0].sequence, 6);
        assert_eq!(journal.since(1000).len(), 5);
        journal.clear();
        assert_eq!((journal.served(), journal.entries().len()), (1005, 0));
    }

    #[test]
    fn the_ring_is_bounded_in_bytes() {
        let journal = Journal::default();
        for _ in 0..100 {
            journal.record(entry(100_000));
        }
        assert!((35..=41).contains(&journal.entries().len()), "{}", journal.entries().len());
    }

    #[tokio::test]
    async fn who_watches_sees_every_entry_and_then_the_end() {
        let journal = Journal::default();
        journal.record(entry(1));
        let mut watch = journal.watch();
        journal.record(entry(2));
        journal.record(entry(3));
        for sequence in [2, 3] {
            assert_eq!(watch.next().await.map(|entry| entry.sequence), Some(sequence));
        }
        let waiting = tokio::spawn(async move { watch.next().await.map(|entry| entry.sequence) });
        tokio::task::yield_now().await;
        journal.record(entry(4));
        assert_eq!(waiting.await.expect("it waits without a panic"), Some(4));
        let mut watch = journal.watch();
        journal.close();
        assert!(watch.next().await.is_none());
        assert!(journal.watch().next().await.is_none());
    }

    #[tokio::test]
    async fn who_is_too_slow_goes_on_with_what_is_kept() {
        let journal = Journal::default();
        let mut watch = journal.watch();
        for _ in 0..MOST_ENTRIES + 5 {
            journal.record(entry(1));
        }
        assert_eq!(watch.next().await.map(|entry| entry.sequence), Some(6));
    }
}
