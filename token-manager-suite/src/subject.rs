//! What is tested.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cronofy_auth_core::delegate::{DelegationRequest, ServiceAccountAuthorizations, enterprise};
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{Redirect, State, Sub, Verified};
use cronofy_auth_core::{App, Call, Endpoint as _, TransportError};
use cronofy_store::manager::blocking::{Deadline, TokenManager};
use cronofy_store::manager::{
    CallError, Change, RedeemError, RevokeError, Settings, SetupError, Subscription, TokenError,
};
use cronofy_store::onboarding::blocking::Onboarding;
use cronofy_store::onboarding::{OnboardingError, Pace};
use cronofy_store::rollout;
use cronofy_store::store::Store;
use cronofy_store::{GrantId, Origin, Outcome, Pending};

use crate::{Roller, Wire};

/// What one process has.
#[derive(Clone)]
pub struct Process {
    /// The store that it shares.
    pub store: Arc<dyn Store>,
    /// Its way to the server.
    pub wire: Wire,
    /// The application.
    pub app: App,
    /// How its manager is set up.
    pub settings: Settings,
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").finish_non_exhaustive()
    }
}

/// Makes a subject.
pub type Make<'a> = &'a dyn Fn(Process) -> Result<Box<dyn Subject>, SetupError>;

type Tokens = Result<Arc<TokenSet>, TokenError>;

/// Something that a caller waits for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Tokens.
    Tokens(GrantId),
    /// What becomes of a redirect.
    Redirect(String, State),
}

/// A token manager under test, asynchronous ones with a runtime of their own. Its methods are the manager's.
#[allow(missing_docs, reason = "they are the manager's")]
pub trait Subject: fmt::Debug + Send + Sync {
    fn valid_token(&self, id: &GrantId, min_remaining: Duration) -> Tokens;
    fn refresh_now(&self, id: &GrantId) -> Tokens;
    fn rejected(&self, id: &GrantId, tokens: &TokenSet) -> Result<Option<Arc<TokenSet>>, TokenError>;
    fn authorize(&self, id: &GrantId, origin: Origin, tokens: Arc<TokenSet>) -> Result<(), TokenError>;
    fn revoke(&self, id: &GrantId) -> Result<(), RevokeError>;
    fn begin(&self, pending: Pending) -> Result<(), RedeemError>;
    fn complete_redirect(&self, redirect: Redirect, state: &State) -> Result<Outcome, RedeemError>;
    fn complete_callback(&self, body: &Verified<'_>) -> Result<Outcome, RedeemError>;
    fn subscribe(&self, heed: Box<dyn Fn(&Change) + Send + Sync>) -> Subscription;
    fn settled(&self);

    /// Asks for mailboxes, by a call that brings the tokens.
    fn delegate(&self, id: &GrantId, requests: &[DelegationRequest]) -> Result<(), String>;

    /// Begins a roll-out, or goes on with it.
    fn onboard(
        &self,
        name: &str,
        settings: rollout::Settings,
        pace: Pace,
    ) -> Result<Arc<dyn Roller>, OnboardingError>;

    /// Whose the tokens are, by a call that brings them.
    fn userinfo(&self, id: &GrantId) -> Result<Sub, String>;

    /// What so many callers at once are told.
    fn crowd(&self, callers: usize, id: &GrantId) -> Vec<Tokens>;

    /// Asks on behalf of a caller who goes away when `when` returns.
    fn abandon(&self, asked: Asked, when: &mut dyn FnMut());
}

/// The token manager of a transport that blocks.
#[derive(Debug, Clone)]
pub struct Blocking<T>(pub TokenManager<T>);

/// Whose tokens these are.
pub fn whose(app: &App) -> impl Fn(&TokenSet) -> Call<UserinfoOf> {
    let data_center = app.data_center().clone();
    move |tokens| UserinfoOf::new(data_center.clone(), tokens.access_token.clone()).call()
}

/// A service account asks for these.
pub fn wishes(
    app: &App,
    requests: &[DelegationRequest],
) -> impl Fn(&TokenSet) -> Call<ServiceAccountAuthorizations> {
    move |tokens| {
        let token = tokens.access_token.clone();
        enterprise(app, token, requests, tokens.received_at).unwrap().0.call()
    }
}

/// What a call came to, for a comparison.
pub fn said<E: TransportError>(error: &CallError<E>) -> String {
    error.to_string()
}

impl<T: Deadline + fmt::Debug> Subject for Blocking<T> {
    fn valid_token(&self, id: &GrantId, min_remaining: Duration) -> Tokens {
        self.0.valid_token(id, min_remaining)
    }

    fn refresh_now(&self, id: &GrantId) -> Tokens {
        self.0.refresh_now(id)
    }

    fn rejected(&self, id: &GrantId, tokens: &TokenSet) -> Result<Option<Arc<TokenSet>>, TokenError> {
        self.0.rejected(id, tokens)
    }

    fn authorize(&self, id: &GrantId, origin: Origin, tokens: Arc<TokenSet>) -> Result<(), TokenError> {
        self.0.authorize(id, origin, tokens)
    }

    fn revoke(&self, id: &GrantId) -> Result<(), RevokeError> {
        self.0.revoke(id)
    }

    fn begin(&self, pending: Pending) -> Result<(), RedeemError> {
        self.0.begin(pending, None)
    }

    fn complete_redirect(&self, redirect: Redirect, state: &State) -> Result<Outcome, RedeemError> {
        self.0.complete_redirect(redirect, state)
    }

    fn complete_callback(&self, body: &Verified<'_>) -> Result<Outcome, RedeemError> {
        self.0.complete_callback(body)
    }

    fn subscribe(&self, heed: Box<dyn Fn(&Change) + Send + Sync>) -> Subscription {
        self.0.subscribe(heed)
    }

    fn settled(&self) {
        self.0.settled();
    }

    fn userinfo(&self, id: &GrantId) -> Result<Sub, String> {
        let told = self.0.call(id, whose(self.0.app()));
        told.map(|userinfo| userinfo.sub).map_err(|error| said(&error))
    }

    fn delegate(&self, id: &GrantId, requests: &[DelegationRequest]) -> Result<(), String> {
        self.0.call(id, wishes(self.0.app(), requests)).map_err(|error| said(&error))
    }

    fn onboard(
        &self,
        name: &str,
        settings: rollout::Settings,
        pace: Pace,
    ) -> Result<Arc<dyn Roller>, OnboardingError> {
        Ok(Arc::new(Onboarding::begin(&self.0, name, settings, pace)?))
    }

    fn crowd(&self, callers: usize, id: &GrantId) -> Vec<Tokens> {
        thread::scope(|scope| {
            let ask = || self.valid_token(id, Duration::ZERO);
            // Threads are dear: each has a stack that is just large enough.
            let caller = || thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, ask).unwrap();
            let callers: Vec<_> = (0..callers).map(|_| caller()).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        })
    }

    /// A thread cannot be made to go away: this one is left alone.
    fn abandon(&self, asked: Asked, when: &mut dyn FnMut()) {
        let manager = self.0.clone();
        thread::spawn(move || match asked {
            Asked::Tokens(id) => drop(manager.valid_token(&id, Duration::ZERO)),
            Asked::Redirect(url, state) => {
                drop(manager.complete_redirect(Redirect::from_url(&url).unwrap(), &state));
            }
        });
        when();
    }
}
