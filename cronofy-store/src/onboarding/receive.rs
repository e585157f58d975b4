//! A callback, at whichever process it comes to.

use std::sync::Arc;

use cronofy_types::{DelegationCallback, Verified};

use super::{Event, Onboarding, OnboardingError};
use crate::PendingId;
use crate::manager::Background;
use crate::rollout::Reply;
use crate::store::Ask;

/// What a callback was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is kept, and a worker of any process redeems its code.
    Taken,
    /// It came before, or its mailbox has had another answer.
    Known,
    /// No roll-out asks with its state, or does so no longer.
    NotOurs,
}

impl<T: Background> Onboarding<T> {
    /// Takes a callback that was verified, for whichever roll-out it belongs to. It is in the store when this ends, so
    /// answer Cronofy with a 200 then, whatever it was taken for.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or the store failed: answer with a 500, and it may come again.
    pub async fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        let callback =
            DelegationCallback::parse(body).map_err(|error| OnboardingError::Unreadable(Arc::new(error)))?;
        let Some(state) = &callback.state else { return Ok(Received::NotOurs) };
        let wait = PendingId::of(state);
        match self.ask_store(Ask::Came { wait, callback: Arc::new(callback) }).await? {
            Reply::Taken(id) => {
                if id == self.0.id {
                    self.stir();
                    self.tell(&Event::Came);
                }
                Ok(Received::Taken)
            }
            Reply::Known(_) => Ok(Received::Known),
            _ => Ok(Received::NotOurs),
        }
    }
}
