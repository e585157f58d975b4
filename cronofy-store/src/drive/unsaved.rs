//! Tokens that the server gave and the store did not take.

use core::fmt;
use core::time::Duration;
use std::error::Error as StdError;
use std::sync::Arc;

use cronofy_auth_core::Transport;

use crate::GrantId;
use crate::store::{Ask, Store, StoreError, Told, ask};

/// The only copy of new tokens, and the question that keeps them.
///
/// The server has replaced what they were bought with, so dropping this may end an authorization.
#[must_use = "dropping it loses tokens; `save` goes on until the store has them"]
pub struct Unsaved {
    question: Box<Ask>,
    error: Arc<StoreError>,
}

/// The first pause between two tries; it doubles.
const PAUSE: Duration = Duration::from_millis(100);
/// And never is longer than this: a disk that somebody has just made room on is to be used soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Unsaved {
    pub(crate) fn new(question: Ask, error: StoreError) -> Self {
        Self { question: Box::new(question), error: Arc::new(error) }
    }

    /// Why the store did not take them.
    pub fn error(&self) -> &Arc<StoreError> {
        &self.error
    }

    /// The grant that they belong to.
    pub fn grant(&self) -> Option<&GrantId> {
        match &*self.question {
            Ask::Decide(id, _) | Ask::Finish { grant: (id, ..), .. } | Ask::AuthorizeOver { id, .. } => {
                Some(id)
            }
            _ => None,
        }
    }

    /// Asks the store until it takes them, with pauses, and says what it made of them.
    ///
    /// # Errors
    ///
    /// Where the store was closed. Nothing else ends it.
    pub async fn save<T: Transport>(self, store: &dyn Store, transport: &T) -> Result<Told, StoreError> {
        let mut pauses = Pauses::default();
        loop {
            pauses.wait(transport).await;
            match ask(store, Ask::clone(&self.question)).await {
                // Where the first write was done after all, this one is told that it is stale.
                Ok(told) => return Ok(told),
                Err(StoreError::Gone) => return Err(StoreError::Gone),
                Err(_) => {}
            }
        }
    }
}

/// Pauses between tries, each longer than the one before.
pub(crate) struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(PAUSE)
    }
}

impl Pauses {
    pub(crate) async fn wait<T: Transport>(&mut self, transport: &T) {
        transport.sleep(self.0).await;
        self.0 = self.0.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

impl fmt::Debug for Unsaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsaved").field("error", &self.error).finish_non_exhaustive()
    }
}

impl fmt::Display for Unsaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Unsaved {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}
