//! The suite catches stores that are wrong: each of these leaves one thing out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cronofy_store::decide::{grant, pending};
use cronofy_store::rollout::{Command, Reply, Work};
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
    static READERS: AtomicUsize = AtomicUsize::new(0);
    let found = caught(|right, ask| match ask {
        Ask::Decide(id, command @ grant::Command::Claim { .. }) => {
            let kept = ask_blocking(right, Ask::Grant(id.clone()))?;
            let active = matches!(&kept, Told::Grant(Some(kept)) if kept.phase == grant::Phase::Active);
            // Until another thread has read it, too: those of a check that has many are unnamed.
            let among_many = std::thread::current().name().is_none();
            READERS.fetch_add(usize::from(among_many), Ordering::SeqCst);
            while among_many && READERS.load(Ordering::SeqCst) < 2 {
                std::thread::yield_now();
            }
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

#[test]
fn a_store_that_forgets_about_roll_outs_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Rollout(_, Command::Pause(_)) => Ok(Told::Rollout(Reply::Done)),
        ask => ask_blocking(right, ask),
    });
    let absent = "a_roll_out_that_was_not_begun_is_absent";
    let forgotten = "a_roll_out_is_forgotten_as_a_whole";
    assert_eq!(found, [absent, "a_roll_out_stands_still_for_everybody_until_it_is_resumed", forgotten]);
    let found = caught(|right, ask| match ask {
        Ask::Rollout(_, Command::Forget) => Ok(Told::Rollout(Reply::Done)),
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, [absent, forgotten]);
    let found = caught(|right, ask| match ask {
        Ask::Rollout(_, Command::Slower { .. }) => Ok(Told::Rollout(Reply::Done)),
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, [absent, "everybody_is_slower_once_one_was_told"]);
    let found = caught(|right, ask| match ask {
        Ask::Rollout(id, Command::Add(mut addresses)) => {
            addresses.truncate(50);
            ask_blocking(right, Ask::Rollout(id, Command::Add(addresses)))
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"a_request_names_fifty_mailboxes_at_most"), "{found:?}");
}

#[test]
fn a_store_that_lets_everybody_send_at_once_is_caught() {
    let found = caught(|right, ask| match ask_blocking(right, ask)? {
        Told::Rollout(Reply::Claimed { work: Work::Ask { mailboxes, .. }, given_up }) => {
            let work = Work::Ask { mailboxes, wait: Duration::ZERO };
            Ok(Told::Rollout(Reply::Claimed { work, given_up }))
        }
        told => Ok(told),
    });
    assert!(found.contains(&"requests_are_paced_for_all_roll_outs_of_an_application"), "{found:?}");
    assert!(found.contains(&"of_many_workers_each_has_a_mailbox_and_a_permit_of_its_own"), "{found:?}");
}

#[test]
fn a_store_that_believes_late_reports_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Rollout(id, Command::Report { mut tickets, report }) => {
            let page = Command::Page { after: None, limit: usize::MAX };
            let Told::Rollout(Reply::Page(page)) = ask_blocking(right, Ask::Rollout(id, page))? else {
                return Ok(Told::Rollout(Reply::Absent));
            };
            for ticket in &mut tickets {
                let kept = page.iter().find(|mailbox| mailbox.position == ticket.position);
                ticket.generation = kept.map_or(0, |mailbox| mailbox.row.generation);
            }
            ask_blocking(right, Ask::Rollout(id, Command::Report { tickets, report }))
        }
        ask => ask_blocking(right, ask),
    });
    assert!(found.contains(&"a_late_report_about_a_mailbox_changes_nothing"), "{found:?}");
    assert!(found.contains(&"a_claim_of_mailboxes_ends_with_its_lease"), "{found:?}");
}

#[test]
fn a_store_that_takes_callbacks_outside_of_a_transaction_is_caught() {
    let found = caught(|right, ask| match ask {
        Ask::Came { wait, callback } => {
            let told = ask_blocking(right, Ask::Came { wait, callback })?;
            Ok(match told {
                Told::Rollout(Reply::Known(id)) => Told::Rollout(Reply::Taken(id)),
                told => told,
            })
        }
        ask => ask_blocking(right, ask),
    });
    assert_eq!(found, ["a_callback_is_taken_once", "of_many_processes_that_take_a_callback_one_takes_it"]);
}
