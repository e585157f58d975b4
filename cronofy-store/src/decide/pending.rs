//! One wait for the outside world: a browser that comes back, or a callback. It is redeemed once, however often
//! it comes.
//!
//! ```text
//!              Take                 Finish, Fail
//!   Waiting ----------> Redeeming --------------------> Done: the outcome, for whoever comes again
//!      ^                    |  |
//!      +---- Release -------+  +--- Take, once the lease has run out: the holder is taken for dead
//!        nothing was sent
//! ```
//!
//! Tokens are taken from whoever brings them, even from a holder who was taken for dead: a code is spent once, so
//! nobody else will be given any. A failure is believed only of the holder.

use core::time::Duration;

use cronofy_types::Timestamp;

use super::{Change, Owner};

/// The SHA-256 of a code: enough to tell one from another, and worth nothing to a thief.
pub type CodeHash = [u8; 32];

/// A row. `P` is the pending value, `O` what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row<P, O> {
    /// How far it is.
    pub phase: Phase<P, O>,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

impl<P, O> Row<P, O> {
    /// Whether nothing has come yet.
    pub fn is_waiting(&self) -> bool {
        matches!(self.phase, Phase::Waiting(_))
    }
}

/// How far a wait is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase<P, O> {
    /// Nothing has come yet.
    Waiting(P),
    /// `owner` redeems a code. After `until` they are taken for dead.
    Redeeming {
        /// What waited.
        pending: P,
        /// Which code.
        code: CodeHash,
        /// Who.
        owner: Owner,
        /// When their lease ends, by the store's clock.
        until: Timestamp,
    },
    /// This came of it.
    Done(O),
}

/// What is asked of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Command<P, O> {
    /// Begins to wait.
    Begin {
        /// What waits.
        pending: P,
        /// When it is forgotten.
        expires_at: Timestamp,
    },
    /// To be the one who redeems what came.
    Take {
        /// Which code came.
        code: CodeHash,
        /// Whoever asks.
        owner: Owner,
        /// For how long. Longer than the call can take, with all its tries.
        lease: Duration,
    },
    /// Reports that tokens came of it.
    Finish {
        /// What came of it.
        outcome: O,
    },
    /// Reports that nothing will come of it.
    Fail {
        /// Whoever reports.
        owner: Owner,
        /// Why.
        outcome: O,
    },
    /// Gives it back: certainly nothing reached the server.
    Release {
        /// Whoever reports.
        owner: Owner,
    },
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reply<P, O> {
    /// It waits.
    Begun,
    /// It is yours: redeem, and report.
    Won(P),
    /// Somebody else redeems it for this long, at the most.
    Busy {
        /// What is left of their lease.
        remaining: Duration,
    },
    /// It was redeemed before, and this came of it.
    Done(O),
    /// Done as asked.
    Written,
    /// Not done: somebody else has taken it over. The outcome is theirs to report.
    Stale,
    /// Nothing of that name waits, or it waited too long.
    Absent,
    /// Not begun: something of that name waits already.
    Taken,
}

/// How long an outcome is kept for callbacks that come again: Cronofy repeats those of channels for a day.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Decides what `command` makes of `row` at `now`, by the store's clock.
pub fn decide<P: Clone, O: Clone>(
    row: Option<&Row<P, O>>,
    command: Command<P, O>,
    now: Timestamp,
) -> (Change<Row<P, O>>, Reply<P, O>) {
    let live = row.filter(|row| now < row.expires_at || !matches!(row.phase, Phase::Waiting(_)));
    match command {
        Command::Begin { pending, expires_at } => match live {
            Some(_) => (Change::Keep, Reply::Taken),
            None => (Change::Write(Row { phase: Phase::Waiting(pending), expires_at }), Reply::Begun),
        },
        Command::Take { code, owner, lease } => match live {
            Some(row) => take(row, code, owner, lease, now),
            None => (Change::Keep, Reply::Absent),
        },
        Command::Finish { outcome } => match live {
            Some(row) => match &row.phase {
                Phase::Redeeming { .. } => done(row, outcome),
                Phase::Done(before) => (Change::Keep, Reply::Done(before.clone())),
                Phase::Waiting(_) => (Change::Keep, Reply::Stale),
            },
            None => (Change::Keep, Reply::Absent),
        },
        Command::Fail { owner, outcome } => match live {
            Some(row) => match &row.phase {
                Phase::Redeeming { owner: holder, .. } if *holder == owner => done(row, outcome),
                Phase::Done(before) => (Change::Keep, Reply::Done(before.clone())),
                Phase::Redeeming { .. } | Phase::Waiting(_) => (Change::Keep, Reply::Stale),
            },
            None => (Change::Keep, Reply::Absent),
        },
        Command::Release { owner } => match live {
            Some(row) => match &row.phase {
                Phase::Redeeming { pending, owner: holder, .. } if *holder == owner => {
                    let row = Row { phase: Phase::Waiting(pending.clone()), expires_at: row.expires_at };
                    (Change::Write(row), Reply::Written)
                }
                _ => (Change::Keep, Reply::Stale),
            },
            None => (Change::Keep, Reply::Absent),
        },
    }
}

fn done<P, O>(row: &Row<P, O>, outcome: O) -> (Change<Row<P, O>>, Reply<P, O>) {
    let row = Row { phase: Phase::Done(outcome), expires_at: row.expires_at };
    (Change::Write(row), Reply::Written)
}

fn take<P: Clone, O: Clone>(
    row: &Row<P, O>,
    code: CodeHash,
    owner: Owner,
    lease: Duration,
    now: Timestamp,
) -> (Change<Row<P, O>>, Reply<P, O>) {
    let pending = match &row.phase {
        Phase::Done(outcome) => return (Change::Keep, Reply::Done(outcome.clone())),
        Phase::Redeeming { until, .. } if now < *until => {
            return (Change::Keep, Reply::Busy { remaining: until.saturating_since(now) });
        }
        // Whoever redeemed it before died over it. What they may have been given is lost; the code is tried again.
        Phase::Waiting(pending) | Phase::Redeeming { pending, .. } => pending,
    };
    let until = now.saturating_add(lease);
    let phase = Phase::Redeeming { pending: pending.clone(), code, owner, until };
    // Long enough to be told to whoever brings the same answer again.
    let expires_at = row.expires_at.max(until.saturating_add(KEPT));
    (Change::Write(Row { phase, expires_at }), Reply::Won(pending.clone()))
}
