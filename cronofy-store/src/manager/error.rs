//! Why there are no tokens.

use std::error::Error as StdError;
use std::sync::Arc;

use cronofy_types::ParseError;

use crate::decide::grant::Reason;
use crate::drive::Cause;
use crate::store::StoreError;

/// Why there are no tokens, for all who waited for them.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Only the user can bring the authorization back.
    #[error("the user has to connect again: {0}")]
    NeedsReconnect(Reason),
    /// The authorization was revoked.
    #[error("the authorization was revoked")]
    Revoked,
    /// There is no such authorization in the store.
    #[error("there is no such authorization in the store")]
    Absent,
    /// It is an authorization of another application, or in another data center.
    #[error("it is an authorization of another application, or in another data center")]
    OtherApp,
    /// Nobody answered, the server refused, or it broke its contract. The authorization may well be alive.
    #[error("the tokens could not be refreshed")]
    Refresh(#[source] Cause),
    /// It was tried a moment ago and failed, here or in another process, or the server has asked to be left alone.
    #[error("the tokens could not be refreshed a moment ago, and are not tried again yet")]
    Paused,
    /// New tokens are there, and the store has not taken them. They are offered to it until it does.
    #[error("the new tokens could not be saved yet")]
    Unsaved(#[source] Arc<StoreError>),
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
    /// Whoever was at it has panicked, or could not be started, or the runtime has ended.
    #[error("the work was interrupted")]
    Interrupted,
}

impl TokenError {
    /// Whether it stays so until a user does something. Of everything else tokens that still work are worth more.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::NeedsReconnect(_) | Self::Revoked | Self::Absent | Self::OtherApp)
    }
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

/// Why an authorization was not revoked, or not everywhere.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RevokeError {
    /// Nothing was done.
    #[error(transparent)]
    NotDone(TokenError),
    /// It is revoked here, and Cronofy could not be told. Revoking it again tells it again.
    #[error("the authorization is revoked here, and Cronofy could not be told")]
    NotTold(#[source] Cause),
    /// It is revoked here and at Cronofy; some of what was delegated through it could not be marked so. Revoking it
    /// again marks it.
    #[error("the authorization is revoked, and what was delegated through it could not be marked so")]
    Delegated(#[source] Arc<StoreError>),
}

/// Why what came back was not redeemed. Whatever came of it in the end is an [`Outcome`](crate::Outcome).
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RedeemError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(Arc<ParseError>),
    /// Nothing of that name waits, or it waited too long.
    #[error("nothing waits for this, or it waited too long")]
    Absent,
    /// Not begun: something of that name waits already.
    #[error("something with the same state waits already")]
    Taken,
    /// It does not belong to what waits, which goes on waiting.
    #[error("it does not belong to what waits")]
    NotMatched(#[source] Option<Mismatch>),
    /// The code is unspent: bring it again.
    #[error("the code could not be redeemed now, and can be when it comes again")]
    NotNow(#[source] Option<Mismatch>),
    /// No answer came, or none that can be used. Brought again once the lease has run out, the code is tried again.
    #[error("whether the code was redeemed is unknown")]
    Unknown(#[source] Option<Mismatch>),
    /// New tokens are there, and the store has not taken them. They are offered to it until it does.
    #[error("the new tokens could not be saved yet")]
    Unsaved(#[source] Arc<StoreError>),
    /// New tokens are there, which name nobody, and whose they are could not be asked. That is asked until it is told.
    #[error("whose the new tokens are could not be asked yet")]
    Unnamed(#[source] Mismatch),
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
    /// Whoever was at it has panicked, or could not be started, or the runtime has ended.
    #[error("the work was interrupted")]
    Interrupted,
}

/// A cause that several can have.
#[derive(Debug, Clone)]
pub struct Mismatch(pub Cause);

impl core::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Mismatch {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
