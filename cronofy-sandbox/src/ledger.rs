//! How far each answer of the sandbox can be trusted: the ledger beside the code that gives it.
//!
//! Every endpoint declares one [`Operation`] per method and path. [`routes`](crate::routes) takes path and method
//! from it, so nothing is served that is not in the ledger, and `FIDELITY.md` is written from it.

/// A call that the sandbox serves.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Method and path as the documentation writes them: `GET /v1/userinfo`. Faults and journal use this name.
    pub(crate) name: &'static str,
    pub(crate) rules: &'static [Rule],
}

/// One thing that an endpoint does, and how it is known that Cronofy does it.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) trust: Trust,
    pub(crate) what: &'static str,
    /// The page of the documentation, the client, or the reason for the guess.
    pub(crate) source: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    Documented,
    Observed,
    Guessed,
}

/// Cronofy's documentation says so. `page` is the path below `docs.cronofy.com/developers/`.
pub(crate) const fn documented(what: &'static str, page: &'static str) -> Rule {
    Rule { trust: Trust::Documented, what, source: page }
}

/// An official client, its tests or a sample application shows it.
pub(crate) const fn observed(what: &'static str, witness: &'static str) -> Rule {
    Rule { trust: Trust::Observed, what, source: witness }
}

/// Chosen here, because no source says it. `reason` tells why so.
pub(crate) const fn guessed(what: &'static str, reason: &'static str) -> Rule {
    Rule { trust: Trust::Guessed, what, source: reason }
}

impl Operation {
    pub(crate) fn method(&self) -> &'static str {
        self.name.split_once(' ').map_or("GET", |(method, _)| method)
    }

    pub(crate) fn path(&self) -> &'static str {
        self.name.split_once(' ').map_or(self.name, |(_, path)| path)
    }
}
