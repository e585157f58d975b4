//! What every crash begins with and ends with.

use std::sync::Arc;
use std::time::Duration;

use cronofy_sandbox::{RefreshMode, Snapshot};
use cronofy_store::Grant;
use cronofy_store::store::{Ask, Store, ask_blocking};
use store_rigs::Worker;
use store_rigs::orders::{Death, Place, Points, Said, Setup, Task};
use store_rigs::rig::{Database, Rig, keep, kept};

pub(crate) const WORKER: &str = env!("CARGO_BIN_EXE_worker");
const SIGABRT: i32 = 6;
/// Longer than a lease, and shorter than everything else.
const LATER: Duration = Duration::from_secs(120);

/// What is there before anything dies: in the sandbox, and in the store.
pub(crate) struct Bench {
    pub(crate) rig: Rig,
    pub(crate) mode: RefreshMode,
    pub(crate) begun: Option<Snapshot>,
    pub(crate) asks: Vec<Ask>,
    pub(crate) grants: Vec<Grant>,
    /// With what keys the workers go about it; the store was begun with the last one.
    pub(crate) keys: Vec<u8>,
    /// Whether the store is what the first release made.
    pub(crate) old: bool,
}

/// A worker has died, or come through, and time has passed.
pub(crate) struct Crash<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) place: Place,
    pub(crate) point: usize,
    pub(crate) died: bool,
}

impl Bench {
    pub(crate) fn new(database: &Database, mode: RefreshMode) -> Self {
        let rig = Rig::new(database, mode, crate::HOUR);
        rig.sandbox.freeze();
        Self { rig, mode, begun: None, asks: Vec::new(), grants: Vec::new(), keys: vec![1], old: false }
    }

    /// Lets a worker die at each point of this task, and has looked at what is left, until one comes through.
    pub(crate) fn at_every_point(mut self, task: Option<&Task>, mut check: impl FnMut(&Crash<'_>)) {
        self.begun = Some(self.rig.sandbox.snapshot().unwrap());
        let points = if std::env::var_os("CRONOFY_RIGS_STATEMENTS").is_some() {
            Points::Statements
        } else {
            Points::Questions
        };
        for point in 0.. {
            let crash = self.crash(Death { after: point, points }, task);
            check(&crash);
            if !crash.died {
                assert!(point > 1 || task.is_none(), "there were points");
                println!("{:?}: {point} {points:?}", self.mode);
                return;
            }
        }
    }

    fn crash(&self, death: Death, task: Option<&Task>) -> Crash<'_> {
        assert!(self.rig.sandbox.restore(&self.begun.as_ref().unwrap().id));
        let place = self.rig.place();
        let mut setup = self.rig.setup(&place);
        if !self.grants.is_empty() || !self.asks.is_empty() {
            let store = place.open(&self.keys[self.keys.len() - 1..], setup.now);
            for grant in &self.grants {
                keep(&*store, grant);
            }
            for ask in &self.asks {
                ask_blocking(&*store, ask.clone()).unwrap();
            }
        }
        if self.old {
            place.make_old();
        }
        self.rig.sandbox.clear_journal();
        setup.keys.clone_from(&self.keys);
        setup.dies = Some(death);
        let mut worker = Worker::start(WORKER, &setup);
        if let Some(task) = task {
            worker.tell(task);
        }
        let died = worker.end();
        assert!(died.is_none_or(|signal| signal == SIGABRT), "{died:?}");
        self.rig.sandbox.advance(LATER);
        Crash { bench: self, place, point: death.after, died: died.is_some() }
    }
}

impl Crash<'_> {
    /// Another worker, which does this.
    pub(crate) fn then(&self, task: &Task) -> Said {
        self.then_with(&self.bench.keys, task)
    }

    pub(crate) fn then_with(&self, keys: &[u8], task: &Task) -> Said {
        let setup = Setup { keys: keys.to_vec(), ..self.bench.rig.setup(&self.place) };
        let mut worker = Worker::start(WORKER, &setup);
        worker.tell(task);
        assert_eq!(worker.hear(), Some(Said::Ready));
        let said = worker.hear().unwrap_or_else(|| panic!("{self}: it died"));
        assert_eq!(worker.end(), None);
        said
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        self.place.open(&self.bench.keys, Some(self.bench.rig.now()))
    }

    pub(crate) fn kept(&self, grant: &Grant) -> Grant {
        kept(&*self.store(), &grant.id)
    }

    /// Somebody connects again.
    pub(crate) fn connect_again(&self) -> Said {
        let (pending, redirect) = self.bench.rig.browser("again");
        ask_blocking(&*self.store(), Ask::Begin { pending, binding: None }).unwrap();
        self.then(&Task::Redeem { redirect, state: "again".into() })
    }
}

impl std::fmt::Display for Crash<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, at {}", self.bench.mode, self.point)
    }
}
