//! Many at once.

use std::sync::Barrier;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use std::{pin, sync::Arc};

use cronofy_types::ProfileId;

use super::rollouts::CLAIM;
use super::values::{
    addresses, authorization, authorize, begin, claim, complete, finish, id, settings, take, tokens,
};
use super::{Bench, list};
use crate::decide::{grant, pending};
use crate::rollout::{self, Reply, Seed, Settings, Work};
use crate::store::{Ask, Told, ask};
use crate::{Origin, Outcome, PendingId};

list![
    a_claim_has_one_winner,
    a_code_has_one_redeemer,
    of_many_reports_one_is_taken,
    no_write_is_lost_among_many,
    of_many_workers_each_has_a_mailbox_and_a_permit_of_its_own,
    of_many_who_begin_a_roll_out_one_seed_is_kept,
    of_many_who_add_an_address_one_adds_it,
    of_many_processes_that_take_a_callback_one_takes_it,
    an_answer_can_be_awaited,
    what_was_asked_happens_where_nobody_waits,
];

const THREADS: u8 = 16;

/// What each of many threads was told that asked at the same instant.
fn at_once<T: Send>(ask: impl Fn(u8) -> T + Sync) -> Vec<T> {
    let ready = Barrier::new(usize::from(THREADS));
    thread::scope(|scope| {
        let ask = |number| {
            ready.wait();
            ask(number)
        };
        let threads: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || ask(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn a_claim_has_one_winner(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    let told = at_once(|number| bench.decided(claim(&id, number, 1)));
    let won = told.iter().filter(|reply| **reply == grant::Reply::Won).count();
    let busy = told.iter().filter(|reply| matches!(reply, grant::Reply::Busy { .. })).count();
    assert_eq!((won, busy), (1, usize::from(THREADS) - 1), "{told:?}");
}

fn a_code_has_one_redeemer(bench: &Bench) {
    let pending = authorization("s", bench.clock.now());
    let wait = pending.id();
    let told = at_once(|_| bench.redeemed(begin(pending.clone(), None)));
    assert_eq!(told.iter().filter(|reply| **reply == pending::Reply::Begun).count(), 1, "{told:?}");
    let told = at_once(|number| bench.redeem(wait, take(number)));
    let won = told.iter().filter(|reply| matches!(reply, pending::Reply::Won(_))).count();
    let busy = told.iter().filter(|reply| matches!(reply, pending::Reply::Busy { .. })).count();
    assert_eq!((won, busy), (1, usize::from(THREADS) - 1), "{told:?}");
}

fn of_many_reports_one_is_taken(bench: &Bench) {
    let pending = authorization("s", bench.clock.now());
    let wait = pending.id();
    bench.ask(begin(pending, None));
    bench.redeem(wait, take(1));
    let subject = |number: u8| id(&format!("acc_{number}"));
    let told = at_once(|number| bench.redeemed(finish(wait, &subject(number), 1)));
    assert_eq!(told.iter().filter(|reply| **reply == pending::Reply::Written).count(), 1, "{told:?}");
    let kept = bench.grants(None, usize::MAX);
    assert_eq!(kept.len(), 1, "and with it the tokens of one");
    let outcome = Outcome::Granted(kept[0].id.clone());
    assert_eq!(bench.redeem(wait, take(1)), pending::Reply::Done(outcome), "the same one");
}

/// Each thread claims and reports in turn: every report that was taken is one generation, and none is there twice.
fn no_write_is_lost_among_many(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    let written = at_once(|number| {
        let mut written = Vec::new();
        for _ in 0..10 {
            let generation = bench.grant(&id).unwrap().generation;
            if bench.decided(claim(&id, number, generation)) != grant::Reply::Won {
                continue;
            }
            match bench.decided(complete(&id, generation, 2)) {
                grant::Reply::Written { generation } => written.push(generation),
                other => panic!("the holder of a lease reported, told {other:?}"),
            }
        }
        written
    });
    let mut written = written.concat();
    written.sort_unstable();
    let last = bench.grant(&id).unwrap().generation;
    assert_eq!(written, (2..=last).collect::<Vec<_>>());
    assert!(last > 1, "somebody came through");
}

fn of_many_workers_each_has_a_mailbox_and_a_permit_of_its_own(bench: &Bench) {
    let profile = Some(ProfileId::new("pro_1").unwrap());
    bench.begun("one", Settings { profile, ..settings() }, u32::from(THREADS) + 1);
    let mut claimed: Vec<(u32, Duration)> = at_once(|_| match bench.claim("one") {
        Work::Ask { mailboxes, wait } => (mailboxes[0].ticket.position, wait),
        other => panic!("there is enough for all, told {other:?}"),
    });
    claimed.sort_unstable();
    let interval = CLAIM.limits.interval();
    let expected: Vec<_> = (0..u32::from(THREADS)).map(|number| (number, interval * number)).collect();
    assert_eq!(claimed, expected);
    assert_eq!(bench.counts("one"), [1, u32::from(THREADS), 0, 0, 0]);
}

fn of_many_who_begin_a_roll_out_one_seed_is_kept(bench: &Bench) {
    at_once(|number| {
        bench.rollout("one", rollout::Command::Begin { settings: settings(), seed: Seed([number; 32]) });
        let number = u32::from(number);
        bench.rollout("one", rollout::Command::Add(addresses(number..number + 1)))
    });
    let rollout = bench.status("one");
    let kept = bench.page("one", None, 99);
    assert_eq!((rollout.counts.queued, kept.len()), (u32::from(THREADS), usize::from(THREADS)));
    for mailbox in kept {
        let state = rollout.state(mailbox.position, 0);
        assert_eq!(mailbox.wait, PendingId::of(&state), "made of another seed");
    }
}

fn of_many_who_add_an_address_one_adds_it(bench: &Bench) {
    bench.begun("one", settings(), 0);
    let told = at_once(|number| {
        let from = u32::from(number);
        bench.rollout("one", rollout::Command::Add(addresses(from..from + 4)))
    });
    let added = told.iter().map(|reply| match reply {
        Reply::Added(added) => *added,
        other => panic!("{other:?}"),
    });
    let all = u32::from(THREADS) + 3;
    assert_eq!((added.sum::<u32>(), bench.counts("one")[0]), (all, all));
    let mut kept: Vec<_> = bench.page("one", None, 99).into_iter().map(|mailbox| mailbox.address).collect();
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), all as usize);
}

fn of_many_processes_that_take_a_callback_one_takes_it(bench: &Bench) {
    bench.begun("one", settings(), 2);
    let asked = bench.to_ask("one");
    let told = at_once(|number| bench.came(&asked[usize::from(number % 2)].state));
    let taken = told.iter().filter(|reply| matches!(reply, Reply::Taken(_))).count();
    let known = told.iter().filter(|reply| matches!(reply, Reply::Known(_))).count();
    assert_eq!((taken, known), (2, usize::from(THREADS) - 2), "{told:?}");
    assert_eq!(bench.counts("one"), [0, 0, 2, 0, 0]);
}

fn an_answer_can_be_awaited(bench: &Bench) {
    let told = block_on(ask(&*bench.store, authorize(&id("acc_1"), 1)));
    assert!(matches!(told, Ok(Told::Decided(grant::Reply::Written { generation: 1 }))), "{told:?}");
    let told = block_on(ask(&*bench.store, Ask::Grant(id("acc_1"))));
    assert!(matches!(told, Ok(Told::Grant(Some(_)))), "{told:?}");
}

fn what_was_asked_happens_where_nobody_waits(bench: &Bench) {
    let id = id("acc_1");
    let authorize = Ask::Authorize { id: id.clone(), origin: Origin::Account, tokens: tokens(1) };
    drop(ask(&*bench.store, authorize));
    let patience = Instant::now() + Duration::from_secs(10);
    while bench.grant(&id).is_none() {
        assert!(Instant::now() < patience, "it never happened");
        thread::yield_now();
    }
}

/// The value of a future, on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
