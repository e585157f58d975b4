//! One grant, many who want its tokens.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::Timestamp;
use cronofy_store::decide::grant::{Phase, Reason};
use cronofy_store::manager::{Settings, SetupError, TokenError};

use crate::bench::{Bench, LIFETIME, access, works};
use crate::faulty::StoreFault;
use crate::pairs::Pairs;
use crate::{Asked, Cut, Make, Process};

/// Ten thousand callers, one request, and everybody has the same tokens.
pub fn f1_ten_thousand_callers_of_one_expired_token_are_one_request(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    let told = process.crowd(10_000, &id);
    assert_eq!(told.len(), 10_000);
    let kept = bench.grant(&id).tokens.unwrap();
    assert!(told.into_iter().all(|tokens| access(&tokens.unwrap()) == access(&kept)));
    assert_eq!(bench.wire.sent() - before, 1);
    let journal = bench.sandbox.journal();
    let refreshes =
        journal.iter().filter(|entry| entry.field("grant_type").is_some_and(|of| of == "refresh_token"));
    assert_eq!(refreshes.count(), 1, "as the server counts");
}

/// While one process refreshes the other waits, and uses what the first one got.
pub fn f1_f2_processes_wait_for_each_other_and_take_what_came(make: Make<'_>) {
    let bench = Bench::new(make);
    let (first, id, before) = bench.expired();
    let second = bench.process();
    bench.wire.hold(Cut::Before);
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| first.valid_token(&id, Duration::ZERO).unwrap());
        bench.wire.until_held(1);
        let two = scope.spawn(|| second.valid_token(&id, Duration::ZERO));
        // It has asked the store, and knows that it is to wait.
        bench.store.until_claims(2);
        bench.wire.release();
        (one.join().unwrap(), two.join().unwrap().unwrap())
    });
    assert_eq!(access(&one), access(&two));
    assert_eq!(bench.wire.sent() - before, 1);
    works(&*second, &id);
}

/// A process reads tokens that have expired, and before it claims them another one has replaced them.
pub fn f2_who_read_before_it_waited_reads_again(make: Make<'_>) {
    let bench = Bench::new(make);
    let (late, id, before) = bench.expired();
    let other = bench.process();
    bench.store.hold_claims();
    let (late, newer) = thread::scope(|scope| {
        let late = scope.spawn(|| late.valid_token(&id, Duration::ZERO));
        bench.store.until_claims_are_held(1);
        bench.store.let_other_claims_pass();
        let newer = other.valid_token(&id, Duration::ZERO);
        bench.store.release_claims();
        (late.join().unwrap().unwrap(), newer.unwrap())
    });
    assert_eq!(access(&late), access(&newer));
    assert_eq!(bench.wire.sent() - before, 1);
}

/// A refresh that may outlive its lease is refused when the manager is made.
pub fn f3_a_lease_that_is_not_longer_than_a_call_is_refused(make: Make<'_>) {
    let bench = Bench::new(make);
    let mut settings = Settings::default();
    settings.lease = Some(Duration::from_secs(30));
    let setup = Process { settings, ..bench.setup() };
    let Err(error) = make(setup) else { panic!("it was made") };
    assert!(matches!(error, SetupError::Lease(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "a lease of 30s is not longer than the call that it is for, which can take 30s"
    );
}

/// A process stalls over its answer for longer than its lease, and another one takes it for dead: it finds the token
/// replaced, and says that it is lost. The late answer is the one that the server stands by, and is believed.
pub fn f3_a_lease_that_ends_during_a_call_loses_nothing(make: Make<'_>) {
    let bench = Bench::new(make);
    let (stalled, id, before) = bench.expired();
    let other = bench.process();
    bench.wire.hold(Cut::After);
    let (late, told) = thread::scope(|scope| {
        let late = scope.spawn(|| stalled.valid_token(&id, Duration::ZERO));
        bench.wire.until_held(1);
        bench.sandbox.advance(Duration::from_secs(600));
        bench.wire.let_others_pass();
        let told = other.valid_token(&id, Duration::ZERO);
        bench.wire.release();
        (late.join().unwrap().unwrap(), told)
    });
    let lost = Reason::LostRotation;
    assert!(matches!(&told, Err(TokenError::NeedsReconnect(reason)) if *reason == lost), "{told:?}");
    assert_eq!((bench.phase(&id), bench.wire.sent() - before), (Phase::Active, 2));
    assert_eq!(access(&other.valid_token(&id, Duration::ZERO).unwrap()), access(&late));
    works(&*other, &id);
}

/// A process stalls until its lease is over and another one is at work, and then fails: that ends the other one's claim
/// neither in the store nor for those who wait.
pub fn f4_a_slow_holder_does_not_release_another_ones_claim(make: Make<'_>) {
    let bench = Bench::new(make);
    let (slow, id, before) = bench.expired();
    let other = bench.process();
    bench.wire.hold(Cut::Before);
    let (slow, other) = thread::scope(|scope| {
        let slow = scope.spawn(|| slow.valid_token(&id, Duration::ZERO));
        bench.wire.until_held(1);
        bench.sandbox.advance(Duration::from_secs(600));
        let other = scope.spawn(|| other.valid_token(&id, Duration::ZERO));
        bench.wire.until_held(2);
        bench.wire.answer(429, "");
        bench.wire.let_the_first_go();
        bench.store.until_reports(1);
        bench.wire.release();
        (slow.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(access(&slow.unwrap()), access(&other.unwrap()));
    assert_eq!(bench.wire.sent() - before, 2);
}

/// Whoever looks into the store at any moment finds an access token and the refresh token that came with it.
pub fn f10_access_and_refresh_token_are_never_written_in_two_steps(make: Make<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::in_a_file(make, &folder.path().join("tokens.db"));
    let pairs = Pairs::of(&bench.store);
    let process = make(Process { store: pairs.clone(), ..bench.setup() });
    let process = process.unwrap_or_else(|error| panic!("{error}"));
    bench.wire.answer(200, r#"{"access_token":"1","refresh_token":"1","expires_in":3600,"sub":"acc_1"}"#);
    let id = bench.connect(&*process);
    bench.wire.answer(200, r#"{"access_token":"2","refresh_token":"2","expires_in":3600}"#);
    process.refresh_now(&id).unwrap();
    bench.wire.answer(200, r#"{"access_token":"3","refresh_token":"3","expires_in":3600}"#);
    process.refresh_now(&id).unwrap();
    let seen = pairs.seen();
    assert!(seen.iter().all(|(access, refresh)| access == refresh), "{seen:?}");
    assert_eq!(seen.last().unwrap().0, "3");
}

/// A process stalls over an answer for longer than its lease. What another one got meanwhile stays.
pub fn f5_a_late_answer_does_not_replace_newer_tokens(make: Make<'_>) {
    let bench = Bench::new(make);
    bench.sandbox.set_refresh_mode(cronofy_sandbox::RefreshMode::Stable);
    let (stalled, id, _) = bench.expired();
    let other = bench.process();
    bench.wire.hold(Cut::After);
    let (late, newer) = thread::scope(|scope| {
        let late = scope.spawn(|| stalled.valid_token(&id, Duration::ZERO).unwrap());
        bench.wire.until_held(1);
        // Its lease is over, by the store's clock.
        bench.sandbox.advance(Duration::from_secs(600));
        bench.wire.let_others_pass();
        let newer = other.valid_token(&id, Duration::ZERO).unwrap();
        bench.wire.release();
        (late.join().unwrap(), newer)
    });
    assert_eq!(access(&late), access(&newer), "the late one has thrown its own away");
    assert_eq!(access(&bench.grant(&id).tokens.unwrap()), access(&newer));
    assert_eq!(bench.grant(&id).generation, 2);
}

/// A process stalls before it sends, for longer than its lease, and comes with a token that was replaced.
pub fn f6_who_comes_too_late_reads_again_before_it_condemns(make: Make<'_>) {
    let bench = Bench::new(make);
    let (stalled, id, before) = bench.expired();
    let other = bench.process();
    bench.wire.hold(Cut::Before);
    let (late, newer) = thread::scope(|scope| {
        let late = scope.spawn(|| stalled.valid_token(&id, Duration::ZERO).unwrap());
        bench.wire.until_held(1);
        bench.sandbox.advance(Duration::from_secs(600));
        bench.wire.let_others_pass();
        let newer = other.valid_token(&id, Duration::ZERO).unwrap();
        bench.wire.release();
        (late.join().unwrap(), newer)
    });
    assert_eq!(access(&late), access(&newer));
    assert_eq!((bench.wire.sent() - before, bench.phase(&id)), (2, Phase::Active));
    works(&*stalled, &id);
}

/// Tokens of many accounts that came within a second are refreshed within half a minute, each at its own moment.
pub fn f16_tokens_that_came_together_are_not_refreshed_together(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let tokens = process.valid_token(&id, Duration::ZERO).unwrap();
    let second = Timestamp::from_unix_seconds(tokens.received_at.unix_seconds());
    let early = |milliseconds| {
        let received = second.saturating_add(Duration::from_millis(milliseconds));
        let access = tokens.access_token.clone();
        TokenSet::new(access, received, received.saturating_add(LIFETIME)).early()
    };
    assert_eq!((early(0), early(500)), (Duration::from_secs(45), Duration::from_secs(60)));
    // And by these the manager goes.
    bench.advance_to_the_last(tokens.early() + Duration::from_millis(1));
    process.valid_token(&id, Duration::ZERO).unwrap();
    process.settled();
    assert_eq!(bench.wire.sent(), before);
    bench.sandbox.advance(Duration::from_millis(1));
    process.valid_token(&id, Duration::ZERO).unwrap();
    process.settled();
    assert_eq!(bench.wire.sent() - before, 1);
}

/// Two processes are two hours ahead. What they do too early they do once, by the store's clock; and tokens that seem to
/// come from the future are replaced when the API turns them down.
pub fn f17_processes_whose_clocks_disagree_are_one_request(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let ahead = || {
        let wire = bench.wire.ahead(2 * LIFETIME);
        make(Process { wire, ..bench.setup() }).unwrap_or_else(|error| panic!("{error}"))
    };
    let (one, other) = (ahead(), ahead());
    bench.wire.hold(Cut::Before);
    thread::scope(|scope| {
        let one = scope.spawn(|| access(&one.valid_token(&id, Duration::ZERO).unwrap()));
        bench.wire.until_held(1);
        let other = scope.spawn(|| access(&other.valid_token(&id, Duration::ZERO).unwrap()));
        process.valid_token(&id, Duration::ZERO).unwrap();
        bench.wire.release();
        assert_eq!(one.join().unwrap(), other.join().unwrap());
    });
    assert_eq!(bench.wire.sent() - before, 1);
    bench.sandbox.advance(LIFETIME);
    works(&*process, &id);
    assert_eq!(bench.wire.sent() - before, 2);
}

/// Five processes on one laptop, which sleeps for a night.
pub fn f19_processes_that_wake_together_are_one_request(make: Make<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::in_a_file(make, &folder.path().join("tokens.db"));
    let (first, id, before) = bench.connected();
    let processes = [first, bench.process(), bench.process(), bench.process(), bench.process()];
    for process in &processes {
        process.valid_token(&id, Duration::ZERO).unwrap();
    }
    bench.sandbox.advance(8 * LIFETIME);
    let told: Vec<Arc<TokenSet>> = thread::scope(|scope| {
        let callers: Vec<_> = processes
            .iter()
            .map(|process| scope.spawn(|| process.valid_token(&id, Duration::ZERO).unwrap()))
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert!(told.iter().all(|tokens| access(tokens) == access(&told[0])));
    assert_eq!(bench.wire.sent() - before, 1);
    works(&*processes[4], &id);
}

/// Somebody who wants tokens for longer is not given what a lesser wish brought.
pub fn f20_callers_who_want_more_do_not_share(make: Make<'_>) {
    let bench = Bench::new(make);
    let (_, id, before) = bench.connected();
    bench.advance_to_the_last(Duration::from_secs(600));
    // It remembers nothing yet, so that both look into the store.
    let process = bench.process();
    bench.store.hold_reads();
    let (few, many) = thread::scope(|scope| {
        let few = scope.spawn(|| process.valid_token(&id, Duration::ZERO).unwrap());
        bench.store.until_reads_are_held(1);
        let many = scope.spawn(|| process.valid_token(&id, Duration::from_secs(1800)).unwrap());
        bench.store.release_reads();
        (few.join().unwrap(), many.join().unwrap())
    });
    assert!(!many.expires_within(Duration::from_secs(1800), bench.wire.now()));
    assert!(few.expires_within(Duration::from_secs(1800), bench.wire.now()) || access(&few) == access(&many));
    assert_eq!(bench.wire.sent() - before, 1);
}

/// A caller who gives up takes nobody's tokens along.
pub fn f12_a_caller_who_gives_up_stops_nothing(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    bench.wire.hold(Cut::After);
    process.abandon(Asked::Tokens(id.clone()), &mut || bench.wire.until_held(1));
    bench.wire.release();
    process.settled();
    assert_eq!((bench.grant(&id).generation, bench.phase(&id)), (2, Phase::Active));
    works(&*process, &id);
    assert_eq!(bench.wire.sent() - before, 1);
}

/// Near its end a token is refreshed while it is used.
pub fn a_valid_token_is_served_while_it_is_refreshed(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let old = process.valid_token(&id, Duration::ZERO).unwrap();
    bench.advance_to_the_last(Duration::from_secs(40));
    bench.wire.hold(Cut::Before);
    for _ in 0..100 {
        assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), access(&old));
    }
    bench.wire.until_held(1);
    assert_eq!(access(&bench.process().valid_token(&id, Duration::ZERO).unwrap()), access(&old));
    bench.wire.release();
    process.settled();
    assert_ne!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), access(&old));
    assert_eq!(bench.wire.sent() - before, 1);
}

/// What still works is served, though it lasts for less than was asked.
pub fn a_valid_token_is_served_while_the_refresh_fails(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, _) = bench.connected();
    let old = process.valid_token(&id, Duration::ZERO).unwrap();
    bench.advance_to_the_last(Duration::from_secs(300));
    bench.wire.answer(503, "");
    let held = process.valid_token(&id, Duration::from_secs(600)).unwrap();
    assert_eq!(access(&held), access(&old));
    bench.sandbox.advance(Duration::from_secs(300));
    let error = process.valid_token(&id, Duration::ZERO);
    assert!(error.is_ok(), "the pause is over, and the server is back: {error:?}");
}

/// Where the store cannot be asked nobody refreshes, and what still works is served.
pub fn a_valid_token_is_served_while_the_store_fails(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let old = process.valid_token(&id, Duration::ZERO).unwrap();
    bench.store.fail(StoreFault::Down);
    bench.sandbox.advance(Duration::from_secs(120));
    assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), access(&old));
    bench.sandbox.advance(LIFETIME);
    let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
    assert!(matches!(error, TokenError::Store(_)), "{error:?}");
    assert_eq!(bench.wire.sent(), before);
    bench.store.heal();
    process.valid_token(&id, Duration::ZERO).unwrap();
}
