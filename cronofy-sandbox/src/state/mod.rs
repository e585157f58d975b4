//! What the sandbox remembers, and the only ways in which that changes.

mod application;
mod authorization;
mod codes;
mod linking;
mod pages;
mod tokens;

pub(crate) use application::{Application, Features, flaw};
pub(crate) use authorization::{Authorization, Grant, GrantKey, Kind};
pub(crate) use codes::CodeSource;
pub(crate) use pages::{List, Paging};
pub(crate) use tokens::TokenPair;

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::builder::RefreshMode;
use crate::callbacks::Callbacks;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::world::World;
use crate::{AutoConsent, Ready};

/// One running sandbox, shared by its handlers and its handles.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

impl App {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

pub(crate) struct Shared {
    /// `http://127.0.0.1:PORT`: the API host and the app host alike.
    pub(crate) base_url: String,
    pub(crate) auto_consent: AutoConsent,
    pub(crate) page_size: usize,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) world: World,
    pub(crate) journal: Journal,
    pub(crate) callbacks: Callbacks,
    pub(crate) ready: Ready,
    state: Mutex<State>,
}

/// Everything but the state itself, to build a [`Shared`] from.
pub(crate) struct Parts {
    pub(crate) base_url: String,
    pub(crate) auto_consent: AutoConsent,
    pub(crate) page_size: usize,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) world: World,
    pub(crate) callbacks: Callbacks,
    pub(crate) ready: Ready,
}

impl Shared {
    pub(crate) fn new(parts: Parts, state: State) -> Self {
        let Parts { base_url, auto_consent, page_size, clock, ids, world, callbacks, ready } = parts;
        let journal = Journal::default();
        let state = Mutex::new(state);
        Self { base_url, auto_consent, page_size, clock, ids, world, journal, callbacks, ready, state }
    }

    /// The state, for one change. Never held over an await: handlers are synchronous once they have the body.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has changed either everything or nothing that it meant to: go on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long things live, and what a refresh does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) code_lifetime: Duration,
    pub(crate) user_token_lifetime: Duration,
    pub(crate) service_token_lifetime: Duration,
    pub(crate) refresh_mode: RefreshMode,
    pub(crate) revoke_on_replay: bool,
}

/// Everything that requests change.
pub(crate) struct State {
    pub(crate) policy: Policy,
    pub(crate) applications: BTreeMap<String, Application>,
    authorizations: BTreeMap<GrantKey, Authorization>,
    codes: HashMap<String, codes::Code>,
    access_tokens: HashMap<String, tokens::AccessToken>,
    refresh_tokens: HashMap<String, tokens::RefreshToken>,
    links: linking::Links,
    pages: pages::Pages,
}

impl State {
    pub(crate) fn new(policy: Policy, application: Application) -> Self {
        Self {
            policy,
            applications: BTreeMap::from([(application.client_id.clone(), application)]),
            authorizations: BTreeMap::new(),
            codes: HashMap::new(),
            access_tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
            links: linking::Links::default(),
            pages: pages::Pages::default(),
        }
    }

    /// How many authorizations, access tokens and codes there are.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.authorizations.len(), self.access_tokens.len(), self.codes.len())
    }
}
