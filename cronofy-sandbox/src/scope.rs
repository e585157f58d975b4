//! Scopes: which words exist, what a bundle contains, whether one scope lies within another.

use std::collections::BTreeSet;

use crate::ledger::{Rule, documented, guessed, observed};
pub(crate) const RULES: &[Rule] = &[
    documented(
        "`create_calendar`, `read_events`, `create_event`, `delete_event`, `read_free_busy` and \
             `change_participation_status` each allow what they name",
        "api/authorization/request-authorization",
    ),
    documented("`read_events` includes `read_free_busy`", "api/authorization/request-authorization"),
    documented(
        "The bundles `read_only`, `write_only`, `read_write`, `free_busy` and `free_busy_write` are \
             scopes too",
        "api/enterprise-connect/request-authorization",
    ),
    guessed(
        "`free_busy` is `read_free_busy`; `read_only` is `read_events`; `write_only` creates \
             calendars, creates and deletes events; `read_write` is everything; `free_busy_write` is \
             `read_free_busy` and writing events",
        "the page that defines the bundles could not be read, and the names say this much",
    ),
    observed(
        "`read_account` and `list_calendars` are accepted, and allow nothing",
        "defaults of cronofy-ruby 0.41, pycronofy 2.0.7 and Cronofy .NET 1.12; the current list has \
             neither",
    ),
    documented("A granted scope is told in the words in which it was asked for", "api/identity/userinfo"),
    guessed(
        "A scope lies within another if all that it allows is allowed there, whether by name or in a \
             bundle",
        "the sample applications ask for single rights below a delegated scope",
    ),
];

/// What `word` allows, or `None` if it is no scope of a user account.
fn rights_of(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "create_calendar" => &["create_calendar"],
        "create_event" => &["create_event"],
        "delete_event" => &["delete_event"],
        "read_free_busy" | "free_busy" => &["read_free_busy"],
        "change_participation_status" => &["change_participation_status"],
        "read_account" | "list_calendars" => &[],
        "read_events" | "read_only" => &["read_events", "read_free_busy"],
        "write_only" => &["create_calendar", "create_event", "delete_event"],
        "read_write" => &[
            "create_calendar",
            "read_events",
            "read_free_busy",
            "create_event",
            "delete_event",
            "change_participation_status",
        ],
        "free_busy_write" => &["read_free_busy", "create_event", "delete_event"],
        _ => return None,
    })
}

/// Free/busy reading and writing of own events: the only scope for which reduced access is offered.
pub(crate) const FREE_BUSY_WRITE: &str = "free_busy_write";
/// The only scope of Organization Connect.
pub(crate) const SCHEDULER: &str = "organizational_unit_scheduler";
/// Lets a service account authorize users.
pub(crate) const MANAGE_ACCOUNTS: &str = "service_account/accounts/manage";
/// Lets a service account authorize and list resources.
pub(crate) const MANAGE_RESOURCES: &str = "service_account/resources/manage";
/// Lets the users of a service account have their calendars unrestricted without being asked.
pub(crate) const UNRESTRICTED_ACCOUNTS: &str = "service_account/accounts/unrestricted_access";
/// The same for resources.
pub(crate) const UNRESTRICTED_RESOURCES: &str = "service_account/resources/unrestricted_access";

const SERVICE_ACCOUNT: [&str; 4] =
    [MANAGE_ACCOUNTS, UNRESTRICTED_ACCOUNTS, MANAGE_RESOURCES, UNRESTRICTED_RESOURCES];

/// Whether the space-separated `scope` holds `word`.
pub(crate) fn holds(scope: &str, word: &str) -> bool {
    words(scope).any(|held| held == word)
}

/// Whether `scope` allows `right`, named or inside a bundle.
pub(crate) fn allows(scope: &str, right: &str) -> bool {
    words(scope).filter_map(rights_of).any(|rights| rights.contains(&right))
}

/// The first word of `scope` that no user account can be asked for.
pub(crate) fn unknown_to_users(scope: &str) -> Option<&str> {
    words(scope).find(|word| rights_of(word).is_none())
}

/// The first word of `scope` that no service account can be asked for.
pub(crate) fn unknown_to_service_accounts(scope: &str) -> Option<&str> {
    words(scope).find(|word| !SERVICE_ACCOUNT.contains(word))
}

/// Whether everything that `requested` allows is allowed by `granted` too. A word that is no scope is not.
pub(crate) fn within(requested: &str, granted: &str) -> bool {
    let granted: BTreeSet<&str> = words(granted).filter_map(rights_of).flatten().copied().collect();
    words(requested)
        .all(|word| rights_of(word).is_some_and(|rights| rights.iter().all(|right| granted.contains(right))))
}

/// The words of a space-separated scope, one space between them: how a granted scope is echoed.
pub(crate) fn tidy(scope: &str) -> String {
    words(scope).collect::<Vec<_>>().join(" ")
}

fn words(scope: &str) -> impl Iterator<Item = &str> {
    scope.split_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_cover_their_parts() {
        assert!(within("read_events create_event", "read_write"));
        assert!(within("list_calendars read_free_busy", "free_busy"));
        assert!(within("free_busy_write", "read_write"));
        assert!(!within("read_events", "free_busy"));
        assert!(!within("create_event", "read_only"));
        assert!(!within("surprise", "read_write"));
    }

    #[test]
    fn reading_events_implies_free_busy() {
        assert!(allows("read_events", "read_free_busy"));
        assert!(!allows("create_event", "read_free_busy"));
        assert!(!allows("service_account/accounts/manage", "read_free_busy"));
    }
}
