//! Faults of callbacks: what a test wants to go wrong on the way.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::CallbackKind;
use crate::faults::InvalidFault;
use crate::ids::Ids;

/// Something that goes wrong with callbacks.
///
/// It says which callbacks it is about, which of those it hits, and what happens to them. The same members, as JSON,
/// are the body of `POST /_sandbox/callback_faults`.
///
/// ```
/// use std::time::Duration;
///
/// use cronofy_sandbox::{CallbackFault, CallbackKind};
///
/// // The next outcome of delegated access comes twice.
/// CallbackFault::on(CallbackKind::ServiceAccountAuthorization).count(1).duplicate();
///
/// // The second notification of a change comes an hour late.
/// CallbackFault::on(CallbackKind::ChannelChange).nth(2).delay(Duration::from_secs(3600));
///
/// // Nothing comes signed any more.
/// CallbackFault::on_everything().unsigned();
/// ```
///
/// Only callbacks that could be sent are counted. Of several faults that are due for one the oldest hits it, and the
/// others stay due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallbackFault {
    #[serde(flatten)]
    trigger: CallbackFaultOn,
    #[serde(flatten)]
    effect: Effect,
}

/// The callbacks that a [`CallbackFault`] hits. The methods that name an effect make it one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use = "it is a fault once it has an effect, and happens once `Sandbox::callback_fault` has it"]
pub struct CallbackFaultOn {
    #[serde(serialize_with = "kind_or_all")]
    pub(crate) kind: Option<CallbackKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nth: Option<u64>,
    #[serde(serialize_with = "endless_is_null", skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u64>,
}

/// What happens to a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub(crate) enum Effect {
    Duplicate,
    Reorder,
    Delay { delay_seconds: u64 },
    Forged,
    Altered,
    Unsigned,
    Never,
}

impl CallbackFault {
    /// About callbacks of one kind.
    pub fn on(kind: CallbackKind) -> CallbackFaultOn {
        CallbackFaultOn { kind: Some(kind), nth: None, count: None }
    }

    /// About all callbacks.
    pub fn on_everything() -> CallbackFaultOn {
        CallbackFaultOn { kind: None, nth: None, count: None }
    }

    fn check(&self) -> Result<(), InvalidFault> {
        let mut flaws = InvalidFault::default();
        for (field, number) in [("nth", self.trigger.nth), ("count", self.trigger.count)] {
            if number == Some(0) {
                flaws.push(field, "errors.invalid_format", "callbacks are counted from 1");
            }
        }
        flaws.into_result()
    }
}

impl CallbackFaultOn {
    /// Not before the nth of them, counted from 1; and, unless a count says more, only that one.
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// At most this many. Without it and without [`CallbackFaultOn::nth`], all until the fault is taken away.
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Sent twice: a second callback with the same body, each with a life of its own.
    pub fn duplicate(self) -> CallbackFault {
        self.with(Effect::Duplicate)
    }

    /// Held back until a later callback of the same application has been tried once.
    pub fn reorder(self) -> CallbackFault {
        self.with(Effect::Reorder)
    }

    /// First tried this much later, on the sandbox's clock and in whole seconds.
    pub fn delay(self, by: Duration) -> CallbackFault {
        self.with(Effect::Delay { delay_seconds: by.as_secs() })
    }

    /// Signed with a secret that is not the application's, at every attempt.
    pub fn forged(self) -> CallbackFault {
        self.with(Effect::Forged)
    }

    /// Altered after it was signed, at every attempt: the signature is genuine and does not fit.
    pub fn altered(self) -> CallbackFault {
        self.with(Effect::Altered)
    }

    /// Without a signature, at every attempt.
    pub fn unsigned(self) -> CallbackFault {
        self.with(Effect::Unsigned)
    }

    /// Never sent.
    pub fn never(self) -> CallbackFault {
        self.with(Effect::Never)
    }

    pub(crate) fn with(self, effect: Effect) -> CallbackFault {
        CallbackFault { trigger: self, effect }
    }

    /// Whether the callback is hit that is the `matched`th, counted from 1, after `fired` were.
    fn is_due(&self, matched: u64, fired: u64) -> bool {
        let count = self.count.or(self.nth.map(|_| 1));
        matched >= self.nth.unwrap_or(1) && count.is_none_or(|count| fired < count)
    }
}

impl Effect {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay { .. } => "delay",
            Self::Forged => "forged",
            Self::Altered => "altered",
            Self::Unsigned => "unsigned",
            Self::Never => "never",
        }
    }
}

/// The faults that are in force. Plain data: a clone is a snapshot.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallbackFaults {
    added: u64,
    placed: Vec<PlacedCallbackFault>,
}

/// A fault of callbacks that is in force, and what became of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlacedCallbackFault {
    /// `cbf_` and 24 hexadecimal digits.
    pub id: String,
    /// The fault.
    #[serde(flatten)]
    pub fault: CallbackFault,
    /// How many callbacks it is about have come.
    pub matched: u64,
    /// How many of them it hit.
    pub fired: u64,
}

/// More than any test needs.
const MOST_FAULTS: usize = 256;
/// For a count without end.
pub(crate) const ENDLESS: u64 = u64::MAX;

impl CallbackFaults {
    pub(crate) fn add(
        &mut self,
        ids: &Ids,
        fault: CallbackFault,
    ) -> Result<&PlacedCallbackFault, InvalidFault> {
        fault.check()?;
        if self.placed.len() == MOST_FAULTS {
            let full = "there are 256 faults already: DELETE /_sandbox/callback_faults takes them away";
            return Err(InvalidFault::of("base", "errors.too_many", full));
        }
        self.added += 1;
        let id = ids.record("cbf_", &self.added.to_string());
        self.placed.push(PlacedCallbackFault { id, fault, matched: 0, fired: 0 });
        Ok(&self.placed[self.placed.len() - 1])
    }

    pub(crate) fn all(&self) -> &[PlacedCallbackFault] {
        &self.placed
    }

    /// `false` if there is no such one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.placed.len();
        self.placed.retain(|placed| placed.id != id);
        self.placed.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.placed.clear();
    }

    /// Counts the callback with every fault that it is about, and gives the effect of the oldest that is due.
    pub(super) fn strike(&mut self, kind: CallbackKind) -> Option<Effect> {
        let mut struck = None;
        for placed in &mut self.placed {
            let trigger = &placed.fault.trigger;
            if trigger.kind.is_some_and(|wanted| wanted != kind) {
                continue;
            }
            placed.matched += 1;
            if struck.is_none() && trigger.is_due(placed.matched, placed.fired) {
                placed.fired += 1;
                struck = Some(placed.fault.effect);
            }
        }
        struck
    }
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with the field as it is"
)]
fn kind_or_all<S: Serializer>(kind: &Option<CallbackKind>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.map_or("*", CallbackKind::as_str))
}

#[expect(clippy::ref_option, reason = "serde calls it with the field as it is")]
fn endless_is_null<S: Serializer>(count: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    count.filter(|count| *count != ENDLESS).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::CallbackKind::{ChannelChange, ChannelVerification};
    use super::*;

    #[test]
    fn the_oldest_fault_that_is_due_strikes() {
        let (ids, mut faults) = (Ids::from_seed(1), CallbackFaults::default());
        let forged = CallbackFault::on(ChannelChange).count(2).forged();
        for fault in [forged, CallbackFault::on_everything().nth(4).unsigned()] {
            faults.add(&ids, fault).expect("a sensible fault");
        }
        assert_eq!(faults.strike(ChannelVerification), None);
        for expected in [Effect::Forged, Effect::Forged, Effect::Unsigned] {
            assert_eq!(faults.strike(ChannelChange), Some(expected));
        }
        assert_eq!(faults.strike(ChannelChange), None);
        let counts: Vec<_> = faults.all().iter().map(|placed| (placed.matched, placed.fired)).collect();
        assert_eq!(counts, [(4, 2), (5, 1)]);
    }

    #[test]
    fn there_are_only_so_many() {
        let (ids, mut faults) = (Ids::from_seed(1), CallbackFaults::default());
        let fault = CallbackFault::on_everything().never();
        for _ in 0..MOST_FAULTS {
            faults.add(&ids, fault.clone()).expect("there is room");
        }
        assert!(faults.add(&ids, fault).is_err());
        assert!(faults.add(&ids, CallbackFault::on_everything().count(0).never()).is_err());
    }
}
