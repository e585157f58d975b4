//! What every rule owes its reader.

use std::collections::BTreeSet;

use super::{BEHAVIOUR, CALLS, GROUPS, Rule, Trust};
use crate::routes;

/// Every group or call that has rules, by name.
fn all() -> Vec<(&'static str, &'static [Rule])> {
    let groups = GROUPS.iter().map(|group| (group.name, group.rules));
    let served = routes::served().operations.into_iter().map(|operation| (operation.name, operation.rules));
    groups.chain(served).collect()
}

#[test]
fn names_are_unique_and_nothing_is_both_served_and_not() {
    // Whatever a parameter is called: the place is what counts.
    let place = |name: &str| -> String {
        name.split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    let mut seen = BTreeSet::new();
    for (name, _) in all() {
        assert!(seen.insert(place(name)), "{name} is declared twice");
    }
    for absent in CALLS {
        assert!(
            seen.insert(place(absent.name)),
            "{} is served: take it off the list of absent calls",
            absent.name
        );
    }
}

#[test]
fn every_rule_says_what_it_is_and_how_it_is_known() {
    for (name, rules) in all() {
        assert!(!rules.is_empty(), "{name} has no rules");
        let mut seen = BTreeSet::new();
        for Rule { trust, what, source } in rules {
            assert!(seen.insert(what), "{name} says twice: {what}");
            for text in [what, source] {
                assert!(is_written(text), "{name}: {what:?}, {source:?}");
            }
            let (holds, hint) = match trust {
                Trust::Documented => {
                    (is_page(source), "name a page by its path, a guide by its title, or an RFC")
                }
                Trust::Observed => (is_witness(source), "name a client as the other rules do"),
                Trust::Guessed => (is_reason(source), "give a reason for the choice"),
            };
            assert!(holds, "{name}: {what:?} is {trust:?} by {source:?}: {hint}");
        }
    }
    for absent in CALLS.iter().chain(BEHAVIOUR) {
        assert!(is_written(absent.name) && is_written(absent.why), "{absent:?}");
    }
}

fn is_written(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains('\n') && !text.ends_with('.')
}

fn is_page(text: &str) -> bool {
    text.split("; ").all(|part| {
        let first = part.split([' ', ',']).next().unwrap_or_default();
        first == "api" || first == "RFC" || first.contains(['/', '.']) || part.ends_with(" guide")
    })
}

fn is_witness(text: &str) -> bool {
    let clients =
        ["node cronofy", "pycronofy", "cronofy-ruby", "Cronofy .NET", "cronofy-php", "omniauth-cronofy"];
    clients.iter().chain(&["sample application", "browser elements"]).any(|client| text.contains(client))
}

/// More than that nothing is known, which is what a guess is.
fn is_reason(text: &str) -> bool {
    let empty =
        ["not documented", "undocumented", "documented nowhere", "unknown", "sandbox choice", "no source"];
    let mut rest = text.to_lowercase();
    for phrase in empty {
        rest = rest.replace(phrase, "");
    }
    rest.split_whitespace().count() >= 4
}

#[test]
fn sources_are_told_from_phrases() {
    assert!(is_page("api; api/error-codes; RFC 6749, section 5.2; Enterprise Connect guide"));
    assert!(!is_page("docs: error codes") && !is_page("the documentation"));
    assert!(is_witness("pycronofy 2.0.7 sends it") && !is_witness("a client"));
    assert!(!is_reason("Not documented"));
    assert!(!is_reason("unknown: sandbox choice"));
    assert!(is_reason("as RFC 7009, section 2.2, demands"));
}
