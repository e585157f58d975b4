//! Waits for the outside world.

use std::time::Duration;

use cronofy_types::{State, Timestamp};

use super::values::{LEASE, authorization, begin, delegation, finish, id, owner, same, take, tokens};
use super::{Bench, list};
use crate::decide::grant::Phase;
use crate::decide::pending::{Command, Reply};
use crate::store::{Ask, Binding, Told};
use crate::{Outcome, Pending, PendingId};

list![
    a_wait_is_redeemed_once_and_told_again,
    every_detail_of_a_wait_is_kept,
    many_waits_begin_together,
    tokens_and_outcome_are_written_together_or_not_at_all,
    tokens_are_taken_from_whoever_brings_them_first,
    what_is_given_back_waits_again,
    a_failure_is_told_again,
    a_lease_that_ran_out_can_be_taken_over,
    what_expired_is_not_there,
    one_browser_has_no_more_waits_than_it_may,
    sweeping_goes_in_batches_and_takes_what_expired,
];

fn name(state: &str) -> PendingId {
    PendingId::of(&State::new(state).unwrap())
}

/// Begins to wait, and says under which name.
fn begun(bench: &Bench, pending: Pending, binding: Option<Binding>) -> PendingId {
    let id = pending.id();
    assert_eq!(bench.redeemed(begin(pending, binding)), Reply::Begun);
    id
}

fn a_wait_is_redeemed_once_and_told_again(bench: &Bench) {
    let pending = authorization("s", bench.clock.now());
    let wait = begun(bench, pending.clone(), None);
    assert_eq!(bench.redeemed(begin(pending.clone(), None)), Reply::Taken);
    assert_eq!(bench.redeem(wait, take(1)), Reply::Won(pending));
    assert_eq!(bench.redeem(wait, take(2)), Reply::Busy { remaining: LEASE });
    assert_eq!(bench.redeemed(finish(wait, &id("acc_1"), 1)), Reply::Written);
    let outcome = Outcome::Granted(id("acc_1"));
    assert_eq!(bench.redeem(wait, take(3)), Reply::Done(outcome.clone()));
    assert_eq!(bench.redeem(wait, take(1)), Reply::Done(outcome), "however often it comes");
}

fn every_detail_of_a_wait_is_kept(bench: &Bench) {
    let now = bench.clock.now().saturating_add(Duration::from_nanos(123_456_789));
    for pending in [authorization("one", now), delegation("two", now)] {
        let wait = begun(bench, pending.clone(), Some(Binding { hash: [7; 32], most: 9 }));
        assert_eq!(bench.redeem(wait, take(1)), Reply::Won(pending.clone()));
        bench.clock.advance(LEASE);
        assert_eq!(bench.redeem(wait, take(2)), Reply::Won(pending), "out of a wait that was taken");
    }
}

fn many_waits_begin_together(bench: &Bench) {
    let now = bench.clock.now();
    let taken = begun(bench, delegation("one", now), None);
    bench.redeem(taken, take(1));
    let all: Vec<Pending> = ["one", "two", "three"].map(|state| delegation(state, now)).into();
    assert!(matches!(bench.ask(Ask::BeginAll(all.clone())), Told::Begun(2)));
    assert!(matches!(bench.ask(Ask::BeginAll(all.clone())), Told::Begun(0)), "they are there");
    assert_eq!(bench.redeem(taken, take(2)), Reply::Busy { remaining: LEASE }, "what was there is left");
    assert_eq!(bench.redeem(all[2].id(), take(2)), Reply::Won(all[2].clone()));
}

fn tokens_and_outcome_are_written_together_or_not_at_all(bench: &Bench) {
    let wait = begun(bench, authorization("s", bench.clock.now()), None);
    assert_eq!(bench.redeemed(finish(wait, &id("acc_1"), 1)), Reply::Stale, "nobody has taken it");
    assert_eq!(bench.redeemed(finish(name("other"), &id("acc_1"), 1)), Reply::Absent);
    assert!(bench.grant(&id("acc_1")).is_none(), "tokens without an outcome");
    bench.redeem(wait, take(1));
    bench.redeemed(finish(wait, &id("acc_1"), 1));
    let grant = bench.grant(&id("acc_1")).unwrap();
    assert_eq!((grant.generation, grant.phase), (1, Phase::Active));
    assert!(same(&grant.tokens.unwrap(), &tokens(1)));
}

fn tokens_are_taken_from_whoever_brings_them_first(bench: &Bench) {
    let wait = begun(bench, authorization("s", bench.clock.now()), None);
    bench.redeem(wait, take(1));
    bench.clock.advance(LEASE);
    bench.redeem(wait, take(2));
    assert_eq!(bench.redeemed(finish(wait, &id("acc_1"), 1)), Reply::Written);
    let before = Reply::Done(Outcome::Granted(id("acc_1")));
    assert_eq!(bench.redeemed(finish(wait, &id("acc_2"), 2)), before);
    assert!(bench.grant(&id("acc_2")).is_none());
}

fn what_is_given_back_waits_again(bench: &Bench) {
    let pending = delegation("s", bench.clock.now());
    let wait = begun(bench, pending.clone(), None);
    bench.redeem(wait, take(1));
    assert_eq!(bench.redeem(wait, Command::Release { owner: owner(2) }), Reply::Stale, "a stranger's");
    assert_eq!(bench.redeem(wait, Command::Release { owner: owner(1) }), Reply::Written);
    assert_eq!(bench.redeem(wait, take(2)), Reply::Won(pending));
}

fn a_failure_is_told_again(bench: &Bench) {
    let wait = begun(bench, authorization("s", bench.clock.now()), None);
    bench.redeem(wait, take(1));
    let outcome = Outcome::Failed("access_denied".into());
    let fail = |who| Command::Fail { owner: owner(who), outcome: outcome.clone() };
    assert_eq!(bench.redeem(wait, fail(2)), Reply::Stale, "it is believed only of the holder");
    assert_eq!(bench.redeem(wait, fail(1)), Reply::Written);
    assert_eq!(bench.redeem(wait, take(2)), Reply::Done(outcome));
}

fn a_lease_that_ran_out_can_be_taken_over(bench: &Bench) {
    let pending = authorization("s", bench.clock.now());
    let wait = begun(bench, pending.clone(), None);
    bench.redeem(wait, take(1));
    bench.clock.advance(LEASE);
    assert_eq!(bench.redeem(wait, take(2)), Reply::Won(pending));
    assert_eq!(bench.redeem(wait, Command::Release { owner: owner(1) }), Reply::Stale);
}

fn what_expired_is_not_there(bench: &Bench) {
    let pending = authorization("s", bench.clock.now());
    let wait = begun(bench, pending.clone(), None);
    bench.clock.advance(pending.expires_at().saturating_since(bench.clock.now()));
    assert_eq!(bench.redeem(wait, take(1)), Reply::Absent);
    let again = authorization("s", bench.clock.now());
    assert_eq!(bench.redeemed(begin(again, None)), Reply::Begun, "its name is free");
}

fn one_browser_has_no_more_waits_than_it_may(bench: &Bench) {
    let mine = Some(Binding { hash: [1; 32], most: 3 });
    let other =
        begun(bench, authorization("other", bench.clock.now()), Some(Binding { hash: [2; 32], most: 3 }));
    let free = begun(bench, authorization("free", bench.clock.now()), None);
    let begin_one = |number: u32| {
        bench.clock.advance(Duration::from_secs(1));
        begun(bench, authorization(&format!("mine-{number}"), bench.clock.now()), mine)
    };
    let taken = begin_one(0);
    bench.redeem(taken, take(1));
    let waits: Vec<PendingId> = (1..=5).map(begin_one).collect();

    let again = authorization("mine-5", bench.clock.now());
    assert_eq!(bench.redeemed(begin(again, mine)), Reply::Taken, "and nothing gives way to it");
    let there = |wait: &PendingId| bench.redeem(*wait, take(2)) != Reply::Absent;
    assert_eq!(waits.iter().map(there).collect::<Vec<_>>(), [false, false, true, true, true]);
    assert!(there(&other) && there(&free), "others are not touched");
    assert!(there(&taken), "nor is what is being redeemed");
}

fn sweeping_goes_in_batches_and_takes_what_expired(bench: &Bench) {
    let begin_at = |state: String, now: Timestamp| begun(bench, authorization(&state, now), None);
    let old: Vec<PendingId> =
        (0..5).map(|number| begin_at(format!("old-{number}"), bench.clock.now())).collect();
    bench.redeem(old[0], take(1));
    let expired = authorization("x", bench.clock.now()).expires_at();
    bench.clock.advance(expired.saturating_since(bench.clock.now()));
    let new = begin_at("new".to_owned(), bench.clock.now());
    assert_eq!(bench.sweep(10), 0, "what expires now has not expired before");
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!([bench.sweep(3), bench.sweep(3), bench.sweep(3)], [3, 1, 0]);
    assert!(matches!(bench.redeem(new, take(2)), Reply::Won(_)));
    assert_eq!(bench.redeemed(finish(old[0], &id("acc_1"), 1)), Reply::Written, "it was being redeemed");
    bench.ask(Ask::Sweep { limit: 0 });
}
