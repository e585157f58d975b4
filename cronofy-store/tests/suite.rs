//! The suite catches stores that are wrong: each of these leaves one thing out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cronofy_store::decide::{grant, pending};
use cronofy_store::store::{Answer, Ask, Store, StoreError, Told, ask_blocking};
use cronofy_store::suite::{Clock, checks};
use cronofy_store::{MemoryStore, Origin, Outcome};

type Does = fn(&MemoryStore, Ask) -> Result<Told, StoreError>;

struct Wrong {
    right: MemoryStore,
    does: Does,
}

impl Store for Wrong {
    fn submit(&self, ask: Ask, answer: Answer) {
        answer.tell((self.does)(&self.right, ask));
    }
}

/// The checks that a store fails which does this in the place of what it is asked.
fn caught(does: Does) -> Vec<&'static str> {
    let fails = |check: &cronofy_store::suite::Check| {
        let clock = Clock::default();
        let right = MemoryStore::with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        catch_unwind(AssertUnwindSafe(|| check.run(Wrong { right, does }, clock))).is_err()
    };
    checks().filter(fails).map(|check| check.name()).collect()
}

#[test]
fn a_store_that_is_right_passes() {
    assert_eq!(caught(|right, ask| ask_blocking(right, ask)), [""; 0]);
}

#[test]
fn a_store_that_loses_details_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Authorize { id, tokens, .. } => {
            ask_blocking(right, Ask::Authorize { id, origin: Origin::Account, tokens })
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"every_origin_is_kept_by_what_follows"), "{found:?}");
    let found = caught(|right, ask| match ask {
        Ask::Authorize { id, origin, tokens } => {
            let mut tokens = Arc::unwrap_or_clone(tokens);
            tokens.extra.clear();
            ask_blocking(right, Ask::Authorize { id, origin, tokens: Arc::new(tokens) })
        }
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, ["every_detail_of_a_grant_is_kept"]);
}

#[test]
fn a_store_that_claims_without_looking_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Decide(id, grant::Command::Claim { owner, lease, urgent, .. }) => {
            let Told::Grant(Some(kept)) = ask_blocking(right, Ask::Grant(id.clone()))? else {
                return Ok(Told::Decided(grant::Reply::Absent));
            };
            let command = grant::Command::Claim { owner, generation: kept.generation, lease, urgent };
            ask_blocking(right, Ask::Decide(id, command))
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"a_claim_is_for_the_tokens_that_were_read"), "{found:?}");
}

#[test]
fn a_store_that_decides_outside_of_a_transaction_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Decide(id, command @ grant::Command::Claim { .. }) => {
            let kept = ask_blocking(right, Ask::Grant(id.clone()))?;
            let active = matches!(&kept, Told::Grant(Some(kept)) if kept.phase == grant::Phase::Active);
            std::thread::sleep(std::time::Duration::from_millis(2));
            let told = ask_blocking(right, Ask::Decide(id, command))?;
            let busy = matches!(told, Told::Decided(grant::Reply::Busy { .. }));
            Ok(if active && busy { Told::Decided(grant::Reply::Won) } else { told })
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"a_claim_has_one_winner"), "{found:?}");
}

#[test]
fn a_store_that_finishes_in_two_steps_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Finish { id, grant: (grant, origin, tokens) } => {
            ask_blocking(right, Ask::Authorize { id: grant.clone(), origin, tokens })?;
            let finish = pending::Command::Finish { outcome: Outcome::Granted(grant) };
            ask_blocking(right, Ask::Redeem(id, finish))
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"tokens_and_outcome_are_written_together_or_not_at_all"), "{found:?}");
    assert!(found.contains(&"of_many_reports_one_is_taken"), "{found:?}");
}

#[test]
fn a_store_that_knows_no_bounds_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Begin { pending, .. } => ask_blocking(right, Ask::Begin { pending, binding: None }),
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, ["one_browser_has_no_more_waits_than_it_may"]);
    let found = caught(|right, ask| match ask {
        Ask::Sweep { .. } => ask_blocking(right, Ask::Sweep { limit: usize::MAX }),
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, ["sweeping_goes_in_batches_and_takes_what_expired"]);
}

#[test]
fn a_store_that_finds_the_wrong_grants_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::EndDelegated { .. } => Ok(Told::Ended(Vec::new())),
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, ["what_was_made_through_a_service_account_ends_with_it"]);
    let found = caught(|right, ask| match ask_blocking(right, ask)? {
        Told::Grants(mut grants) => {
            grants.reverse();
            Ok(Told::Grants(grants))
        }
        told => Ok(told),
    });
    assert_eq!(found, ["pages_are_in_order_and_leave_nothing_out"]);
}
