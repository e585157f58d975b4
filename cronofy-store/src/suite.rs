//! What every store has to do, for the tests of any store: of those in this crate, and of yours.
//!
//! ```
//! cronofy_store::suite::run(|clock| cronofy_store::MemoryStore::with_clock(move || clock.now()));
//! ```
//!
//! A store that passes decides alike, keeps what it is given to the last detail, gives a claim to one of many threads
//! and does what it was asked even where nobody waits for the answer. What it cannot show is what happens
//! when the power fails: a store on a disk needs tests of its own for that.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a check that cannot go on has failed")]

#[cfg(feature = "sqlite")]
pub use crate::sqlite::on_every_statement;

mod budgets;
mod grants;
mod mailboxes;
mod pages;
mod rollouts;
pub(crate) mod scenarios;
mod threads;
pub(crate) mod values;
mod waits;

pub use scenarios::{Scenario, scenarios};

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cronofy_types::Timestamp;

use crate::decide::{grant, pending};
use crate::store::{Ask, Store, Told, ask_blocking};
use crate::{Grant, GrantId, Outcome, Pending, PendingId};

/// A clock that stands still until a check moves it.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Timestamp>>);

impl Default for Clock {
    /// On a day in March 2031.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(scenarios::NOW)))
    }
}

impl Clock {
    /// What it shows.
    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by);
    }
}

/// Runs every check on a store of its own. `open` gives one that is empty and takes that clock for its present.
///
/// # Panics
///
/// Where a check fails, on a thread of its name.
pub fn run<S: Store>(mut open: impl FnMut(Clock) -> S) {
    for check in checks() {
        let clock = Clock::default();
        check.run(open(clock.clone()), clock);
    }
}

/// One thing that a store has to do.
#[derive(Clone, Copy)]
pub struct Check {
    name: &'static str,
    check: fn(&Bench),
}

impl Check {
    /// What it has to do.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Checks that it does: a store that is empty, and takes that clock for its present.
    ///
    /// # Panics
    ///
    /// Where it does not.
    pub fn run(&self, store: impl Store, clock: Clock) {
        let bench = Bench { store: Arc::new(store), clock };
        let check = self.check;
        let thread = std::thread::Builder::new().name(self.name.to_owned());
        if let Err(panic) = thread.spawn(move || check(&bench)).unwrap().join() {
            std::panic::resume_unwind(panic);
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}

/// All of them.
pub fn checks() -> impl Iterator<Item = Check> {
    let all = [
        grants::CHECKS,
        pages::CHECKS,
        waits::CHECKS,
        rollouts::CHECKS,
        mailboxes::CHECKS,
        budgets::CHECKS,
        threads::CHECKS,
    ];
    all.into_iter().flatten().copied()
}

macro_rules! list {
    ($($check:ident),* $(,)?) => {
        pub(super) const CHECKS: &[$crate::suite::Check] =
            &[$($crate::suite::Check { name: stringify!($check), check: $check }),*];
    };
}
use list;

/// A store under test, and the questions that checks ask it.
struct Bench {
    store: Arc<dyn Store>,
    clock: Clock,
}

impl Bench {
    fn ask(&self, ask: Ask) -> Told {
        ask_blocking(&*self.store, ask).unwrap()
    }

    fn grant(&self, id: &GrantId) -> Option<Grant> {
        match self.ask(Ask::Grant(id.clone())) {
            Told::Grant(grant) => grant.map(|grant| *grant),
            other => panic!("asked for a grant, told {other:?}"),
        }
    }

    fn grants(&self, after: Option<&GrantId>, limit: usize) -> Vec<Grant> {
        match self.ask(Ask::Grants { after: after.cloned(), limit }) {
            Told::Grants(grants) => grants,
            other => panic!("asked for grants, told {other:?}"),
        }
    }

    /// Asks what is answered with a decision about a grant.
    fn decided(&self, ask: Ask) -> grant::Reply {
        match self.ask(ask) {
            Told::Decided(reply) => reply,
            other => panic!("asked for a decision, told {other:?}"),
        }
    }

    /// Asks what is answered with a decision about a wait.
    fn redeemed(&self, ask: Ask) -> pending::Reply<Pending, Outcome> {
        match self.ask(ask) {
            Told::Redeemed(reply) => reply,
            other => panic!("asked about a wait, told {other:?}"),
        }
    }

    fn redeem(
        &self,
        id: PendingId,
        command: pending::Command<Pending, Outcome>,
    ) -> pending::Reply<Pending, Outcome> {
        self.redeemed(Ask::Redeem(id, command))
    }

    fn sweep(&self, limit: usize) -> usize {
        match self.ask(Ask::Sweep { limit }) {
            Told::Swept(count) => count,
            other => panic!("asked to sweep, told {other:?}"),
        }
    }
}
