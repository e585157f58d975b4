//! Which entries of the journal are asked for.

use std::fmt;

use super::JournalEntry;
use crate::routes;
use crate::wire::{FieldErrors, Fields};

/// All that are not told apart by any of these.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    operation: Option<&'static str>,
    method: Option<String>,
    path: Option<String>,
    status: Option<Statuses>,
    client_id: Option<String>,
    sub: Option<String>,
    fault: Option<String>,
    /// Only entries after this one.
    pub(crate) since: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statuses {
    One(u16),
    /// `4xx` is 4.
    Class(u16),
    None,
}

impl Filter {
    pub(crate) const PARAMETERS: [&'static str; 8] =
        ["operation", "method", "path", "status", "client_id", "sub", "fault", "since"];

    /// Reads [`Filter::PARAMETERS`] and leaves others alone.
    pub(crate) fn read(query: &Fields<'_>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut read = |name, needed: &str, wrong: bool| {
            if wrong {
                errors.push(name, "errors.invalid_format", needed);
            }
        };
        let operation = query.get("operation").map(routes::known);
        if let Some(Err(unknown)) = &operation {
            read("operation", unknown, true);
        }
        let status = query.get("status").map(Statuses::read);
        read("status", "must be a status such as 400, a class such as 4xx, or none", status == Some(None));
        let since = query.get("since").map(|since| since.parse::<u64>().ok());
        read("since", "must be the number of an entry", since == Some(None));
        if !errors.is_empty() {
            return Err(errors);
        }
        let text = |name| query.get(name).map(str::to_owned);
        Ok(Self {
            operation: operation.and_then(Result::ok).map(|operation| operation.name),
            method: text("method").map(|method| method.to_ascii_uppercase()),
            path: text("path"),
            status: status.flatten(),
            client_id: text("client_id"),
            sub: text("sub"),
            fault: text("fault"),
            since: since.flatten(),
        })
    }

    pub(crate) fn lets(&self, entry: &JournalEntry) -> bool {
        self.misses(entry).is_empty()
    }

    /// In what the entry differs from what is asked for, the worst first.
    pub(super) fn misses(&self, entry: &JournalEntry) -> Vec<String> {
        let mut misses = Vec::new();
        let mut compare = |what: &str, wanted: Option<&str>, has: Option<&str>| {
            if let Some(wanted) = wanted
                && has != Some(wanted)
            {
                misses.push(format!("{what} is {} instead of {wanted}", has.unwrap_or("none")));
            }
        };
        compare("the operation", self.operation, entry.operation);
        compare("the method", self.method.as_deref(), Some(&entry.method));
        compare("client_id", self.client_id.as_deref(), entry.client_id.as_deref());
        compare("sub", self.sub.as_deref(), entry.sub.as_deref());
        let fault = entry.fault.as_ref().map(|fault| fault.id.as_str());
        let wanted = self.fault.as_deref().filter(|wanted| *wanted != ANY || fault.is_none());
        compare("the fault", wanted, fault);
        if let Some(prefix) = self.path.as_deref().filter(|prefix| !entry.path.starts_with(prefix)) {
            misses.push(format!("the path {} does not begin with {prefix}", entry.path));
        }
        if let Some(wanted) = self.status.filter(|statuses| !statuses.holds(entry.status)) {
            let status = entry.status.map_or("none".to_owned(), |status| status.to_string());
            let why = entry.why.as_ref().map(|why| format!(", because {why}")).unwrap_or_default();
            misses.push(format!("the status is {status} instead of {wanted}{why}"));
        }
        if let Some(since) = self.since.filter(|since| entry.sequence <= *since) {
            misses.push(format!("it is not after entry {since}"));
        }
        misses
    }
}

/// Whichever fault.
const ANY: &str = "any";

impl Statuses {
    fn read(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::None);
        }
        if let Some(class) = text.strip_suffix("xx") {
            return class.parse().ok().filter(|class| (1..=5).contains(class)).map(Self::Class);
        }
        text.parse().ok().filter(|status| (100..600).contains(status)).map(Self::One)
    }

    fn holds(self, status: Option<u16>) -> bool {
        match self {
            Self::One(wanted) => status == Some(wanted),
            Self::Class(class) => status.is_some_and(|status| status / 100 == class),
            Self::None => status.is_none(),
        }
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}xx"),
            Self::None => f.write_str("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_come_one_by_one_by_class_or_not_at_all() {
        assert_eq!(Statuses::read("404"), Some(Statuses::One(404)));
        assert!(Statuses::read("4xx").is_some_and(|class| class.holds(Some(422)) && !class.holds(Some(500))));
        assert!(Statuses::read("none").is_some_and(|none| none.holds(None) && !none.holds(Some(200))));
        for slip in ["", "4x", "xx", "9xx", "99", "600", "ok", "-1"] {
            assert_eq!(Statuses::read(slip), None, "{slip}");
        }
    }
}
