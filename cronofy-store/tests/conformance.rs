//! Every store in this crate does what every store has to.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use cronofy_store::seal::{Key, Keys, Seal};
use cronofy_store::{MemoryStore, SqliteStore, suite};

fn keys() -> Keys {
    Keys::new(Key::from_bytes([1; 32])).and_open(Key::from_bytes([2; 32]))
}

#[test]
fn in_memory() {
    suite::run(|clock| MemoryStore::with_clock(move || clock.now()));
}

#[test]
fn in_sqlite_in_memory() {
    suite::run(|clock| SqliteStore::open_in_memory(keys()).unwrap().with_clock(move || clock.now()));
}

fn in_a_file(seal: fn() -> Seal) {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    suite::run(|clock| {
        files += 1;
        let path = folder.path().join(format!("{files}.db"));
        SqliteStore::open(path, seal()).unwrap().with_clock(move || clock.now())
    });
}

#[test]
fn in_a_sealed_sqlite_file() {
    in_a_file(|| keys().into());
}

#[test]
fn in_a_sqlite_file_in_plain_text() {
    in_a_file(Seal::plaintext);
}
