//! What the sandbox saw, counted as it comes: its journal, and not what we believe.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cronofy_sandbox::{JournalEntry, Sandbox};
use cronofy_store::blocking::block_on;

use crate::demo::failure::Failure;

/// What was asked of the sandbox.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) requests: u64,
    pub(super) rate_limited: u64,
    /// Of each subject, which processes its codes brought tokens to: the request's number, and the process.
    redeemed: BTreeMap<String, Vec<(u64, String)>>,
    /// The last request of each process.
    last: BTreeMap<String, u64>,
    /// How many tokens and codes came that had been used.
    used_again: u64,
    seen: u64,
}

/// It is counted on a thread of its own.
pub(super) struct Tallying(Arc<Mutex<Tally>>);

/// The journal is as quick as the sandbox's answers.
const PATIENCE: Duration = Duration::from_secs(10);

impl Tallying {
    /// Counts from now on, until the sandbox is gone.
    pub(super) fn begin(sandbox: &Sandbox) -> Self {
        let seen = sandbox.requests_served();
        let (mut journal, tally) =
            (sandbox.watch(), Arc::new(Mutex::new(Tally { seen, ..Tally::default() })));
        let counted = Arc::clone(&tally);
        thread::spawn(move || {
            while let Some(entry) = block_on(journal.next()) {
                counted.lock().unwrap_or_else(PoisonError::into_inner).count(&entry);
            }
        });
        Self(tally)
    }

    /// All that was counted up to now.
    pub(super) fn end(self, sandbox: &Sandbox) -> Result<Tally, Failure> {
        let began = Instant::now();
        loop {
            let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if tally.seen >= sandbox.requests_served() {
                return Ok(std::mem::take(&mut *tally));
            }
            if began.elapsed() > PATIENCE {
                return Err(Failure::new("the sandbox's journal does not come to an end"));
            }
            drop(tally);
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What the sandbox says of a code that comes a second time, and of a refresh token that was replaced.
const USED: [&str; 2] =
    ["the code was used before", "refresh_token is unknown, replaced, revoked or another client's"];

impl Tally {
    fn count(&mut self, entry: &JournalEntry) {
        self.requests += 1;
        self.seen = entry.sequence;
        let agent = entry.headers.get("user-agent").map(String::as_str).unwrap_or_default();
        let process = agent.split(' ').next().unwrap_or_default().to_owned();
        self.last.insert(process.clone(), entry.sequence);
        self.rate_limited += u64::from(entry.status == Some(429));
        self.used_again += u64::from(entry.why.as_deref().is_some_and(|why| USED.contains(&why)));
        let by_code = entry.field("grant_type").is_some_and(|kind| kind == "authorization_code");
        // A process that was killed does not hear the answer: none is written down then, and the code is spent.
        if let (true, Some(200) | None, Some(subject)) = (by_code, entry.status, &entry.sub) {
            self.redeemed.entry(subject.clone()).or_default().push((entry.sequence, process));
        }
    }

    /// Who has tokens.
    pub(super) fn authorized(&self) -> BTreeSet<&str> {
        self.redeemed.keys().map(String::as_str).collect()
    }

    /// How many mailboxes were redeemed more than once, and how many codes and tokens came again, without need. There
    /// is need where a process was killed between the server's answer and its own write, which was then the last that
    /// it asked: those are the third number.
    pub(super) fn doubled(&self, was_killed: impl Fn(&str) -> bool) -> Doubled {
        let lost = |(sequence, process): &&(u64, String)| {
            was_killed(process) && self.last.get(process) == Some(sequence)
        };
        let (mut twice, mut lost_in_all) = (0, 0);
        for redeemed in self.redeemed.values() {
            let surplus = redeemed.len() - 1;
            let lost = redeemed.iter().filter(lost).count().min(surplus);
            twice += surplus - lost;
            lost_in_all += lost;
        }
        let lost = u64::try_from(lost_in_all).unwrap_or(u64::MAX);
        Doubled { redeemed_twice: twice, token_reuse: self.used_again.saturating_sub(lost), lost }
    }
}

/// What was done more than once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Doubled {
    pub(super) redeemed_twice: usize,
    pub(super) token_reuse: u64,
    /// Tokens that died with a process that was killed: their mailboxes were asked for anew.
    pub(super) lost: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status of an answer, and why it is none that was wished for.
    type Answer = (Option<u16>, Option<&'static str>);

    const OK: Answer = (Some(200), None);
    const AGAIN: Answer = (Some(400), Some(USED[0]));

    /// Of each request the process, the subject of its code, and the answer.
    fn counted(requests: &[(&str, &str, Answer)]) -> Tally {
        let mut tally = Tally::default();
        for (sequence, (process, subject, (status, why))) in (1..).zip(requests) {
            let mut entry = JournalEntry::default();
            entry.sequence = sequence;
            entry.headers.insert("user-agent", format!("{process} cronofy-rust/0.1.0 (hyper)"));
            entry.sub = Some((*subject).to_owned());
            entry.status = *status;
            entry.why = why.map(str::to_owned);
            entry.body = serde_json::json!({ "grant_type": "authorization_code" });
            tally.count(&entry);
        }
        tally
    }

    fn doubled(requests: &[(&str, &str, Answer)]) -> (usize, u64, u64) {
        let Doubled { redeemed_twice, token_reuse, lost } =
            counted(requests).doubled(|process| process == "killed");
        (redeemed_twice, token_reuse, lost)
    }

    #[test]
    fn what_died_with_a_process_is_told_from_what_was_done_twice() {
        assert_eq!(doubled(&[("a", "1", OK), ("killed", "2", OK)]), (0, 0, 0));
        assert_eq!(doubled(&[("a", "1", OK), ("b", "1", OK)]), (1, 0, 0));
        assert_eq!(doubled(&[("a", "1", OK), ("b", "1", AGAIN)]), (0, 1, 0));
        assert_eq!(doubled(&[("killed", "1", OK), ("b", "1", AGAIN), ("b", "1", OK)]), (0, 0, 1));
        // It asked for something else after it: so it had the tokens, and there was time to keep them.
        assert_eq!(doubled(&[("killed", "1", OK), ("killed", "2", OK), ("b", "1", OK)]), (1, 0, 0));
    }

    #[test]
    fn refusals_authorize_nobody() {
        let tally = counted(&[("a", "1", OK), ("a", "2", (Some(429), None))]);
        assert_eq!(tally.authorized(), BTreeSet::from(["1"]));
        assert_eq!((tally.requests, tally.rate_limited), (2, 1));
    }
}
