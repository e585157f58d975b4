//! A callback, at whichever process it comes to.

use std::sync::Arc;

use cronofy_types::{DelegationCallback, Verified};

use super::{Event, Onboarding, OnboardingError};
use crate::PendingId;
use crate::manager::{Background, TokenManager};
use crate::rollout::{Reply, RolloutId};
use crate::store::{Ask, Told, ask};

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

impl<T: Background> TokenManager<T> {
    /// Takes a callback that was verified, for whichever roll-out it belongs to, begun in this process or not. It is in
    /// the store when this ends, so answer Cronofy with a 200 then, whatever it was taken for.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or the store failed: answer with a 500, and it may come again.
    pub async fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        Ok(take(self, body).await?.0)
    }
}

impl<T: Background> Onboarding<T> {
    /// As [`TokenManager::receive`], and wakes this roll-out's workers in this process if it is theirs.
    ///
    /// # Errors
    ///
    /// The same.
    pub async fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        let (received, id) = take(&self.0.manager, body).await?;
        if received == Received::Taken && id == Some(self.0.id) {
            self.stir();
            self.tell(&Event::Came);
        }
        Ok(received)
    }
}

/// Keeps it, and says for which roll-out.
async fn take<T: Background>(
    manager: &TokenManager<T>,
    body: &Verified<'_>,
) -> Result<(Received, Option<RolloutId>), OnboardingError> {
    let callback =
        DelegationCallback::parse(body).map_err(|error| OnboardingError::Unreadable(Arc::new(error)))?;
    let Some(state) = &callback.state else { return Ok((Received::NotOurs, None)) };
    let came = Ask::Came { wait: PendingId::of(state), callback: Arc::new(callback) };
    Ok(match ask(&**manager.store(), came).await? {
        Told::Rollout(Reply::Taken(id)) => (Received::Taken, Some(id)),
        Told::Rollout(Reply::Known(id)) => (Received::Known, Some(id)),
        _ => (Received::NotOurs, None),
    })
}
