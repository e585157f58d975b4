//! How far each answer of the sandbox can be trusted: the ledger beside the code that gives it.
//!
//! Every endpoint declares one [`Operation`] per method and path. [`routes`](crate::routes) takes path and method
//! from it, so nothing is served that is not in the ledger, and `FIDELITY.md` is written from it.

mod absent;
#[cfg(test)]
mod document;
#[cfg(test)]
mod tests;

pub(crate) use absent::{Absent, absent_call};

use serde::Serialize;

use self::absent::{BEHAVIOUR, CALLS};
use crate::{api, auth, callbacks, ids, limits, scope, state, wire};

/// Everything that is known about how true the answers are.
#[derive(Serialize)]
pub(crate) struct Ledger {
    rules: Counts,
    groups: &'static [Group],
    operations: Vec<&'static Operation>,
    calls_not_served: &'static [Absent],
    behaviour_not_there: &'static [Absent],
}

#[derive(Clone, Copy, Serialize)]
struct Counts {
    documented: usize,
    observed: usize,
    guessed: usize,
}

/// A call that the sandbox serves.
#[derive(Debug, Serialize)]
pub(crate) struct Operation {
    /// Method and path as the documentation writes them: `GET /v1/userinfo`. Faults and journal use this name.
    pub(crate) name: &'static str,
    pub(crate) rules: &'static [Rule],
}

/// Rules that hold for more than one call.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) rules: &'static [Rule],
}

/// One thing that an endpoint does and a client can notice, in a sentence that can be read by itself; and how it is
/// known that Cronofy does it.
#[derive(Debug, Serialize)]
pub(crate) struct Rule {
    pub(crate) trust: Trust,
    pub(crate) what: &'static str,
    /// The page of the documentation, the client, or the reason for the guess.
    pub(crate) source: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Trust {
    Documented,
    Observed,
    Guessed,
}

/// Each beside the code that keeps it.
pub(crate) const GROUPS: &[Group] = &[
    Group { name: "Requests", rules: wire::call::RULES },
    Group { name: "Refusals", rules: wire::errors::RULES },
    Group { name: "Credentials", rules: auth::RULES },
    Group { name: "Scopes", rules: scope::RULES },
    Group { name: "Times", rules: api::TIMES },
    Group { name: "Identifiers", rules: ids::RULES },
    Group { name: "Pages", rules: state::PAGES },
    Group { name: "Rate limits", rules: limits::RULES },
    Group { name: "Callbacks", rules: callbacks::RULES },
    Group { name: "Notifications", rules: callbacks::NOTIFICATIONS },
];

/// Cronofy's documentation says so. `page` is a path below `docs.cronofy.com/developers/`, the title of a guide, or
/// a section of an RFC; several are separated by semicolons.
pub(crate) const fn documented(what: &'static str, page: &'static str) -> Rule {
    Rule { trust: Trust::Documented, what, source: page }
}

/// An official client, its tests or a sample application shows it, named as in `node cronofy 3.8.4`.
pub(crate) const fn observed(what: &'static str, witness: &'static str) -> Rule {
    Rule { trust: Trust::Observed, what, source: witness }
}

/// Chosen here, because no source says it. `reason` tells why so.
pub(crate) const fn guessed(what: &'static str, reason: &'static str) -> Rule {
    Rule { trust: Trust::Guessed, what, source: reason }
}

impl Ledger {
    pub(crate) fn of(operations: Vec<&'static Operation>) -> Self {
        let of_groups = GROUPS.iter().flat_map(|group| group.rules);
        let rules = Counts::of(of_groups.chain(operations.iter().flat_map(|operation| operation.rules)));
        Self { rules, groups: GROUPS, operations, calls_not_served: CALLS, behaviour_not_there: BEHAVIOUR }
    }
}

impl Counts {
    fn of<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Self {
        let mut counts = Self { documented: 0, observed: 0, guessed: 0 };
        for rule in rules {
            *match rule.trust {
                Trust::Documented => &mut counts.documented,
                Trust::Observed => &mut counts.observed,
                Trust::Guessed => &mut counts.guessed,
            } += 1;
        }
        counts
    }
}

impl Operation {
    pub(crate) fn method(&self) -> &'static str {
        self.name.split_once(' ').map_or("GET", |(method, _)| method)
    }

    pub(crate) fn path(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(_, path)| path)
    }
}
