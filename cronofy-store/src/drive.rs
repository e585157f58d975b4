//! The loops that carry workers out: a store, a transport, and the machine that says what is next.
//!
//! There is one loop for each machine, and it is asynchronous. A transport that blocks is driven by the same one:
//! [`Blocking`](crate::blocking::Blocking) makes futures of it that never wait.

mod obtain;
mod redeem;
mod unnamed;
mod unsaved;

use core::time::Duration;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Instant;

use cronofy_auth_core::{DriveError, Error, Fault, TransportError};

pub use obtain::{Obtained, Wanted, obtain};
pub use redeem::{Brought, Redeemed, redeem};
pub use unnamed::Unnamed;
pub(crate) use unsaved::Pauses;
pub use unsaved::Unsaved;

use crate::store::StoreError;

/// Why a call brought nothing, for all who waited for it.
pub type Cause = Arc<dyn StdError + Send + Sync>;

/// The store did not do its part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Nothing is lost by it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are new tokens, and nobody has them but this error.
    #[error("new tokens could not be saved")]
    Unsaved(#[source] Unsaved),
}

/// Nothing came of a redemption yet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotRedeemed {
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] Failure),
    /// There are new tokens, nobody has them but this error, and whose they are could not be asked.
    #[error("new tokens name nobody, and whose they are could not be asked")]
    Unnamed(#[source] Unnamed),
}

/// How long a claim lasts, and how long the call that it is for can take.
///
/// A call that could outlive its claim is not made: somebody else would use the same refresh token meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    call: Duration,
    lease: Duration,
}

/// The lease is too short for the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lease of {lease:?} is not longer than the call that it is for, which can take {call:?}")]
#[non_exhaustive]
pub struct LeaseTooShort {
    /// The lease.
    pub lease: Duration,
    /// How long the call can take.
    pub call: Duration,
}

impl Lease {
    /// A lease of `lease` for calls that end within `call`: the transport's deadline.
    pub fn new(lease: Duration, call: Duration) -> Result<Self, LeaseTooShort> {
        if lease <= call {
            return Err(LeaseTooShort { lease, call });
        }
        Ok(Self { call, lease })
    }

    /// A lease that is long enough for calls that end within `call`, and time to spare for a process that is slow.
    pub fn for_calls_of(call: Duration) -> Self {
        Self { call, lease: call.saturating_mul(2).saturating_add(Duration::from_secs(10)) }
    }

    /// How long a claim lasts.
    pub fn duration(self) -> Duration {
        self.lease
    }

    /// How long a call can take.
    pub fn call(self) -> Duration {
        self.call
    }

    /// Whether a call begun now ends before a claim that was asked for at `claimed`.
    fn lasts(self, claimed: Instant) -> bool {
        claimed.elapsed().saturating_add(self.call) < self.lease
    }
}

/// What a call that brought nothing did at the server.
enum Effect {
    /// The code or refresh token is dead.
    Dead,
    /// Nothing; perhaps it said how long it wants to be left alone.
    Nothing { asked: Option<Duration> },
    /// Nobody knows.
    Unknown,
}

fn effect<E: TransportError>(error: &DriveError<E>) -> Effect {
    let fault = match error {
        DriveError::NoAnswer { fault, .. } | DriveError::Flow(Error::NoAnswer(fault)) => *fault,
        DriveError::Flow(Error::Refused(refusal)) if refusal.needs_reconnect() => return Effect::Dead,
        // Whoever refuses by a 4xx has changed nothing: the credentials are wrong, or there were too many calls.
        DriveError::Flow(Error::Refused(refusal))
            if refusal.status.is_client_error() || refusal.was_not_acted_on() =>
        {
            return Effect::Nothing { asked: refusal.retry_after };
        }
        DriveError::Flow(Error::Unsendable(_) | Error::Misuse(_)) => return Effect::Nothing { asked: None },
        // A server in trouble may have replaced the token before it was; so may one whose answer cannot be read.
        _ => return Effect::Unknown,
    };
    match fault {
        Fault::NotSent => Effect::Nothing { asked: None },
        Fault::Unknown => Effect::Unknown,
    }
}
