//! Moments of a sandbox that it can be put back to.

use std::collections::VecDeque;
use std::fmt;

use jiff::SignedDuration;
use serde::Serialize;

use crate::app::Shared;
use crate::clock::{Setting, written};
use crate::state::State;

/// More are refused: a snapshot holds everything that the sandbox does.
const MOST: usize = 100;

/// The snapshots that were taken and not forgotten.
#[derive(Default)]
pub(crate) struct Snapshots {
    taken: u64,
    kept: VecDeque<(Snapshot, Moment)>,
}

/// A moment that [`Sandbox::restore`](crate::Sandbox::restore) goes back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// `snapshot-1` and so on, the same in every run.
    pub id: String,
    /// What the sandbox's clock showed.
    pub taken_at: String,
}

/// No room for a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooManySnapshots;

impl fmt::Display for TooManySnapshots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are {MOST} snapshots: forget one first")
    }
}

impl std::error::Error for TooManySnapshots {}

/// Everything that requests and tests change: with it the same requests get the same answers.
#[derive(Clone)]
pub(crate) struct Moment {
    state: State,
    clock: Setting,
    /// How many identifiers, codes and tokens were given out.
    issued: u64,
}

impl Moment {
    /// The state that a sandbox starts with, by the machine's clock.
    pub(crate) fn at_start(state: &State) -> Self {
        Self { state: state.clone(), clock: Setting::Running(SignedDuration::ZERO), issued: 0 }
    }

    /// `state` is what is locked while the rest is read.
    fn of(shared: &Shared, state: &State) -> Self {
        Self { state: state.clone(), clock: shared.clock.setting(), issued: shared.ids.issued() }
    }
}

impl Snapshots {
    pub(crate) fn list(&self) -> Vec<Snapshot> {
        self.kept.iter().map(|(snapshot, _)| snapshot.clone()).collect()
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.kept.len();
        self.kept.retain(|(snapshot, _)| snapshot.id != id);
        self.kept.len() < before
    }

    fn find(&self, id: &str) -> Option<&Moment> {
        self.kept.iter().find(|(snapshot, _)| snapshot.id == id).map(|(_, moment)| moment)
    }
}

impl Shared {
    pub(crate) fn take_snapshot(&self) -> Result<Snapshot, TooManySnapshots> {
        let mut snapshots = self.snapshots();
        if snapshots.kept.len() == MOST {
            return Err(TooManySnapshots);
        }
        snapshots.taken += 1;
        let snapshot =
            Snapshot { id: format!("snapshot-{}", snapshots.taken), taken_at: written(self.clock.now()) };
        let moment = Moment::of(self, &self.state());
        snapshots.kept.push_back((snapshot.clone(), moment));
        Ok(snapshot)
    }

    /// Goes back to a snapshot, which stays. `false` if there is none with this identifier.
    pub(crate) fn restore_snapshot(&self, id: &str) -> bool {
        let Some(moment) = self.snapshots().find(id).cloned() else { return false };
        self.return_to(moment);
        true
    }

    /// Goes back to how it was when it started to serve. Snapshots stay.
    pub(crate) fn reset(&self) {
        self.return_to(self.beginning.clone());
    }

    /// Callbacks that wait are of a time that never was: they are dropped.
    fn return_to(&self, moment: Moment) {
        let mut state = self.state();
        *state = moment.state;
        self.ids.return_to(moment.issued);
        self.clock.change(|_, _| moment.clock);
        self.callbacks.restart();
    }
}
