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
}

impl Store for Faulty {
    fn submit(&self, ask: Ask, answer: Answer) {
        let keeps = matches!(ask, Ask::Decide(_, Command::Complete { .. }) | Ask::Finish { .. });
        let mut state = self.0.state.lock().unwrap();
        if matches!(ask, Ask::Grant(_)) && state.holding_reads {
            state.held += 1;
            self.0.moved.notify_all();
            state = self.0.moved.wait_while(state, |state| state.holding_reads).unwrap();
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
