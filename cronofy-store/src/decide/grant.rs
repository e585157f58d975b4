//! One authorization: who refreshes it, and what becomes of what they bring.
//!
//! ```text
//!               Claim                       Complete
//!   Active -----------------> Refreshing ----------------> Active, generation + 1
//!     ^                        |  |  |
//!     |  Fail: it never        |  |  | Condemn: invalid_grant
//!     |  reached the server    |  |  +------------------> NeedsReauth
//!     +------------------------+  |
//!     ^                           | Unsure: no answer came,
//!     |   Claim, again            | or the lease ran out
//!     +-------- Uncertain <-------+
//!
//!   Authorize: from anywhere to Active, generation + 1.   Revoke: from anywhere to Revoked, generation + 1.
//! ```
//!
//! Three rules hold it together. A claim names the generation that was read, so nobody refreshes with tokens that
//! have been replaced since. What changes tokens counts the generation up, and a report about an older generation
//! changes nothing. And nobody condemns a row that somebody else is working on: they may have been answered.

use core::fmt;
use core::time::Duration;

use cronofy_types::Timestamp;

use super::{Change, Owner};

/// A row. `T` are the tokens: decisions never look inside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row<T> {
    /// How often the tokens have changed.
    pub generation: u64,
    /// The tokens; none where the authorization was revoked.
    pub tokens: Option<T>,
    /// What is known about them.
    pub phase: Phase,
    /// How many attempts have failed in a row.
    pub failures: u32,
    /// Nobody tries before this, unless a user asks.
    pub not_before: Timestamp,
}

/// What is known about the tokens of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Nobody is at work, and the refresh token works as far as anybody knows.
    Active,
    /// `owner` is refreshing. After `until` they are taken for dead.
    Refreshing {
        /// Who.
        owner: Owner,
        /// When their lease ends, by the store's clock.
        until: Timestamp,
        /// Whether an attempt before theirs may have reached the server, and its answer was lost.
        unsure: bool,
    },
    /// An attempt may have reached the server, and its answer was lost: the refresh token may have been replaced.
    Uncertain,
    /// Only the user can bring it back.
    NeedsReauth(Reason),
    /// The application or the user ended it.
    Revoked,
}

/// Why only the user can bring an authorization back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The server says that the refresh token is dead.
    Refused,
    /// The server replaced the refresh token, and the answer that held the new one was lost.
    LostRotation,
    /// The access token has expired, and there never was a refresh token.
    NoRefreshToken,
    /// The service account through which access was delegated has been revoked.
    ServiceAccountRevoked,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "the refresh token is dead",
            Self::LostRotation => "the refresh token was replaced, and the answer with the new one was lost",
            Self::NoRefreshToken => "the access token has expired, and there is no refresh token",
            Self::ServiceAccountRevoked => "the service account that it went through was revoked",
        })
    }
}

/// What is asked of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Command<T> {
    /// To be the one who refreshes.
    Claim {
        /// Whoever asks.
        owner: Owner,
        /// The generation of the tokens that they read.
        generation: u64,
        /// For how long. Longer than the call can take, with all its tries.
        lease: Duration,
        /// Whether a pause after failures is passed over: a user asked.
        urgent: bool,
    },
    /// Reports new tokens.
    Complete {
        /// The generation that they were bought with.
        generation: u64,
        /// The tokens.
        tokens: T,
    },
    /// Reports a failure that certainly changed nothing at the server.
    Fail {
        /// Whoever reports.
        owner: Owner,
        /// How long nobody is to try again.
        pause: Duration,
    },
    /// Reports that no answer came.
    Unsure {
        /// Whoever reports.
        owner: Owner,
        /// How long nobody is to try again.
        pause: Duration,
    },
    /// Reports that the server refused the refresh token for good.
    Condemn {
        /// Whoever reports.
        owner: Owner,
        /// Why, where nothing speaks for a lost answer.
        reason: Reason,
    },
    /// Puts the tokens of a new authorization into place.
    Authorize {
        /// The tokens.
        tokens: T,
    },
    /// Ends the authorization.
    Revoke,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reply {
    /// The claim is won: refresh with the tokens that were read, and report.
    Won,
    /// Somebody else is at it for this long, at the most.
    Busy {
        /// What is left of their lease.
        remaining: Duration,
    },
    /// Nobody is to try for this long.
    Paused {
        /// What is left of the pause.
        remaining: Duration,
    },
    /// Done as asked.
    Written {
        /// The generation of the row now.
        generation: u64,
    },
    /// Not done: the row has moved on meanwhile. Read it again.
    Stale,
    /// Not done: only the user can bring the authorization back.
    NeedsReauth(Reason),
    /// Not done: the authorization was revoked.
    Revoked,
    /// Not done: there is no such row.
    Absent,
}

/// Decides what `command` makes of `row` at `now`, by the store's clock.
pub fn decide<T: Clone>(
    row: Option<&Row<T>>,
    command: Command<T>,
    now: Timestamp,
) -> (Change<Row<T>>, Reply) {
    let Some(row) = row else {
        return match command {
            Command::Authorize { tokens } => authorize(0, tokens),
            _ => (Change::Keep, Reply::Absent),
        };
    };
    match command {
        Command::Claim { generation, .. } if generation != row.generation => (Change::Keep, Reply::Stale),
        Command::Claim { owner, lease, urgent, .. } => claim(row, owner, lease, urgent, now),
        Command::Complete { generation, tokens } => complete(row, generation, tokens),
        Command::Fail { owner, pause } => match held(row, owner) {
            Some(unsure) => pause_row(row, if unsure { Phase::Uncertain } else { Phase::Active }, pause, now),
            None => (Change::Keep, Reply::Stale),
        },
        Command::Unsure { owner, pause } => match held(row, owner) {
            Some(_) => pause_row(row, Phase::Uncertain, pause, now),
            None => (Change::Keep, Reply::Stale),
        },
        Command::Condemn { owner, reason } => match held(row, owner) {
            Some(unsure) => {
                let reason = if unsure { Reason::LostRotation } else { reason };
                let row = Row { phase: Phase::NeedsReauth(reason), ..row.clone() };
                (Change::Write(row), Reply::NeedsReauth(reason))
            }
            None => (Change::Keep, Reply::Stale),
        },
        Command::Authorize { tokens } => authorize(row.generation, tokens),
        Command::Revoke => {
            let generation = row.generation + 1;
            let row = Row { generation, tokens: None, phase: Phase::Revoked, ..row.clone() };
            (Change::Write(row), Reply::Written { generation })
        }
    }
}

/// Whether `owner` is the one who refreshes, and if so whether an earlier answer was lost. A lease that ran out
/// still is theirs until somebody else claims.
fn held<T>(row: &Row<T>, owner: Owner) -> Option<bool> {
    match row.phase {
        Phase::Refreshing { owner: holder, unsure, .. } if holder == owner => Some(unsure),
        _ => None,
    }
}

fn claim<T: Clone>(
    row: &Row<T>,
    owner: Owner,
    lease: Duration,
    urgent: bool,
    now: Timestamp,
) -> (Change<Row<T>>, Reply) {
    let unsure = match row.phase {
        Phase::Active => false,
        Phase::Refreshing { until, .. } if now < until => {
            return (Change::Keep, Reply::Busy { remaining: until.saturating_since(now) });
        }
        // Whoever it was may have been answered, and died before they could write it down.
        Phase::Uncertain | Phase::Refreshing { .. } => true,
        Phase::NeedsReauth(reason) => return (Change::Keep, Reply::NeedsReauth(reason)),
        Phase::Revoked => return (Change::Keep, Reply::Revoked),
    };
    if now < row.not_before && !urgent {
        return (Change::Keep, Reply::Paused { remaining: row.not_before.saturating_since(now) });
    }
    let phase = Phase::Refreshing { owner, until: now.saturating_add(lease), unsure };
    (Change::Write(Row { phase, ..row.clone() }), Reply::Won)
}

/// Whoever brings the first answer to a generation has the tokens that the server stands by, whether their lease
/// has run out or not.
fn complete<T: Clone>(row: &Row<T>, generation: u64, tokens: T) -> (Change<Row<T>>, Reply) {
    if row.generation != generation {
        return (Change::Keep, Reply::Stale);
    }
    authorize(generation, tokens)
}

fn authorize<T>(before: u64, tokens: T) -> (Change<Row<T>>, Reply) {
    let generation = before + 1;
    let row = Row {
        generation,
        tokens: Some(tokens),
        phase: Phase::Active,
        failures: 0,
        not_before: Timestamp::UNIX_EPOCH,
    };
    (Change::Write(row), Reply::Written { generation })
}

fn pause_row<T: Clone>(
    row: &Row<T>,
    phase: Phase,
    pause: Duration,
    now: Timestamp,
) -> (Change<Row<T>>, Reply) {
    let generation = row.generation;
    let row = Row {
        phase,
        failures: row.failures.saturating_add(1),
        not_before: now.saturating_add(pause),
        ..row.clone()
    };
    (Change::Write(row), Reply::Written { generation })
}
