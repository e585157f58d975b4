//! What is kept of a wait for the outside world.

use core::fmt;

use cronofy_auth_core::authorize::PendingAuthorization;
use cronofy_auth_core::delegate::PendingDelegation;
use cronofy_types::{State, Sub, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::GrantId;
use crate::decide::pending::CodeHash;

/// Which wait: the SHA-256 of its `state`, so that a reader of the database cannot answer in anybody's place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PendingId(pub [u8; 32]);

impl PendingId {
    /// Of the `state` that was sent out, or that came back.
    pub fn of(state: &State) -> Self {
        Self(Sha256::digest(state.as_str()).into())
    }
}

/// The name of a code in the store.
pub fn code_hash(code: &cronofy_types::AuthorizationCode) -> CodeHash {
    Sha256::digest(code.expose()).into()
}

impl fmt::Debug for PendingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingId({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pending {
    /// For a browser to come back.
    Authorization(PendingAuthorization),
    /// For a callback.
    Delegation {
        /// The service account or primary account whose token asked for it.
        through: Sub,
        /// What was asked for.
        pending: PendingDelegation,
    },
}

impl Pending {
    /// Under which name it is kept.
    pub fn id(&self) -> PendingId {
        PendingId::of(self.state())
    }

    /// What comes back with the answer.
    pub fn state(&self) -> &State {
        match self {
            Self::Authorization(pending) => pending.state(),
            Self::Delegation { pending, .. } => pending.state(),
        }
    }

    /// When it is not worth waiting for any more.
    pub fn expires_at(&self) -> Timestamp {
        match self {
            Self::Authorization(pending) => pending.expires_at(),
            Self::Delegation { pending, .. } => pending.expires_at(),
        }
    }
}

/// What came of it: told to whoever brings the same answer again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The authorization is in the store.
    Granted(GrantId),
    /// It was refused, or the code could not be redeemed.
    Failed(Box<str>),
}
