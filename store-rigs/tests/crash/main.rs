//! A worker dies at every point of what it does, in each refresh mode, and another one goes on. Nothing is lost but what
//! cannot be kept: what the server gave in the moment before the store had it. That is said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "the figures are part of what the test tells")]

mod bench;
mod delegate;

use std::time::Duration;

use cronofy_sandbox::RefreshMode;
use cronofy_store::decide::grant::Phase;
use cronofy_store::store::Ask;
use cronofy_store::{Grant, Origin};
use store_rigs::on_each_database;
use store_rigs::orders::{Said, Task};
use store_rigs::rig::{Database, keep};

use bench::Bench;

const HOUR: Duration = Duration::from_secs(3600);
const TOKENS: &str = "POST /oauth/token";

const MODES: [RefreshMode; 3] =
    [RefreshMode::Stable, RefreshMode::RotateWithGrace(HOUR), RefreshMode::RotateStrict];

on_each_database! {
    refresh = refresh,
    redeem = redeem,
    delegate = delegate::delegate,
    callback = delegate::callback,
    revoke = revoke,
    rekey = rekey,
    migrate = migrate,
    make = make,
}

fn name(grant: &Grant) -> String {
    grant.id.subject.as_str().to_owned()
}

fn refresh(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let grant = bench.rig.account();
        let subject = name(&grant);
        bench.grants.push(grant.clone());
        bench.rig.sandbox.advance(HOUR);
        let mut lost = 0;
        bench.at_every_point(Some(&Task::Refresh(subject.clone())), |crash| {
            let was_saved = crash.kept(&grant).generation > 1;
            let served = crash.bench.rig.answers(TOKENS, None);
            let told = crash.then(&Task::Use(subject.clone()));
            if mode == RefreshMode::RotateStrict && served == [200] && !was_saved {
                lost += 1;
                assert_eq!(told, Said::Lost("LostRotation".into()), "{crash}");
                assert_eq!(crash.bench.rig.answers(TOKENS, None), [200, 400], "{crash}: asked for once more");
                let again = crash.connect_again();
                assert_eq!(again, Said::Granted(subject.clone()), "{crash}");
                assert_eq!(crash.then(&Task::Use(subject.clone())), again, "{crash}");
            } else {
                assert_eq!(told, Said::Granted(subject.clone()), "{crash}");
            }
        });
        assert_eq!(lost > 0, mode == RefreshMode::RotateStrict, "{lost} were lost");
    }
}

fn redeem(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let (pending, redirect) = bench.rig.browser("st");
        bench.asks.push(Ask::Begin { pending, binding: None });
        let task = Task::Redeem { redirect, state: "st".into() };
        let mut spent = 0;
        bench.at_every_point(Some(&task), |crash| {
            let told = crash.then(&task);
            assert_eq!(crash.then(&task), told, "{crash}: everybody is told the same");
            let subject = match (&told, &*crash.bench.rig.answers(TOKENS, None)) {
                (Said::Granted(subject), [200]) => subject.clone(),
                // A code is spent once, whatever the mode; only a person can bring another.
                (Said::Refused(why), [200, 400]) if why.contains("invalid_grant") => {
                    spent += 1;
                    match crash.connect_again() {
                        Said::Granted(subject) => subject,
                        other => panic!("{crash}: {other:?}"),
                    }
                }
                other => panic!("{crash}: {other:?}"),
            };
            assert_eq!(crash.then(&Task::Use(subject.clone())), Said::Granted(subject), "{crash}");
        });
        assert!(spent > 0, "between the server's answer and the write");
    }
}

fn revoke(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let theirs = bench.rig.account();
        let account = bench.rig.service_account();
        let through = account.id.subject.clone();
        let mut delegated = theirs.clone();
        delegated.origin = Origin::Delegated { through };
        bench.grants.extend([account.clone(), delegated]);
        let task = Task::Revoke(name(&account));
        bench.at_every_point(Some(&task), |crash| {
            assert_eq!(crash.then(&task), Said::Done, "{crash}");
            assert_eq!(crash.kept(&account).phase, Phase::Revoked, "{crash}");
            assert!(matches!(crash.kept(&theirs).phase, Phase::NeedsReauth(_)), "{crash}");
            // Put back, its tokens are worth nothing to the server.
            keep(&*crash.store(), &account);
            let told = crash.then(&Task::Use(name(&account)));
            assert!(matches!(told, Said::Failed(_)), "{crash}: {told:?}");
        });
    }
}

fn rekey(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let grant = bench.rig.account();
        bench.rig.sandbox.advance(HOUR);
        let (pending, redirect) = bench.rig.browser("st");
        bench.grants.push(grant.clone());
        bench.asks.push(Ask::Begin { pending, binding: None });
        bench.keys = vec![2, 1];
        bench.at_every_point(Some(&Task::Rekey), |crash| {
            let used = Said::Granted(name(&grant));
            assert_eq!(crash.then(&Task::Use(name(&grant))), used, "{crash}");
            assert_eq!(crash.then(&Task::Rekey), Said::Done, "{crash}");
            // Without the old key.
            let task = Task::Redeem { redirect: redirect.clone(), state: "st".into() };
            assert_eq!(crash.then_with(&[2], &task), used, "{crash}");
            assert_eq!(crash.then_with(&[2], &Task::Use(name(&grant))), used, "{crash}");
        });
    }
}

/// The worker dies while it brings a store of the first release up to date.
fn migrate(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let grant = bench.rig.account();
        bench.grants.push(grant.clone());
        bench.old = true;
        bench.at_every_point(None, |crash| {
            crash.bench.rig.sandbox.advance(HOUR);
            assert_eq!(crash.then(&Task::Use(name(&grant))), Said::Granted(name(&grant)), "{crash}");
        });
    }
}

/// The worker dies while it makes the store.
fn make(database: &Database) {
    for mode in MODES {
        let bench = Bench::new(database, mode);
        let grant = bench.rig.account();
        bench.at_every_point(None, |crash| {
            keep(&*crash.store(), &grant);
            crash.bench.rig.sandbox.advance(HOUR);
            assert_eq!(crash.then(&Task::Use(name(&grant))), Said::Granted(name(&grant)), "{crash}");
        });
    }
}
