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

use crate::policy::Policy;

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
