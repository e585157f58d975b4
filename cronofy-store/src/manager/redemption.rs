//! From a redirect or a callback to an authorization, however often it comes.

use std::sync::Arc;

use cronofy_types::{DelegationCallback, Redirect, State, Verified};

use super::error::Mismatch;
use super::{Background, RedeemError, TokenManager};
use crate::decide::grant;
use crate::decide::pending::Reply;
use crate::drive::{Brought, Failure, NotRedeemed, Redeemed, Unnamed, Unsaved, redeem};
use crate::redeem::Ended;
use crate::store::{Ask, Binding, StoreError, Told, ask};
use crate::{GrantId, Outcome, Pending};

impl<T: Background> TokenManager<T> {
    /// Waits for the outside world. Call it before the browser is sent away, or the request is sent. `binding` names
    /// the browser, and bounds how many sign-ins wait for it.
    ///
    /// # Errors
    ///
    /// Where the store failed, or something of the same state waits already.
    pub async fn begin(&self, pending: Pending, binding: Option<Binding>) -> Result<(), RedeemError> {
        match ask(&*self.0.store, Ask::Begin { pending, binding }).await? {
            Told::Redeemed(Reply::Begun) => Ok(()),
            _ => Err(RedeemError::Taken),
        }
    }

    /// A browser came back. `state` is what this very browser was sent away with, as its own cookie or session keeps it:
    /// whoever brings a redirect to somebody else's browser ends nobody's wait with it.
    ///
    /// It may come any number of times, to any number of processes: the code is redeemed once, everybody is told the
    /// same, and who goes away stops nothing.
    ///
    /// # Errors
    ///
    /// Where nothing came of it yet.
    pub async fn complete_redirect(&self, redirect: Redirect, state: &State) -> Result<Outcome, RedeemError> {
        self.complete(state.clone(), Brought::Redirect(redirect)).await
    }

    /// A callback of a delegation came, and was verified. As [`complete_redirect`](Self::complete_redirect) otherwise.
    ///
    /// # Errors
    ///
    /// Where nothing came of it yet.
    pub async fn complete_callback(&self, body: &Verified<'_>) -> Result<Outcome, RedeemError> {
        let callback = DelegationCallback::parse(body);
        let callback = callback.map_err(|error| RedeemError::Unreadable(Arc::new(error)))?;
        let state = callback.state.clone().ok_or(RedeemError::Absent)?;
        self.complete(state, Brought::Callback(callback)).await
    }

    pub(crate) async fn complete(&self, state: State, brought: Brought) -> Result<Outcome, RedeemError> {
        let manager = self.clone();
        let work = async move {
            let shared = &*manager.0;
            let owner = (shared.owners.next(), shared.lease);
            let came = (&state, &brought);
            match redeem(&*shared.store, &shared.transport, &shared.app, came, owner).await {
                Ok(redeemed) => manager.redeemed(redeemed).await,
                Err(NotRedeemed::Store(Failure::Store(error))) => Err(error.into()),
                Err(NotRedeemed::Store(Failure::Unsaved(unsaved))) => {
                    Err(RedeemError::Unsaved(manager.keep(unsaved)))
                }
                Err(NotRedeemed::Unnamed(unnamed)) => {
                    let error = Mismatch(Arc::clone(unnamed.error()));
                    let keeper = manager.clone();
                    manager.spawn(async move { keeper.name(unnamed).await });
                    Err(RedeemError::Unnamed(error))
                }
            }
        };
        self.detached(work).await.unwrap_or(Err(RedeemError::Interrupted))
    }

    async fn redeemed(&self, redeemed: Redeemed) -> Result<Outcome, RedeemError> {
        let error = redeemed.error.map(Mismatch);
        match redeemed.ended {
            Ended::Outcome(outcome) => {
                if let (Outcome::Granted(id), true) = (&outcome, redeemed.kept) {
                    self.take_up(id).await;
                }
                Ok(outcome)
            }
            Ended::Absent => Err(RedeemError::Absent),
            Ended::NotMatched => Err(RedeemError::NotMatched(error)),
            Ended::Failed => Err(RedeemError::NotNow(error)),
            Ended::Unknown => Err(RedeemError::Unknown(error)),
        }
    }

    /// Offers the tokens to the store until it takes them, and says why it has not yet.
    pub(super) fn keep(&self, unsaved: Unsaved) -> Arc<StoreError> {
        let error = Arc::clone(unsaved.error());
        let keeper = self.clone();
        self.spawn(async move {
            let granted = unsaved.grant().cloned();
            let told = unsaved.save(&*keeper.0.store, &keeper.0.transport).await;
            let written = matches!(
                told,
                Ok(Told::Redeemed(Reply::Written) | Told::Decided(grant::Reply::Written { .. }))
            );
            if let (true, Some(id)) = (written, granted) {
                keeper.take_up(&id).await;
            }
        });
        error
    }

    /// Asks whose the tokens are until somebody says so.
    async fn name(&self, unnamed: Unnamed) {
        let shared = &*self.0;
        if let Ok(Some(id)) = unnamed.save(&*shared.store, &shared.transport, &shared.app).await {
            self.take_up(&id).await;
        }
    }

    /// What is remembered of this grant is older.
    async fn take_up(&self, id: &GrantId) {
        // Whoever asks next reads it, too, if this does not.
        let _ = self.look(id).await;
        self.began(id);
    }
}

impl From<StoreError> for RedeemError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
