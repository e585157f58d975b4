//! What lies on the disk: nothing that can be read without the key, and nothing that can be changed without notice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "sqlite")]

mod support;

use std::fs;
use std::path::Path;

use cronofy_store::StoreError;
use cronofy_store::rollout::Command;
use cronofy_store::seal::Seal;
use cronofy_store::store::{Told, ask_blocking};
use rusqlite::Connection;
use support::{
    ask, authorize, begin, claim, complete, everything, grant, key, keys, mailboxes, open, pending_id,
    redeem, roll_out, rolled_out, take,
};

/// How often a canary is in the files of a folder, as it is or written as base64 begins it in three ways.
fn canaries(folder: &Path) -> usize {
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for needle in ["canary", "Y2FuYXJ5", "NhbmFye", "jYW5hcn", "63616e617279"] {
            found += bytes.windows(needle.len()).filter(|window| *window == needle.as_bytes()).count();
        }
    }
    found
}

/// Somebody else who can write to the file, and has no key.
fn intruder(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    connection
}

#[test]
fn s33_no_canary_is_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    everything(&store);
    assert_eq!(canaries(folder.path()), 0, "while it is open, with its log");
    assert!(folder.path().join("store.db-wal").metadata().unwrap().len() > 0);
    store.close().unwrap();
    assert_eq!(canaries(folder.path()), 0, "once it is closed");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn what_was_in_plain_text_is_gone_once_it_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, Seal::plaintext());
    everything(&store);
    store.close().unwrap();
    assert!(canaries(folder.path()) > 5, "the search finds what is there");

    let strict = open(&path, keys(1, &[]));
    assert!(matches!(grant(&strict, "acc_1"), Err(StoreError::Unreadable { .. })), "nobody asked for it");
    strict.close().unwrap();
    let store = open(&path, Seal::new(keys(1, &[])).opening_plaintext());
    assert!(grant(&store, "acc_1").unwrap().is_some());
    assert_eq!(store.rekey(|_| {}).unwrap().left, 0);
    assert_eq!(canaries(folder.path()), 0, "nor in the log");
    store.close().unwrap();
    assert!(grant(&open(&path, keys(1, &[])), "acc_1").unwrap().is_some());
}

#[test]
fn whatever_byte_of_a_grant_is_changed_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    everything(&store);
    let intruder = intruder(&path);

    let refused = |name: &str| match grant(&store, name) {
        Err(StoreError::Unreadable { .. } | StoreError::MissingKey { .. }) => {}
        other => panic!("{other:?}"),
    };
    let cell: Vec<u8> = intruder
        .query_row("SELECT tokens FROM grants WHERE subject = 'acc_2'", (), |row| row.get(0))
        .unwrap();
    let put = |cell: &[u8]| {
        intruder.execute("UPDATE grants SET tokens = ?1 WHERE subject = 'acc_2'", [cell]).unwrap();
    };
    for index in 0..cell.len() {
        let mut changed = cell.clone();
        changed[index] ^= 1;
        put(&changed);
        refused("acc_2");
        put(&cell[..index]);
        refused("acc_2");
    }
    put(&cell);
    assert!(grant(&store, "acc_2").unwrap().is_some());
    for change in [
        "generation = generation + 1",
        "generation = generation - 1",
        "through = NULL",
        "through = 'ser_2'",
        "state = replace(state, 'service_account_revoked', 'refused')",
        "state = state || ' '",
        "tokens = x''",
        "tokens = x'006e756c6c'",
    ] {
        let before = columns(&intruder);
        let change = format!("UPDATE grants SET {change} WHERE subject = 'acc_2'");
        intruder.execute(&change, ()).unwrap();
        assert_ne!(columns(&intruder), before, "{change}");
        refused("acc_2");
        let restore = "UPDATE grants SET (through, generation, state, tokens) = (?1, ?2, ?3, ?4) \
                       WHERE subject = 'acc_2'";
        intruder.execute(restore, before).unwrap();
    }
}

#[test]
fn whatever_byte_of_a_wait_is_changed_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    everything(&store);
    let intruder = intruder(&path);
    let cell: Vec<u8> = intruder
        .query_row("SELECT row FROM pending WHERE id = ?1", [pending_id("three").0], |row| row.get(0))
        .unwrap();
    let put = |cell: &[u8]| {
        intruder.execute("UPDATE pending SET row = ?1 WHERE id = ?2", (cell, pending_id("three").0)).unwrap();
    };
    for index in 0..cell.len() {
        let mut changed = cell.clone();
        changed[index] ^= 1;
        put(&changed);
        assert!(redeem(&store, "three").is_err(), "byte {index}");
    }
    put(&cell);
    for change in ["generation = 7", "waiting = 0", "expires_at = expires_at + 1", "binding = NULL"] {
        let change = format!("UPDATE pending SET {change} WHERE id = ?1");
        let back =
            "UPDATE pending SET generation = 1, waiting = 1, expires_at = ?2, binding = ?3 WHERE id = ?1";
        let expires_at: i64 = intruder
            .query_row("SELECT expires_at FROM pending WHERE id = ?1", [pending_id("three").0], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(intruder.execute(&change, [pending_id("three").0]).unwrap(), 1);
        assert!(redeem(&store, "three").is_err(), "{change}");
        intruder.execute(back, (pending_id("three").0, expires_at, [7u8; 32])).unwrap();
    }
    assert!(matches!(redeem(&store, "three"), Ok(Told::Redeemed(_))));
}

/// A roll-out, and a mailbox of it whose callback came.
#[test]
fn whatever_byte_of_a_roll_out_is_changed_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    everything(&store);
    let intruder = intruder(&path);
    let status = || ask_blocking(&store, roll_out(Command::Status));
    for (table, row, changes) in [
        ("rollouts", "id IS NOT NULL", &["generation = generation + 1", "row = x''"][..]),
        (
            "mailboxes",
            "position = 1",
            &[
                "generation = generation - 1",
                "stage = 'granted'",
                "due = NULL",
                "due = due + 1",
                "address = zeroblob(16)",
                "wait = zeroblob(32)",
                "position = 9",
                "row = zeroblob(99)",
            ],
        ),
    ] {
        intruder.execute_batch(&format!("CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")).unwrap();
        let readable = || status().is_ok() && mailboxes(&store).is_ok();
        let query = format!("SELECT row FROM {table} WHERE {row}");
        let cell: Vec<u8> = intruder.query_row(&query, (), |row| row.get(0)).unwrap();
        let put = |cell: &[u8]| {
            intruder.execute(&format!("UPDATE {table} SET row = ?1 WHERE {row}"), [cell]).unwrap();
        };
        for index in 0..cell.len() {
            let mut changed = cell.clone();
            changed[index] ^= 1;
            put(&changed);
            assert!(!readable(), "{table}, byte {index}");
        }
        put(&cell);
        for change in changes {
            assert!(readable());
            intruder
                .execute_batch(&format!("BEGIN; UPDATE {table} SET {change} WHERE {row}; COMMIT"))
                .unwrap();
            assert!(!readable(), "{table}: {change}");
            intruder.execute(&format!("DELETE FROM {table}"), ()).unwrap();
            intruder.execute(&format!("INSERT INTO {table} SELECT * FROM kept_{table}"), ()).unwrap();
        }
    }
}

#[test]
fn a_cell_fits_into_no_other_row_and_no_earlier_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    let intruder = intruder(&path);
    ask(&store, authorize("acc_1"));
    ask(&store, authorize("acc_2"));
    let cell = |table: &str, column: &str, row: &str| -> Vec<u8> {
        let query = format!("SELECT {column} FROM {table} WHERE {row}");
        intruder.query_row(&query, (), |row| row.get(0)).unwrap()
    };
    let tokens = |name: &str| cell("grants", "tokens", &format!("subject = '{name}'"));
    let put = |name: &str, cell: &[u8]| {
        intruder.execute("UPDATE grants SET tokens = ?1 WHERE subject = ?2", (cell, name)).unwrap();
    };
    let refused = |name: &str| matches!(grant(&store, name), Err(StoreError::Unreadable { .. }));

    let (one, two) = (tokens("acc_1"), tokens("acc_2"));
    put("acc_1", &two);
    put("acc_2", &one);
    assert!(refused("acc_1") && refused("acc_2"), "swapped");
    put("acc_1", &one);
    put("acc_2", &two);

    ask(&store, claim("acc_1", 1));
    let claimed = tokens("acc_1");
    put("acc_1", &one);
    assert!(refused("acc_1"), "rolled back to another phase of the same generation");
    put("acc_1", &claimed);
    ask(&store, complete("acc_1", 1));
    put("acc_1", &claimed);
    assert!(refused("acc_1"), "rolled back to older tokens");

    rolled_out(&store);
    let mailbox = |position: u32| cell("mailboxes", "row", &format!("position = {position}"));
    let put_mailbox = |position: u32, cell: &[u8]| {
        intruder.execute("UPDATE mailboxes SET row = ?1 WHERE position = ?2", (cell, position)).unwrap();
    };
    let (one, two) = (mailbox(0), mailbox(2));
    put_mailbox(0, &two);
    assert!(matches!(mailboxes(&store), Err(StoreError::Unreadable { .. })), "put elsewhere");
    put_mailbox(0, &one);
    assert!(mailboxes(&store).is_ok());
    let earlier = cell("rollouts", "row", "id IS NOT NULL");
    ask(&store, roll_out(Command::Resume));
    intruder.execute("UPDATE rollouts SET row = ?1", [earlier]).unwrap();
    assert!(ask_blocking(&store, roll_out(Command::Status)).is_err(), "rolled back: it stood still then");

    ask(&store, begin("one"));
    ask(&store, begin("two"));
    let row = |state: &str| {
        let id = pending_id(state).0;
        intruder
            .query_row("SELECT row FROM pending WHERE id = ?1", [id], |row| row.get::<_, Vec<u8>>(0))
            .unwrap()
    };
    let put = |state: &str, cell: &[u8]| {
        intruder.execute("UPDATE pending SET row = ?1 WHERE id = ?2", (cell, pending_id(state).0)).unwrap();
    };
    let (one, two) = (row("one"), row("two"));
    put("one", &two);
    assert!(matches!(redeem(&store, "one"), Err(StoreError::Unreadable { .. })), "swapped");
    put("one", &one);
    ask(&store, take("one"));
    put("one", &one);
    assert!(
        matches!(redeem(&store, "one"), Err(StoreError::Unreadable { .. })),
        "rolled back: redeemed twice"
    );
}

#[test]
fn f18_a_missing_key_is_told_and_nothing_looks_absent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    everything(&store);
    store.close().unwrap();
    for seal in [Seal::new(keys(2, &[3])), Seal::plaintext()] {
        let store = open(&path, seal);
        let error = grant(&store, "acc_1").unwrap_err();
        let text =
            format!("what is stored of a grant is sealed with key {}, which was not given", key(1).id());
        assert_eq!(error.to_string(), text);
        assert!(matches!(error, StoreError::MissingKey { .. }), "{error:?}");
        let all = cronofy_store::store::Ask::Grants { after: None, limit: 10 };
        let error = ask_blocking(&store, all).unwrap_err();
        assert!(matches!(error, StoreError::MissingKey { .. }), "{error:?}");
        assert!(matches!(redeem(&store, "one"), Err(StoreError::MissingKey { .. })));
        assert!(matches!(mailboxes(&store), Err(StoreError::MissingKey { .. })));
        let error = ask_blocking(&store, claim("acc_1", 2)).unwrap_err();
        assert!(matches!(error, StoreError::MissingKey { .. }), "{error:?}");
        store.close().unwrap();
    }
    assert!(grant(&open(&path, keys(2, &[1])), "acc_1").unwrap().is_some(), "any of the keys opens");
}

#[test]
fn rekeying_goes_past_what_it_cannot_open_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, keys(1, &[]));
    for number in 0..200 {
        ask(&store, authorize(&format!("acc_{number}")));
    }
    store.close().unwrap();
    let intruder = intruder(&path);
    intruder.execute("UPDATE grants SET generation = 9 WHERE subject = 'acc_7'", ()).unwrap();

    let store = open(&path, keys(2, &[1]));
    let mut steps = Vec::new();
    let error = store.rekey(|progress| steps.push((progress.done, progress.left))).unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error:?}");
    assert_eq!(steps.first(), Some(&(63, 137)));
    assert_eq!(steps.last(), Some(&(199, 1)));
    intruder.execute("UPDATE grants SET generation = 1 WHERE subject = 'acc_7'", ()).unwrap();
    let done = store.rekey(|_| {}).unwrap();
    assert_eq!((done.done, done.left), (1, 0));
    store.close().unwrap();
    assert!(grant(&open(&path, keys(2, &[])), "acc_7").unwrap().is_some());
}

/// The columns of `acc_2`.
fn columns(intruder: &Connection) -> (Option<String>, i64, String, Vec<u8>) {
    let query = "SELECT through, generation, state, tokens FROM grants WHERE subject = 'acc_2'";
    intruder.query_row(query, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap()
}
