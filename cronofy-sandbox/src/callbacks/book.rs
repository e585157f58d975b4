//! Callbacks under way, all of them, and the latest of those that are over.

use std::collections::{BTreeMap, VecDeque};
use std::time::SystemTime;

use super::record::Record;
use super::{Callback, CallbackAttempt, CallbackState, Letter, UndeliveredCallback};
use crate::ids::Ids;
use crate::state::ChannelKey;

#[derive(Debug, Default)]
pub(super) struct Book {
    opened: u64,
    /// As many as have got an identifier since the sandbox was put back to some moment.
    named: u64,
    delivered: u64,
    under_way: BTreeMap<u64, Record>,
    over: VecDeque<(u64, Record)>,
}

/// What an attempt has brought about.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// The channel that takes no notifications any more.
    pub(super) closed: Option<ChannelKey>,
    /// Callbacks that were held until now.
    pub(super) released: Vec<u64>,
}

/// Finished callbacks that are remembered: enough for any test, little enough for weeks.
const MOST_REMEMBERED: usize = 1000;
const GONE: u16 = 410;

impl Book {
    /// Enters a callback, and gives its number and its identifier.
    pub(super) fn enter(&mut self, ids: &Ids, mut record: Record) -> (u64, String) {
        self.opened += 1;
        self.named += 1;
        let id = ids.record("cbk_", &self.named.to_string());
        record.name(id.clone());
        self.under_way.insert(self.opened, record);
        (self.opened, id)
    }

    /// When a callback is tried next. `None` if it is over, or forgotten.
    pub(super) fn next(&self, number: u64) -> Option<SystemTime> {
        self.under_way.get(&number)?.next()
    }

    /// Whether something is in flight, or due by `horizon`.
    pub(super) fn is_busy(&self, horizon: SystemTime) -> bool {
        self.under_way.values().any(|record| record.is_busy(horizon))
    }

    /// Whether a change waits to be told to a channel for the first time.
    pub(super) fn owes_change(&self, channel: &str) -> bool {
        self.under_way.values().any(|record| record.owes_change(channel))
    }

    /// The callback, which is now in flight.
    pub(super) fn begin(&mut self, number: u64) -> Option<&Record> {
        let record = self.under_way.get_mut(&number)?;
        record.begin();
        Some(record)
    }

    pub(super) fn end(&mut self, number: u64, attempt: CallbackAttempt) -> Ended {
        let Some(record) = self.under_way.get_mut(&number) else { return Ended::default() };
        let client_id = record.letter.client_id.clone();
        let channel = record.letter.channel.clone();
        let (delivered, reason, gone) =
            (attempt.succeeded(), attempt.reason(), attempt.status == Some(GONE) && channel.is_some());
        let last = record.tried(attempt);
        let failed = !delivered && (gone || last);
        if delivered {
            self.close(number, CallbackState::Delivered, None);
        } else if failed {
            self.close(number, CallbackState::Failed, Some(reason));
        }
        Ended { closed: channel.filter(|_| failed), released: self.release(number, &client_id) }
    }

    /// Lets go what was held until a callback after it was tried.
    fn release(&mut self, number: u64, client_id: &str) -> Vec<u64> {
        let earlier = self.under_way.range_mut(..number);
        let released = earlier
            .filter(|(_, record)| record.letter.client_id == client_id)
            .filter_map(|(number, record)| record.release().then_some(*number));
        released.collect()
    }

    /// Ends a callback that is under way.
    pub(super) fn close(&mut self, number: u64, state: CallbackState, reason: Option<String>) {
        let Some(mut record) = self.under_way.remove(&number) else { return };
        if state == CallbackState::Delivered {
            self.delivered += 1;
        }
        record.end(state, reason);
        if self.over.len() == MOST_REMEMBERED {
            self.over.pop_front();
        }
        self.over.push_back((number, record));
    }

    /// Forgets every callback but how many were delivered.
    pub(super) fn forget(&mut self) {
        self.under_way.clear();
        self.over.clear();
    }

    /// Forgets which identifiers there were, too: the same requests get the same again.
    pub(super) fn restart(&mut self) {
        self.forget();
        self.named = 0;
    }

    pub(super) fn delivered(&self) -> u64 {
        self.delivered
    }

    /// In the order in which they came to be.
    pub(super) fn callbacks(&self) -> Vec<Callback> {
        let mut records: Vec<(u64, &Record)> =
            self.over.iter().map(|(number, record)| (*number, record)).collect();
        records.extend(self.under_way.iter().map(|(number, record)| (*number, record)));
        records.sort_by_key(|(number, _)| *number);
        records.into_iter().map(|(_, record)| record.shown()).collect()
    }

    pub(super) fn callback(&self, id: &str) -> Option<Callback> {
        self.record(id).map(Record::shown)
    }

    /// What a callback said and says when it is sent again.
    pub(super) fn letter(&self, id: &str) -> Option<&Letter> {
        self.record(id).map(|record| &record.letter)
    }

    fn record(&self, id: &str) -> Option<&Record> {
        let over = self.over.iter().map(|(_, record)| record);
        self.under_way.values().chain(over).find(|record| record.id() == id)
    }

    /// In the order in which they failed.
    pub(super) fn undelivered(&self) -> Vec<UndeliveredCallback> {
        self.over.iter().filter_map(|(_, record)| record.undelivered()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use std::time::Duration;

    use super::super::CallbackKind;
    use super::super::record::schedule;
    use super::*;

    fn letter() -> Letter {
        Letter {
            kind: CallbackKind::DelegatedAuthorization,
            client_id: "client".to_owned(),
            url: "http://127.0.0.1:9/hook".to_owned(),
            body: json!({}),
            channel: None,
        }
    }

    #[test]
    fn what_is_over_is_bounded_and_what_is_under_way_is_not() {
        let (ids, mut book, now) = (Ids::from_seed(1), Book::default(), SystemTime::UNIX_EPOCH);
        let under_way = 2 * MOST_REMEMBERED;
        for _ in 0..under_way {
            book.enter(&ids, Record::new(letter(), now, schedule(now, &[])));
        }
        for _ in 0..MOST_REMEMBERED + 5 {
            let (number, _) = book.enter(&ids, Record::new(letter(), now, schedule(now, &[])));
            book.begin(number);
            book.end(number, CallbackAttempt { at: now, status: Some(204), error: None });
        }
        assert_eq!(book.callbacks().len(), under_way + MOST_REMEMBERED);
        assert_eq!(book.delivered(), 1005);
        assert!(book.is_busy(now));
    }

    proptest! {
        /// A callback that nobody takes is tried once for every entry of its schedule, and then is over.
        #[test]
        fn every_attempt_of_a_schedule_is_made(pauses in 0..12_usize, taken in 0..20_usize) {
            let (ids, mut book, now) = (Ids::from_seed(1), Book::default(), SystemTime::UNIX_EPOCH);
            let due = schedule(now, &vec![Duration::from_secs(1); pauses]);
            let (number, id) = book.enter(&ids, Record::new(letter(), now, due));
            let mut attempts = 0;
            while let Some(at) = book.next(number) {
                book.begin(number);
                let status = Some(if attempts == taken { 200 } else { 500 });
                book.end(number, CallbackAttempt { at, status, error: None });
                attempts += 1;
            }
            prop_assert_eq!(attempts, (pauses + 1).min(taken + 1));
            let state = if taken <= pauses { CallbackState::Delivered } else { CallbackState::Failed };
            prop_assert_eq!(book.callback(&id).map(|callback| callback.state), Some(state));
        }
    }
}
