//! Faults of callbacks: what a test wants to go wrong on the way.

use std::time::Duration;

use serde_json::{Value, json};

use super::CallbackKind;
use crate::ids::Ids;

/// Something that is to go wrong with the next callbacks.
///
/// A callback that could be sent meets at most one fault: the oldest that fits it and is not used up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CallbackFault {
    pub(crate) kind: Option<CallbackKind>,
    pub(crate) count: Option<u64>,
    pub(crate) effect: Effect,
}

/// What happens to a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Duplicate,
    Reorder,
    Delay(Duration),
    Forged,
    Altered,
    Unsigned,
    Never,
}

impl CallbackFault {
    /// It is sent twice: a second callback with the same body, each with a life of its own.
    pub fn duplicate() -> Self {
        Self::of(Effect::Duplicate)
    }

    /// It is held back until a later callback of the same application has been tried once.
    pub fn reorder() -> Self {
        Self::of(Effect::Reorder)
    }

    /// It is first tried this much later, on the sandbox's clock.
    pub fn delay(by: Duration) -> Self {
        Self::of(Effect::Delay(by))
    }

    /// It is signed with a secret that is not the application's, at every attempt.
    pub fn forged() -> Self {
        Self::of(Effect::Forged)
    }

    /// Its body is altered after it was signed, at every attempt: the signature is genuine and does not fit.
    pub fn altered() -> Self {
        Self::of(Effect::Altered)
    }

    /// It has no signature, at every attempt.
    pub fn unsigned() -> Self {
        Self::of(Effect::Unsigned)
    }

    /// It is never sent.
    pub fn never() -> Self {
        Self::of(Effect::Never)
    }

    /// Only callbacks of this kind, instead of all.
    pub fn kind(mut self, kind: CallbackKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// This many callbacks, instead of one.
    pub fn count(mut self, callbacks: u64) -> Self {
        self.count = Some(callbacks);
        self
    }

    /// All callbacks from now on, until the fault is removed.
    pub fn always(mut self) -> Self {
        self.count = None;
        self
    }

    pub(crate) fn of(effect: Effect) -> Self {
        Self { kind: None, count: Some(1), effect }
    }
}

impl Effect {
    /// All of them but a delay, which says how long.
    pub(crate) const ALL: [Self; 6] =
        [Self::Duplicate, Self::Reorder, Self::Forged, Self::Altered, Self::Unsigned, Self::Never];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay(_) => "delay",
            Self::Forged => "forged",
            Self::Altered => "altered",
            Self::Unsigned => "unsigned",
            Self::Never => "never",
        }
    }
}

/// The faults that wait for their callbacks.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallbackFaults {
    added: u64,
    waiting: Vec<Waiting>,
}

#[derive(Clone, Debug)]
struct Waiting {
    id: String,
    fault: CallbackFault,
    remaining: Option<u64>,
}

impl CallbackFaults {
    /// Adds a fault behind those that wait already, and gives its identifier.
    pub(crate) fn add(&mut self, ids: &Ids, fault: CallbackFault) -> String {
        self.added += 1;
        let id = ids.record("cbf_", &self.added.to_string());
        self.waiting.push(Waiting { id: id.clone(), remaining: fault.count, fault });
        id
    }

    /// What happens to a callback of this kind. A fault that is used up is gone.
    pub(super) fn strike(&mut self, kind: CallbackKind) -> Option<Effect> {
        self.waiting.retain(|waiting| waiting.remaining != Some(0));
        let fits = |waiting: &&mut Waiting| waiting.fault.kind.is_none_or(|wanted| wanted == kind);
        let struck = self.waiting.iter_mut().find(fits)?;
        struck.remaining = struck.remaining.map(|remaining| remaining - 1);
        let effect = struck.fault.effect;
        self.waiting.retain(|waiting| waiting.remaining != Some(0));
        Some(effect)
    }

    pub(crate) fn list(&self) -> Vec<Value> {
        self.waiting.iter().map(Waiting::shown).collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Value> {
        self.waiting.iter().find(|waiting| waiting.id == id).map(Waiting::shown)
    }

    /// `false` if there is no such fault, or none any more.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.id != id);
        self.waiting.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }
}

impl Waiting {
    fn shown(&self) -> Value {
        let mut shown = json!({
            "id": self.id,
            "kind": self.fault.kind.map_or("*", CallbackKind::as_str),
            "effect": self.fault.effect.word(),
            "count": self.fault.count,
            "remaining": self.remaining,
        });
        if let Effect::Delay(by) = self.fault.effect {
            shown["seconds"] = json!(by.as_secs());
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::CallbackKind::{ChannelChange, ChannelVerification};
    use super::*;

    #[test]
    fn the_oldest_fault_that_fits_strikes_until_it_is_used_up() {
        let (ids, mut faults) = (Ids::from_seed(1), CallbackFaults::default());
        faults.add(&ids, CallbackFault::never().count(0));
        faults.add(&ids, CallbackFault::forged().kind(ChannelChange).count(2));
        let forever = faults.add(&ids, CallbackFault::unsigned().always());
        assert_eq!(faults.strike(ChannelVerification), Some(Effect::Unsigned));
        for expected in [Effect::Forged, Effect::Forged, Effect::Unsigned, Effect::Unsigned] {
            assert_eq!(faults.strike(ChannelChange), Some(expected));
        }
        assert_eq!(faults.list().len(), 1);
        assert!(faults.remove(&forever) && !faults.remove(&forever));
        assert_eq!(faults.strike(ChannelChange), None);
    }
}
