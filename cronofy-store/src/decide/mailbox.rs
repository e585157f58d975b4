//! One mailbox of a roll-out: asked for until its callback comes, and its code redeemed.
//!
//! ```text
//!            Ask                     Came                        Granted
//!   Queued --------> Asked ------------------------> Came -------------------> Granted
//!     ^  ^            |  |    the callback            |  |
//!     |  |   Lapse    |  | Invalid, alone      Again  |  | Failed
//!     |  +------------+  +-----------> Failed <-------+--+
//!     |  no callback came                 ^           |
//!     |                                   | no attempts left
//!     +-----------------------------------+-----------+
//!       Again: the code is dead, and the mailbox is asked for anew
//! ```
//!
//! Every change counts the generation up, and a report names the generation that its claim was given: what was
//! reported by somebody who was too slow changes nothing. One report is believed of anybody: that access was granted,
//! because it is a fact that the wait of the same state tells to whoever asks.
//!
//! A mailbox is asked for under one `state` until that state's wait is over: where nobody knows whether a request
//! arrived, it is sent again with the same one, and whichever callback comes first is taken.

use core::time::Duration;

use cronofy_types::Timestamp;

use super::Change;

/// A row. `C` is a callback, `G` names a grant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row<C, G> {
    /// How far it is.
    pub phase: Phase<C, G>,
    /// How often it was changed.
    pub generation: u64,
    /// Which of its states it is asked for with, from zero.
    pub round: u32,
    /// How often it was asked for, certainly or perhaps.
    pub attempts: u32,
    /// How many mailboxes a request for it may name: fewer after each that was refused.
    pub company: u8,
}

/// How far a mailbox is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase<C, G> {
    /// To be asked for.
    Queued {
        /// Not before this.
        due: Timestamp,
    },
    /// It was asked for, or is being, or perhaps was.
    Asked {
        /// How long a callback is waited for, or the claim lasts.
        until: Timestamp,
    },
    /// A callback came, and its code is to be redeemed.
    Came {
        /// What came.
        callback: C,
        /// Not before this: somebody is at it, or it did not work a moment ago.
        due: Timestamp,
    },
    /// Access was granted.
    Granted(G),
    /// Nothing came of it.
    Failed(Reason),
}

impl<C, G> Phase<C, G> {
    /// Which phase, and nothing else.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Queued { .. } => Stage::Queued,
            Self::Asked { .. } => Stage::Asked,
            Self::Came { .. } => Stage::Came,
            Self::Granted(_) => Stage::Granted,
            Self::Failed(_) => Stage::Failed,
        }
    }

    /// When there is something to do about it; none where it is over.
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Queued { due } | Self::Asked { until: due } | Self::Came { due, .. } => Some(*due),
            Self::Granted(_) | Self::Failed(_) => None,
        }
    }
}

/// Which phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// To be asked for.
    Queued,
    /// Its callback is awaited.
    Asked,
    /// Its callback came.
    Came,
    /// Access was granted.
    Granted,
    /// Nothing came of it.
    Failed,
}

/// Why nothing came of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It was asked for as often as it may be, and no callback came.
    #[error("it was asked for {ATTEMPTS} times, and no callback came")]
    NoAnswer,
    /// The server refused to ask for it, alone.
    #[error("{0}")]
    Invalid(Box<str>),
    /// The callback says that access was not granted.
    #[error("{0}")]
    Declined(Box<str>),
    /// Codes came, and none of them could be redeemed.
    #[error("{0}")]
    NotRedeemed(Box<str>),
}

impl Reason {
    /// Whether the wait of its state still stands, so that a code that comes after all can be redeemed.
    fn is_open(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::Invalid(_))
    }
}

/// How often a mailbox is asked for.
pub const ATTEMPTS: u32 = 5;

/// What is asked of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Command<C, G> {
    /// To be the one who asks for it, where it is queued and due.
    Ask {
        /// Until when they are not taken for dead.
        until: Timestamp,
    },
    /// To be the one who redeems its code, where one came and is due.
    Redeem {
        /// Until when they are not taken for dead.
        until: Timestamp,
    },
    /// Gives up waiting for the callback, where it was asked for and that was long enough ago.
    Lapse,
    /// A callback came.
    Came(C),
    /// Reports what came of a claim.
    Report {
        /// The generation that the claim was given.
        generation: u64,
        /// What came of it.
        report: Report<G>,
    },
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Report<G> {
    /// The request was answered with 202, or perhaps arrived: a callback is waited for that long, and then it is asked
    /// for again with the same state.
    Asked {
        /// How long.
        patience: Duration,
    },
    /// Certainly nothing happened at the server (429, 503 with `Retry-After`, not sent), or the code could not be
    /// redeemed and can be later: it is done again after the pause, and no attempt is counted.
    Later {
        /// How long nobody is to try.
        pause: Duration,
    },
    /// The server refused the request as invalid (400, 422). Alone, it has failed; in company, it is asked for again in
    /// half of that, at once, until the one that is wrong stands alone.
    Invalid {
        /// How many mailboxes the request named.
        together: usize,
        /// What the server said.
        reason: Box<str>,
    },
    /// The code is dead, or the wait is gone: it is asked for anew with another state, while attempts are left.
    Again {
        /// Why it fails where none are left.
        reason: Reason,
    },
    /// The callback was a refusal.
    Failed {
        /// Why.
        reason: Reason,
    },
    /// There is a grant. Believed of anybody, at any time.
    Granted(G),
}

/// Decides what `command` makes of `row` at `now`, by the store's clock. A row that is kept was another's to change, or
/// has been changed already.
pub fn decide<C: Clone, G: Clone>(
    row: &Row<C, G>,
    command: Command<C, G>,
    now: Timestamp,
) -> Change<Row<C, G>> {
    let due = row.phase.due().is_some_and(|due| due <= now);
    let attempts = row.attempts;
    match (&row.phase, command) {
        (Phase::Queued { .. }, Command::Ask { until }) if due => {
            write(row, Row { attempts: attempts.saturating_add(1), ..row.with(Phase::Asked { until }) })
        }
        (Phase::Came { callback, .. }, Command::Redeem { until }) if due => {
            write(row, row.with(Phase::Came { callback: callback.clone(), due: until }))
        }
        (Phase::Asked { .. }, Command::Lapse) if due => {
            write(row, row.with(again(attempts, Reason::NoAnswer, now)))
        }
        (Phase::Queued { .. } | Phase::Asked { .. }, Command::Came(callback)) => {
            write(row, row.with(Phase::Came { callback, due: now }))
        }
        (Phase::Failed(reason), Command::Came(callback)) if reason.is_open() => {
            write(row, row.with(Phase::Came { callback, due: now }))
        }
        (Phase::Granted(_), _) => Change::Keep,
        (_, Command::Report { report: Report::Granted(grant), .. }) => {
            write(row, row.with(Phase::Granted(grant)))
        }
        (_, Command::Report { generation, report }) if generation == row.generation => {
            report_on(row, report, now)
        }
        _ => Change::Keep,
    }
}

fn report_on<C: Clone, G: Clone>(row: &Row<C, G>, report: Report<G>, now: Timestamp) -> Change<Row<C, G>> {
    let taken_back = row.attempts.saturating_sub(1);
    match (&row.phase, report) {
        (Phase::Asked { .. }, Report::Asked { patience }) => {
            write(row, row.with(Phase::Asked { until: now.saturating_add(patience) }))
        }
        (Phase::Asked { .. }, Report::Later { pause }) => {
            let phase = Phase::Queued { due: now.saturating_add(pause) };
            write(row, Row { attempts: taken_back, ..row.with(phase) })
        }
        (Phase::Came { callback, .. }, Report::Later { pause }) => {
            let due = now.saturating_add(pause);
            write(row, row.with(Phase::Came { callback: callback.clone(), due }))
        }
        (Phase::Asked { .. }, Report::Invalid { together: 0 | 1, reason }) => {
            write(row, row.with(Phase::Failed(Reason::Invalid(reason))))
        }
        (Phase::Asked { .. }, Report::Invalid { together, .. }) => {
            let together = u8::try_from(together).unwrap_or(u8::MAX).min(row.company);
            let company = (together / 2).max(1);
            write(row, Row { attempts: taken_back, company, ..row.with(Phase::Queued { due: now }) })
        }
        (Phase::Came { .. }, Report::Again { reason }) => {
            let round = row.round.saturating_add(1);
            write(row, Row { round, ..row.with(again(row.attempts, reason, now)) })
        }
        (Phase::Came { .. }, Report::Failed { reason }) => write(row, row.with(Phase::Failed(reason))),
        _ => Change::Keep,
    }
}

fn again<C, G>(attempts: u32, reason: Reason, now: Timestamp) -> Phase<C, G> {
    if attempts < ATTEMPTS { Phase::Queued { due: now } } else { Phase::Failed(reason) }
}

fn write<C, G>(before: &Row<C, G>, row: Row<C, G>) -> Change<Row<C, G>> {
    Change::Write(Row { generation: before.generation.saturating_add(1), ..row })
}

impl<C, G> Row<C, G> {
    /// One that is to be asked for at once, in requests for at most `company`.
    pub fn new(company: u8) -> Self {
        let phase = Phase::Queued { due: Timestamp::UNIX_EPOCH };
        Self { phase, generation: 1, round: 0, attempts: 0, company }
    }

    fn with(&self, phase: Phase<C, G>) -> Self {
        Self { phase, ..*self }
    }
}
