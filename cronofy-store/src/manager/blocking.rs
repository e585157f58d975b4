//! The same for threads: every method blocks, and refreshes have threads of their own.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::thread;

use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::{App, BlockingTransport, Flow};
use cronofy_types::{Redirect, State, Verified};

use super::{Background, CallError, Change, RedeemError, RevokeError, Settings, SetupError};
use super::{Subscription, TokenError, Work};
use crate::blocking::{Blocking, block_on};
use crate::store::{Binding, Store};
use crate::{Grant, GrantId, Origin, Outcome, Pending};

/// A blocking transport that says how long a call can take.
pub trait Deadline: BlockingTransport + Send + Sync + 'static {
    /// How long a call can take, from connecting to the last byte of its answer. A claim lasts longer.
    fn deadline(&self) -> Duration;
}

impl<T: Deadline> Background for Blocking<T> {
    fn deadline(&self) -> Duration {
        self.0.deadline()
    }

    fn spawn(&self, work: Work) {
        // Where no thread can be had the work is dropped, and whoever waits is told.
        let _ = thread::Builder::new().name("cronofy-tokens".into()).spawn(move || block_on(work));
    }
}

/// [`super::TokenManager`] for threads.
///
/// A clone is cheap and is the same manager.
pub struct TokenManager<T>(super::TokenManager<Blocking<T>>);

impl<T: Deadline> TokenManager<T> {
    /// As [`super::TokenManager::new`].
    pub fn new(store: Arc<dyn Store>, transport: T, app: App) -> Result<Self, SetupError> {
        super::TokenManager::new(store, Blocking(transport), app).map(Self)
    }

    /// As [`super::TokenManager::with_settings`].
    pub fn with_settings(
        store: Arc<dyn Store>,
        transport: T,
        app: App,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        super::TokenManager::with_settings(store, Blocking(transport), app, settings).map(Self)
    }

    /// As [`super::TokenManager::valid_token`].
    pub fn valid_token(&self, id: &GrantId, min_remaining: Duration) -> Result<Arc<TokenSet>, TokenError> {
        block_on(self.0.valid_token(id, min_remaining))
    }

    /// As [`super::TokenManager::refresh_now`].
    pub fn refresh_now(&self, id: &GrantId) -> Result<Arc<TokenSet>, TokenError> {
        block_on(self.0.refresh_now(id))
    }

    /// As [`super::TokenManager::rejected`].
    pub fn rejected(&self, id: &GrantId, tokens: &TokenSet) -> Result<Option<Arc<TokenSet>>, TokenError> {
        block_on(self.0.rejected(id, tokens))
    }

    /// As [`super::TokenManager::call`].
    pub fn call<F: Flow>(
        &self,
        id: &GrantId,
        flow: impl Fn(&TokenSet) -> F,
    ) -> Result<F::Output, CallError<T::Error>> {
        block_on(self.0.call(id, flow))
    }

    /// As [`super::TokenManager::grant`].
    pub fn grant(&self, id: &GrantId) -> Result<Option<Grant>, TokenError> {
        block_on(self.0.grant(id))
    }

    /// As [`super::TokenManager::authorize`].
    pub fn authorize(&self, id: &GrantId, origin: Origin, tokens: Arc<TokenSet>) -> Result<(), TokenError> {
        block_on(self.0.authorize(id, origin, tokens))
    }

    /// As [`super::TokenManager::revoke`].
    pub fn revoke(&self, id: &GrantId) -> Result<(), RevokeError> {
        block_on(self.0.revoke(id))
    }

    /// As [`super::TokenManager::begin`].
    pub fn begin(&self, pending: Pending, binding: Option<Binding>) -> Result<(), RedeemError> {
        block_on(self.0.begin(pending, binding))
    }

    /// As [`super::TokenManager::complete_redirect`].
    pub fn complete_redirect(&self, redirect: Redirect, state: &State) -> Result<Outcome, RedeemError> {
        block_on(self.0.complete_redirect(redirect, state))
    }

    /// As [`super::TokenManager::complete_callback`].
    pub fn complete_callback(&self, body: &Verified<'_>) -> Result<Outcome, RedeemError> {
        block_on(self.0.complete_callback(body))
    }

    /// As [`super::TokenManager::subscribe`].
    pub fn subscribe(&self, heed: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        self.0.subscribe(heed)
    }

    /// As [`super::TokenManager::settled`].
    pub fn settled(&self) {
        block_on(self.0.settled());
    }
}

impl<T> TokenManager<T> {
    /// The application.
    pub fn app(&self) -> &App {
        self.0.app()
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Arc<dyn Store> {
        self.0.store()
    }

    /// What calls go over.
    pub fn transport(&self) -> &T {
        &self.0.transport().0
    }

    pub(crate) fn asynchronous(&self) -> &super::TokenManager<Blocking<T>> {
        &self.0
    }
}

impl<T> Clone for TokenManager<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for TokenManager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
