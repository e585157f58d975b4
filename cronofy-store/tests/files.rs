//! Files: those of other releases and of other programs, and one that several processes use.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "sqlite")]

mod support;

use std::fs;

use cronofy_store::decide::grant::{Phase, Reply};
use cronofy_store::rollout::{self, Command, Stage};
use cronofy_store::seal::Seal;
use cronofy_store::store::{Ask, Told, ask_blocking};
use cronofy_store::{SqliteStore, StoreError};
use rusqlite::Connection;
use support::{
    ask, authorize, begin, claim, complete, everything, grant, keys, mailboxes, open, redeem, roll_out,
    rolled_out, tokens,
};

/// A file of every version that was ever released.
const FIXTURES: [&str; 2] = [include_str!("fixtures/version-1.sql"), include_str!("fixtures/version-2.sql")];

#[test]
fn a_file_of_every_release_opens() {
    for (version, fixture) in (1..).zip(FIXTURES) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        Connection::open(&path).unwrap().execute_batch(fixture).unwrap();
        let store = open(&path, keys(1, &[]));
        let kept = grant(&store, "acc_1").unwrap().unwrap();
        assert_eq!((kept.generation, kept.phase), (2, Phase::Active));
        assert_eq!(kept.tokens.unwrap().extra, tokens().extra);
        assert!(matches!(redeem(&store, "three"), Ok(Told::Redeemed(_))));
        let Told::Grants(all) = ask(&store, Ask::Grants { after: None, limit: 10 }) else { panic!() };
        assert_eq!(all.len(), 3);
        // Roll-outs are of version 2, and can be begun in a file of version 1.
        if version < 2 {
            let told = ask(&store, roll_out(Command::Status));
            assert!(matches!(told, Told::Rollout(rollout::Reply::Absent)), "{told:?}");
            rolled_out(&store);
        }
        let stages: Vec<_> =
            mailboxes(&store).unwrap().iter().map(|mailbox| mailbox.row.phase.stage()).collect();
        assert_eq!(stages, [Stage::Granted, Stage::Came, Stage::Failed]);
    }
}

#[test]
fn what_is_not_ours_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other");
    let other = |setup: &str| {
        let _ = fs::remove_file(&path);
        Connection::open(&path).unwrap().execute_batch(setup).unwrap();
        let before = fs::read(&path).unwrap();
        let refused = SqliteStore::open(&path, Seal::plaintext()).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), before, "{setup}");
        refused
    };
    for setup in [
        "CREATE TABLE theirs (x)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 7; PRAGMA user_version = 1",
    ] {
        let refused = other(setup);
        assert!(matches!(refused, StoreError::Foreign), "{setup}: {refused:?}");
    }
    let refused = other("PRAGMA application_id = 0x43524659; PRAGMA user_version = 99");
    assert_eq!(refused.to_string(), "the store has version 99, and this library knows versions up to 2");
    assert!(matches!(refused, StoreError::Newer { found: 99, known: 2 }), "{refused:?}");

    fs::write(&path, "Dear diary, this is no database, however long it may be read. ".repeat(20)).unwrap();
    let refused = SqliteStore::open(&path, Seal::plaintext()).unwrap_err();
    assert!(matches!(refused, StoreError::Foreign), "{refused:?}");
    let refused = SqliteStore::open(folder.path().join("no/such/folder"), Seal::plaintext()).unwrap_err();
    assert_eq!(refused.to_string(), "the store could not make the file");
}

#[test]
fn a_path_is_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file:store?mode=memory");
    let store = open(&path, keys(1, &[]));
    ask(&store, authorize("acc_1"));
    store.close().unwrap();
    assert!(path.exists());
}

#[test]
fn what_is_closed_was_done_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    for number in 0..20 {
        drop(cronofy_store::store::ask(&store, authorize(&format!("acc_{number}"))));
    }
    store.close().unwrap();
    let Told::Grants(all) = ask(&open(&path, keys(1, &[])), Ask::Grants { after: None, limit: 99 }) else {
        panic!()
    };
    assert_eq!(all.len(), 20);
}

#[test]
fn a_new_file_can_be_opened_by_many_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let path = &path;
                scope.spawn(move || ask(&open(path, keys(1, &[])), authorize(&format!("acc_{number}"))));
            }
        });
        let Told::Grants(all) = ask(&open(&path, keys(1, &[])), Ask::Grants { after: None, limit: 99 })
        else {
            panic!()
        };
        assert_eq!(all.len(), 8);
    }
}

const READ_ONLY: &str = "CRONOFY_STORE_READ_ONLY";

/// Somebody who may read the file, and not write it.
#[test]
fn one_who_may_not_write() {
    let Ok(path) = std::env::var(READ_ONLY) else { return };
    let refused = SqliteStore::open(path, keys(1, &[])).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
    assert_eq!(refused.to_string(), "the store is read-only");
}

#[test]
#[cfg(unix)]
fn a_read_only_file_is_refused_and_not_touched() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    ask(&store, authorize("acc_1"));
    store.close().unwrap();
    let before = fs::read(&path).unwrap();
    let mode =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&path, 0o444);
    // Where its owner may do everything, in a container for one, somebody else has to try.
    let program = folder.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    mode(folder.path(), 0o555);
    let mut process = std::process::Command::new(program);
    process.args(["--exact", "one_who_may_not_write"]).env(READ_ONLY, &path);
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        process.uid(65534);
    }
    let output = process.output().unwrap();
    mode(folder.path(), 0o755);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
    mode(&path, 0o600);
    assert!(grant(&open(&path, keys(1, &[])), "acc_1").unwrap().is_some(), "once it may be written");
}

const SHARED: &str = "CRONOFY_STORE_SHARED";
const ROUNDS: u64 = 40;

/// One of several processes: claims and reports until there are enough generations.
#[test]
fn one_of_several() {
    let Ok(path) = std::env::var(SHARED) else { return };
    let store = SqliteStore::open(path, keys(1, &[])).unwrap();
    loop {
        let generation = grant(&store, "acc_1").unwrap().unwrap().generation;
        if generation > ROUNDS {
            break;
        }
        let Told::Decided(reply) = ask(&store, claim("acc_1", generation)) else { panic!() };
        if reply == Reply::Won {
            let Told::Decided(reply) = ask(&store, complete("acc_1", generation)) else { panic!() };
            assert_eq!(reply, Reply::Written { generation: generation + 1 });
        }
    }
}

#[test]
fn several_processes_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, keys(1, &[])).unwrap();
    ask(&store, authorize("acc_1"));
    let processes: Vec<_> = (0..4)
        .map(|_| {
            let mut process = std::process::Command::new(std::env::current_exe().unwrap());
            process.args(["--exact", "one_of_several"]).env(SHARED, &path);
            process.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(grant(&store, "acc_1").unwrap().unwrap().generation, ROUNDS + 1);
}

/// Writes what [`a_file_of_every_release_opens`] reads, for a release with a new version:
/// `FIXTURE=path cargo test -p cronofy-store --test files fixture`.
#[test]
fn fixture() {
    let Ok(path) = std::env::var("FIXTURE") else { return };
    let store = open(path.as_ref(), keys(1, &[]));
    everything(&store);
    ask(&store, begin("four"));
    store.close().unwrap();
}

#[test]
fn a_store_that_is_only_dropped_answers_what_it_was_asked() {
    let store = SqliteStore::open_in_memory(Seal::plaintext()).unwrap();
    let told = cronofy_store::store::ask(&store, authorize("acc_1"));
    let absent = ask_blocking(&store, Ask::Grant(support::id("acc_2")));
    assert!(matches!(absent, Ok(Told::Grant(None))));
    drop(store);
    let mut told = std::pin::pin!(told);
    let waker = std::task::Waker::noop();
    assert!(told.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
}
