//! The faults that are in force, and which of them a call meets.

use std::time::Duration;

use serde::Serialize;

use super::{At, EVERYTHING, Effect, Fault, FaultOn, InvalidFault};
use crate::ids::Ids;

/// The faults of a sandbox. Plain data: a clone is a snapshot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// How many there ever were: their identifiers, and so what is random about them, follow from it.
    added: u64,
    placed: Vec<PlacedFault>,
}

/// A fault that is in force, and what became of it so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlacedFault {
    /// Its name in the journal.
    pub id: String,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many calls it is about have come.
    pub matched: u64,
    /// How many of them it hit.
    pub fired: u64,
}

/// A call, as far as faults tell calls apart.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) operation: &'a str,
    pub(crate) grant_type: Option<&'a str>,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) sub: Option<&'a str>,
}

/// A fault that hits a call.
pub(crate) struct Hit {
    pub(crate) id: String,
    /// How many calls it hit before this one.
    pub(crate) number: u64,
    pub(crate) at: At,
    pub(crate) delay: Option<Duration>,
    pub(crate) effect: Effect,
}

/// More than any test needs. Each can hold a body.
const MOST_FAULTS: usize = 256;

impl Faults {
    pub(crate) fn add(&mut self, ids: &Ids, fault: Fault) -> Result<&PlacedFault, InvalidFault> {
        fault.check()?;
        if self.placed.len() == MOST_FAULTS {
            let full =
                format!("there are {MOST_FAULTS} faults already: DELETE /_sandbox/faults takes them away");
            return Err(InvalidFault::of("base", "errors.too_many", &full));
        }
        let id = ids.record("flt_", &self.added.to_string());
        self.added += 1;
        self.placed.push(PlacedFault { id, fault, matched: 0, fired: 0 });
        Ok(&self.placed[self.placed.len() - 1])
    }

    pub(crate) fn all(&self) -> &[PlacedFault] {
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

    /// Counts the call with every fault that it is about, and gives the oldest that is due.
    pub(crate) fn hit(&mut self, ids: &Ids, asked: Asked<'_>) -> Option<Hit> {
        self.due(ids, asked, |_| true)
    }

    /// The same for an entry of a batch. It has a status and no connection, so faults of any other kind pass it by;
    /// and so do those about everything, which the batch itself has met.
    pub(crate) fn hit_entry(&mut self, ids: &Ids, asked: Asked<'_>) -> Option<Hit> {
        self.due(ids, asked, |fault| {
            fault.trigger.on != EVERYTHING && matches!(fault.effect, Effect::Status { .. })
        })
    }

    fn due(&mut self, ids: &Ids, asked: Asked<'_>, may: impl Fn(&Fault) -> bool) -> Option<Hit> {
        let mut hit = None;
        for placed in &mut self.placed {
            if !placed.fault.trigger.is_about(asked) || !may(&placed.fault) {
                continue;
            }
            placed.matched += 1;
            let draw = |number| ids.fraction(&placed.id, number);
            if hit.is_none() && placed.fault.trigger.is_due(placed.matched, placed.fired, draw) {
                hit = Some(Hit {
                    id: placed.id.clone(),
                    number: placed.fired,
                    at: placed.fault.at,
                    delay: placed.fault.delay,
                    effect: placed.fault.effect.clone(),
                });
                placed.fired += 1;
            }
        }
        hit
    }
}

impl FaultOn {
    fn is_about(&self, asked: Asked<'_>) -> bool {
        let fits = |wanted: &Option<String>, has: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == has)
        };
        (self.on == EVERYTHING || self.on == asked.operation)
            && fits(&self.grant_type, asked.grant_type)
            && fits(&self.client_id, asked.client_id)
            && fits(&self.sub, asked.sub)
    }

    /// Whether the call is hit that is the `matched`th, counted from 1, after `fired` were. `draw` gives the number
    /// from 0 up to 1 that belongs to a call.
    fn is_due(&self, matched: u64, fired: u64, draw: impl FnOnce(u64) -> f64) -> bool {
        let count = self.count.or(self.nth.map(|_| 1));
        matched >= self.nth.unwrap_or(1)
            && count.is_none_or(|count| fired < count)
            && self.probability.is_none_or(|chance| draw(matched) < chance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALL: Asked<'_> =
        Asked { operation: "POST /oauth/token", grant_type: None, client_id: None, sub: None };

    /// Which of so many calls are hit.
    fn hits(seed: u64, trigger: &FaultOn, calls: u64) -> Vec<u64> {
        let (ids, mut faults) = (Ids::from_seed(seed), Faults::default());
        faults.add(&ids, trigger.clone().reset()).expect("a sensible fault");
        (1..=calls).filter(|_| faults.hit(&ids, CALL).is_some()).collect()
    }

    proptest! {
        /// A list of all calls from the nth on, thinned by the draws, cut to the count.
        #[test]
        fn the_schedule_is_that_of_a_list(
            seed in any::<u64>(),
            nth in prop::option::of(1..20_u64),
            count in prop::option::of(1..20_u64),
            probability in prop::option::of(0.01..=1.0),
            calls in 0..60_u64,
        ) {
            let mut trigger = Fault::on("POST /oauth/token");
            (trigger.nth, trigger.count, trigger.probability) = (nth, count, probability);
            let ids = Ids::from_seed(seed);
            let id = ids.record("flt_", "0");
            let drawn = (nth.unwrap_or(1)..=calls)
                .filter(|number| ids.fraction(&id, *number) < probability.unwrap_or(2.0));
            let most = count.unwrap_or(if nth.is_some() { 1 } else { u64::MAX });
            let expected: Vec<u64> = drawn.take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
            prop_assert_eq!(hits(seed, &trigger, calls), expected);
        }

        #[test]
        fn a_seed_repeats_what_is_hit(seed in any::<u64>()) {
            let trigger = Fault::on("*").probability(0.5);
            let hit = hits(seed, &trigger, 200);
            prop_assert_eq!(&hit, &hits(seed, &trigger, 200));
            prop_assert_ne!(&hit, &hits(seed.wrapping_add(1), &trigger, 200));
            prop_assert!((50..150).contains(&hit.len()), "{} of 200", hit.len());
        }
    }

    #[test]
    fn the_oldest_hits_and_the_others_stay_due() {
        let (ids, mut faults) = (Ids::from_seed(1), Faults::default());
        for trigger in
            [Fault::on("POST /oauth/token").nth(2), Fault::on("*").nth(2), Fault::on("*").about("acc_1")]
        {
            faults.add(&ids, trigger.reset()).expect("a sensible fault");
        }
        let oldest = faults.all()[0].id.clone();
        let second = faults.all()[1].id.clone();
        let hits: Vec<_> = (0..4).map(|_| faults.hit(&ids, CALL).map(|hit| hit.id)).collect();
        assert_eq!(hits, [None, Some(oldest), Some(second), None]);
        let counts: Vec<_> = faults.all().iter().map(|placed| (placed.matched, placed.fired)).collect();
        assert_eq!(counts, [(4, 1), (4, 1), (0, 0)]);
    }

    #[test]
    fn there_are_only_so_many() {
        let (ids, mut faults) = (Ids::from_seed(1), Faults::default());
        for _ in 0..MOST_FAULTS {
            faults.add(&ids, Fault::on("*").reset()).expect("there is room");
        }
        assert!(faults.add(&ids, Fault::on("*").reset()).is_err());
        faults.clear();
        faults.add(&ids, Fault::on("*").reset()).expect("there is room again");
    }
}
