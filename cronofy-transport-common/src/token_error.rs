//! Why a token source has no tokens.

use std::error::Error as StdError;
use std::sync::Arc;

use cronofy_auth_core::Error;
use cronofy_auth_core::token::Reconnect;
use cronofy_auth_core::types::Timestamp;

/// What went wrong, for all who waited for it.
pub type Cause = Arc<dyn StdError + Send + Sync>;

/// Why there are no tokens.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The authorization is dead; only the user can bring it back.
    #[error(transparent)]
    Reconnect(#[from] Reconnect),
    /// The server refused, or broke its contract. The authorization may well be alive.
    #[error("the tokens could not be refreshed")]
    Refresh(#[source] Arc<Error>),
    /// Nobody answered.
    #[error("the tokens could not be refreshed: no answer came")]
    NoAnswer(#[source] Cause),
    /// New tokens are there, and could not be saved. Asking again saves them again.
    #[error("the refreshed tokens could not be saved")]
    Save(#[source] Cause),
    /// It was tried a moment ago and failed, or the server has asked to be left alone.
    #[error("the tokens could not be refreshed, and are not tried again before {until}")]
    Later {
        /// When it is tried again, for whoever asks then.
        until: Timestamp,
    },
    /// Whoever refreshed has panicked, or the runtime has ended.
    #[error("the refresh was interrupted")]
    Interrupted,
}
