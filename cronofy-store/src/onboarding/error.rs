//! Why a roll-out could not be gone on with. What becomes of a mailbox is no error.

use std::sync::Arc;

use cronofy_types::ParseError;

use crate::drive::Cause;
use crate::store::StoreError;

/// Why a roll-out could not be begun, or not be gone on with just now. Unless it was forgotten, nothing is lost: do it
/// again.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OnboardingError {
    /// It was begun with other settings under this name.
    #[error("a roll-out of this name was begun with other settings")]
    Different,
    /// It was forgotten, by whichever process, and its name is used up.
    #[error("the roll-out of this name was forgotten")]
    Forgotten,
    /// It cannot be forgotten: it is under way.
    #[error("the roll-out is under way: it can be forgotten once it is finished or paused")]
    Open,
    /// No scope is asked for.
    #[error("no scope is asked for")]
    NoScope,
    /// It is to go through a grant of another application, or in another data center.
    #[error("the grant that it is to go through belongs to another application or data center")]
    OtherApp,
    /// The callback cannot be read.
    #[error("the callback cannot be read")]
    Unreadable(#[source] Arc<ParseError>),
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
    /// The system has no randomness to give.
    #[error("the system's random source failed")]
    Random(#[source] Cause),
}

impl OnboardingError {
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Store(error) if matches!(**error, StoreError::Busy(_)))
    }
}

impl From<StoreError> for OnboardingError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
