//! One running sandbox: what its handlers and its handles share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::Builder;
use crate::callbacks::Callbacks;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::ready::Ready;
use crate::snapshots::{Moment, Snapshots};
use crate::state::State;
use crate::tenants::Tenants;

/// A handle; clones are of the same sandbox.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

impl App {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    pub(crate) fn downgrade(&self) -> WeakApp {
        WeakApp(Arc::downgrade(&self.0))
    }
}

/// A handle that does not keep its sandbox alive.
pub(crate) struct WeakApp(Weak<Shared>);

impl WeakApp {
    pub(crate) fn upgrade(&self) -> Option<App> {
        self.0.upgrade().map(App)
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
    /// Names by which `/_sandbox/` may be asked for, beside those of this machine.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) journal: Journal,
    pub(crate) callbacks: Callbacks,
    pub(crate) ready: Ready,
    /// What was odd about the scenarios at the start.
    pub(crate) warnings: Vec<String>,
    /// How it was set up, which is how its tenants are.
    pub(crate) recipe: Builder,
    pub(crate) tenants: Tenants,
    /// What [`Shared::reset`] goes back to.
    pub(crate) beginning: Moment,
    /// Only [`Shared::snapshots`] locks it, always before the state.
    pub(crate) kept: Mutex<Snapshots>,
    /// Only [`Shared::state`] locks it.
    pub(crate) memory: Mutex<State>,
}

impl Shared {
    /// The state, for one change. Never held over an await: handlers are synchronous once they have the body.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has changed either everything or nothing that it meant to: go on.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshots(&self) -> MutexGuard<'_, Snapshots> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
