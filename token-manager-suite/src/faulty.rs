//! A store that fails on purpose.

use std::io;
use std::sync::{Arc, Condvar, Mutex};

use cronofy_store::Store;
use cronofy_store::decide::grant::Command;
use cronofy_store::store::{Answer, Ask, StoreError, ask_blocking};

/// A store of another one. A clone is the same.
#[derive(Clone)]
pub(crate) struct Faulty(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    fault: Option<StoreFault>,
    /// How often it struck.
    struck: usize,
    holding_reads: bool,
    held: usize,
    holding_claims: bool,
    claims_held: usize,
    /// How many claims and how many failures were decided.
    claims: usize,
    reports: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreFault {
    /// No new tokens are taken: the disk is full.
    Full,
    /// New tokens are taken, and it says that this is unknown. Once.
    Unconfirmed,
    /// Nothing is answered at all.
    Down,
}

impl Faulty {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self(Arc::new(Inner { store, state: Mutex::default(), moved: Condvar::new() }))
    }

    /// The store as it is, for whoever has nothing to do with its faults.
    pub(crate) fn whole(&self) -> &dyn Store {
        &*self.0.store
    }

    pub(crate) fn fail(&self, fault: StoreFault) {
        self.0.state.lock().unwrap().fault = Some(fault);
    }

    pub(crate) fn heal(&self) {
        self.0.state.lock().unwrap().fault = None;
    }

    /// Waits until the fault has struck that often.
    pub(crate) fn until_struck(&self, times: usize) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| state.struck < times).unwrap());
    }

    /// Holds those who read grants, until they are released.
    pub(crate) fn hold_reads(&self) {
        self.0.state.lock().unwrap().holding_reads = true;
    }

    pub(crate) fn until_reads_are_held(&self, reads: usize) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| state.held < reads).unwrap());
    }

    pub(crate) fn release_reads(&self) {
        self.0.state.lock().unwrap().holding_reads = false;
        self.0.moved.notify_all();
    }

    /// Holds those who claim a grant, before that is decided, until they are released.
    pub(crate) fn hold_claims(&self) {
        self.0.state.lock().unwrap().holding_claims = true;
    }

    pub(crate) fn until_claims_are_held(&self, claims: usize) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| state.claims_held < claims).unwrap());
    }

    /// Lets those pass that come from now on. Those that are held stay so.
    pub(crate) fn let_other_claims_pass(&self) {
        self.0.state.lock().unwrap().holding_claims = false;
    }

    pub(crate) fn release_claims(&self) {
        let mut state = self.0.state.lock().unwrap();
        (state.holding_claims, state.claims_held) = (false, 0);
        self.0.moved.notify_all();
    }

    /// Waits until that many claims were decided.
    pub(crate) fn until_claims(&self, claims: usize) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| state.claims < claims).unwrap());
    }

    /// Waits until that many failures were reported, and believed or not.
    pub(crate) fn until_reports(&self, reports: usize) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| state.reports < reports).unwrap());
    }
}

impl Store for Faulty {
    fn submit(&self, ask: Ask, answer: Answer) {
        let keeps = matches!(
            ask,
            Ask::Decide(_, Command::Complete { .. })
                | Ask::Finish { .. }
                | Ask::Authorize { .. }
                | Ask::AuthorizeOver { .. }
        );
        let claims = matches!(ask, Ask::Decide(_, Command::Claim { .. }));
        let reports = matches!(
            ask,
            Ask::Decide(_, Command::Fail { .. } | Command::Unsure { .. } | Command::Condemn { .. })
        );
        let mut state = self.0.state.lock().unwrap();
        if matches!(ask, Ask::Grant(_)) && state.holding_reads {
            state.held += 1;
            self.0.moved.notify_all();
            state = self.0.moved.wait_while(state, |state| state.holding_reads).unwrap();
        }
        if claims && state.holding_claims {
            state.claims_held += 1;
            self.0.moved.notify_all();
            state = self.0.moved.wait_while(state, |state| state.claims_held > 0).unwrap();
        }
        let fault = state.fault.filter(|fault| keeps || *fault == StoreFault::Down);
        if fault.is_some() {
            state.struck += 1;
            self.0.moved.notify_all();
        }
        if fault == Some(StoreFault::Unconfirmed) {
            state.fault = None;
        }
        drop(state);
        let cause = || Box::new(io::Error::other("on purpose"));
        match fault {
            None if claims || reports => {
                let told = ask_blocking(&*self.0.store, ask);
                let mut state = self.0.state.lock().unwrap();
                state.claims += usize::from(claims);
                state.reports += usize::from(reports);
                drop(state);
                self.0.moved.notify_all();
                answer.tell(told);
            }
            None => self.0.store.submit(ask, answer),
            Some(StoreFault::Full) => answer.tell(Err(StoreError::Full(cause()))),
            Some(StoreFault::Down) => answer.tell(Err(StoreError::Busy(cause()))),
            Some(StoreFault::Unconfirmed) => {
                ask_blocking(&*self.0.store, ask).unwrap();
                answer.tell(Err(StoreError::Unknown(cause())));
            }
        }
    }
}
