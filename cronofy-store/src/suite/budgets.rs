//! Requests, as many as an application may send.

use std::time::Duration;

use cronofy_types::{DataCenter, ProfileId};

use super::rollouts::CLAIM;
use super::values::{app, settings, sub};
use super::{Bench, list};
use crate::GrantId;
use crate::decide::budget::AHEAD;
use crate::rollout::{Command, Reply, RolloutId, Seed, Settings, Work};
use crate::store::{Ask, Told};

list![requests_are_paced_for_all_roll_outs_of_an_application, everybody_is_slower_once_one_was_told];

/// Where each mailbox is a request of its own.
fn one_by_one() -> Settings {
    Settings { profile: Some(ProfileId::new("pro_1").unwrap()), ..settings() }
}

fn wait(work: &Work) -> Duration {
    match work {
        Work::Ask { wait, .. } | Work::Redeem { wait, .. } => *wait,
        other => panic!("claimed, told {other:?}"),
    }
}

fn requests_are_paced_for_all_roll_outs_of_an_application(bench: &Bench) {
    let interval = CLAIM.limits.interval();
    bench.begun("one", one_by_one(), 60);
    bench.begun("two", one_by_one(), 60);
    assert_eq!(wait(&bench.claim("one")), Duration::ZERO);
    assert_eq!(wait(&bench.claim("two")), interval);
    assert_eq!(wait(&bench.claim("one")), interval * 2);
    bench.clock.advance(interval);
    assert_eq!(wait(&bench.claim("two")), interval * 2);
    let Reply::Status { wait: left, .. } = bench.rollout("one", Command::Status) else { panic!() };
    assert_eq!(left, interval * 3);

    let mut ahead = left;
    let next = loop {
        match bench.claim("one") {
            Work::Nothing { next } => break next,
            work => assert_eq!(wait(&work), ahead),
        }
        ahead += interval;
    };
    assert!(ahead > AHEAD, "it is refused only where the wait would be long");
    assert_eq!(next, ahead.saturating_sub(AHEAD));
    bench.clock.advance(next);
    assert_eq!(wait(&bench.claim("two")), AHEAD, "nobody else took it");

    let through = GrantId::new(&app("client", DataCenter::De), sub("ser_1"));
    let id = RolloutId::new(&through, "one");
    let elsewhere = |command| match bench.ask(Ask::Rollout(id, command)) {
        Told::Rollout(reply) => reply,
        other => panic!("{other:?}"),
    };
    elsewhere(Command::Begin { settings: Settings { through, ..settings() }, seed: Seed([1; 32]) });
    elsewhere(Command::Add(super::values::addresses(0..1)));
    let Reply::Claimed { work, .. } = elsewhere(Command::Claim(CLAIM)) else { panic!() };
    assert_eq!(wait(&work), Duration::ZERO, "another data center counts for itself");
}

fn everybody_is_slower_once_one_was_told(bench: &Bench) {
    bench.begun("one", one_by_one(), 3);
    bench.begun("two", one_by_one(), 3);
    bench.to_ask("one");
    let nothing = |name| match bench.claim(name) {
        Work::Nothing { next } => next.saturating_add(AHEAD),
        other => panic!("during the pause, told {other:?}"),
    };
    bench.rollout("one", Command::Slower { asked: Some(Duration::from_secs(90)) });
    bench.rollout("one", Command::Slower { asked: None });
    assert_eq!(nothing("two"), Duration::from_secs(90));
    bench.clock.advance(Duration::from_secs(90));
    assert!(matches!(bench.claim("two"), Work::Ask { .. }));
    for minutes in [2, 4] {
        bench.rollout("two", Command::Slower { asked: None });
        assert_eq!(nothing("one"), Duration::from_secs(60 * minutes), "it goes on");
        bench.clock.advance(Duration::from_secs(60 * minutes));
    }
    bench.clock.advance(Duration::from_secs(120));
    bench.rollout("two", Command::Slower { asked: None });
    assert_eq!(nothing("one"), Duration::from_secs(60), "and was over for a while");
}
