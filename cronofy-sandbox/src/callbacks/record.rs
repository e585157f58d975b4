//! One callback as it is kept.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::callback::masked;
use super::fault::Effect;
use super::place::shown;
use super::{Callback, CallbackAttempt, CallbackKind, CallbackState, Letter, UndeliveredCallback};
use crate::clock::after;

/// One callback.
#[derive(Debug)]
pub(super) struct Record {
    id: String,
    pub(super) letter: Letter,
    pub(super) effect: Option<Effect>,
    copy_of: Option<String>,
    created: SystemTime,
    /// When it is still to be tried, soonest first.
    due: VecDeque<SystemTime>,
    stage: Stage,
    attempts: Vec<CallbackAttempt>,
}

/// How far it came.
#[derive(Debug)]
enum Stage {
    /// By a fault, until a later callback has been tried.
    Held,
    Waiting,
    InFlight,
    Over(CallbackState, Option<String>),
}

impl Record {
    /// A callback that is tried at `due`.
    pub(super) fn new(letter: Letter, now: SystemTime, due: VecDeque<SystemTime>) -> Self {
        Self {
            id: String::new(),
            letter,
            effect: None,
            copy_of: None,
            created: now,
            due,
            stage: Stage::Waiting,
            attempts: Vec::new(),
        }
    }

    pub(super) fn struck_by(mut self, effect: Option<Effect>) -> Self {
        self.effect = effect;
        if effect == Some(Effect::Reorder) {
            self.stage = Stage::Held;
        }
        self
    }

    pub(super) fn copy_of(mut self, id: &str) -> Self {
        self.copy_of = Some(id.to_owned());
        self
    }

    pub(super) fn name(&mut self, id: String) {
        self.id = id;
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// When it is tried next. `None` while it is held or in flight, and when it is over.
    pub(super) fn next(&self) -> Option<SystemTime> {
        if matches!(self.stage, Stage::Waiting) { self.due.front().copied() } else { None }
    }

    /// Whether it goes on by itself while the clock stands.
    pub(super) fn is_busy(&self, now: SystemTime) -> bool {
        matches!(self.stage, Stage::InFlight) || self.next().is_some_and(|due| due <= now)
    }

    /// Whether it tells a channel of a change, and was not tried yet. One that is held is to be overtaken.
    pub(super) fn owes_change(&self, channel: &str) -> bool {
        self.letter.kind == CallbackKind::ChannelChange
            && self.letter.channel.as_ref().is_some_and(|key| key.id == channel)
            && self.attempts.is_empty()
            && matches!(self.stage, Stage::Waiting)
    }

    pub(super) fn begin(&mut self) {
        self.due.pop_front();
        self.stage = Stage::InFlight;
    }

    /// An attempt is over, and perhaps not the last. Whether it was is told.
    pub(super) fn tried(&mut self, attempt: CallbackAttempt) -> bool {
        self.attempts.push(attempt);
        self.stage = Stage::Waiting;
        self.due.is_empty()
    }

    pub(super) fn end(&mut self, state: CallbackState, reason: Option<String>) {
        self.stage = Stage::Over(state, reason);
    }

    /// Lets it go, if it was held.
    pub(super) fn release(&mut self) -> bool {
        let held = matches!(self.stage, Stage::Held);
        if held {
            self.stage = Stage::Waiting;
        }
        held
    }

    pub(super) fn shown(&self) -> Callback {
        let (state, reason) = match &self.stage {
            Stage::Held | Stage::Waiting => (CallbackState::Waiting, None),
            Stage::InFlight => (CallbackState::InFlight, None),
            Stage::Over(state, reason) => (*state, reason.clone()),
        };
        Callback {
            id: self.id.clone(),
            kind: self.letter.kind,
            client_id: self.letter.client_id.clone(),
            url: shown(&self.letter.url),
            body: masked(&self.letter.body),
            state,
            reason,
            fault: self.effect.map(Effect::word),
            copy_of: self.copy_of.clone(),
            created_at: self.created,
            next_attempt_at: self.next(),
            attempts: self.attempts.clone(),
        }
    }

    /// `None` if its receiver got it, may yet get it, or was not to get it.
    pub(super) fn undelivered(&self) -> Option<UndeliveredCallback> {
        let Stage::Over(CallbackState::Failed | CallbackState::NotSent, Some(reason)) = &self.stage else {
            return None;
        };
        Some(UndeliveredCallback {
            url: shown(&self.letter.url),
            reason: reason.clone(),
            attempts: u32::try_from(self.attempts.len()).unwrap_or(u32::MAX),
        })
    }
}

/// When a callback is tried: at `first`, and after each pause again. Pauses are counted from when the attempt before
/// was due, so one that comes late does not put off the others.
pub(super) fn schedule(first: SystemTime, pauses: &[Duration]) -> VecDeque<SystemTime> {
    let mut due = first;
    let later = pauses.iter().map(|pause| {
        due = after(due, *pause);
        due
    });
    std::iter::once(first).chain(later).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the pauses, attempts are due in order, one more than there are pauses, and the last when all
        /// pauses are over.
        #[test]
        fn a_schedule_adds_up(
            first in 0..10_000_000_000_u64,
            pauses in prop::collection::vec(0..100_000_000_u64, 0..12),
        ) {
            let first = SystemTime::UNIX_EPOCH + Duration::from_millis(first);
            let total = pauses.iter().sum::<u64>();
            let pauses: Vec<Duration> = pauses.into_iter().map(Duration::from_millis).collect();
            let due = schedule(first, &pauses);
            prop_assert_eq!(due.len(), pauses.len() + 1);
            prop_assert!(due.iter().is_sorted());
            prop_assert_eq!(due.back(), Some(&(first + Duration::from_millis(total))));
        }
    }
}
