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
            // What was read in preparation is no source that others could look up.
            assert!(!source.contains("seed") && !source.contains("docs:"), "{name}: {source}");
            if *trust == Trust::Guessed {
                assert!(is_reason(source), "{name}: {source:?} is no reason for {what:?}");
            }
        }
    }
    for absent in CALLS.iter().chain(BEHAVIOUR) {
        assert!(is_written(absent.name) && is_written(absent.why), "{absent:?}");
    }
}

fn is_written(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains('\n') && !text.ends_with('.')
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
fn a_guess_needs_a_reason() {
    assert!(!is_reason("Not documented"));
    assert!(!is_reason("unknown: sandbox choice"));
    assert!(is_reason("as RFC 7009, section 2.2, demands"));
}
