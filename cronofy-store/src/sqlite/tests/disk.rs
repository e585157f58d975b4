//! A disk that is full, a file that is read-only, a database that is busy: told as what it is, and over when it is.

use rusqlite::Connection;

use super::*;
use crate::store::ask_blocking;
use crate::suite::values::{authorize, id};

fn in_a_file() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder.path().join("store.db"), Keys::new(old_key()));
    (folder, store)
}

impl SqliteStore {
    /// Sets something on the connection that writes.
    fn set(&self, pragma: &'static str, value: i64) {
        let set = move |connection: &mut Connection| {
            connection.pragma_update(None, pragma, value).map_err(failed("set"))
        };
        self.writer.run_blocking(set).unwrap();
    }
}

/// Asks until it is refused, and shows that nothing of what was refused is there. Gives the reason.
fn refused(store: &SqliteStore) -> StoreError {
    for number in 0..10_000 {
        let before = snapshot_of(store);
        if let Err(error) = ask_blocking(store, authorize(&id(&format!("acc_{number}")), number)) {
            assert_eq!(snapshot_of(store), before, "something of it was written");
            return error;
        }
    }
    panic!("it was never refused");
}

#[test]
fn a_full_disk_is_told_and_is_over_when_there_is_room() {
    let (_folder, store) = in_a_file();
    ask_blocking(&store, authorize(&id("acc_0"), 1)).unwrap();
    store.set("max_page_count", 1);
    let error = refused(&store);
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert_eq!(error.to_string(), "the store is full");
    assert!(ask_blocking(&store, Ask::Grant(id("acc_0"))).is_ok(), "it can still be read");
    store.set("max_page_count", 100_000);
    ask_blocking(&store, authorize(&id("acc_new"), 1)).unwrap();
}

/// Asks until it is refused, and tells how often it was not by the file beside the store.
pub(super) fn grow(store: &SqliteStore) {
    for number in 0..10_000 {
        if ask_blocking(store, authorize(&id(&format!("acc_{number}")), number)).is_err() {
            return std::fs::write(std::env::var(ANSWERED).unwrap(), number.to_string()).unwrap();
        }
    }
    panic!("it was never refused");
}

const ANSWERED: &str = "CRONOFY_STORE_ANSWERED";

/// The file may grow to 256 KiB, and the write that goes beyond is cut off in the middle.
#[test]
fn a_write_that_is_cut_off_leaves_what_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (path, answered) = (folder.path().join("store.db"), folder.path().join("answered"));
    let child = death::program(&format!("grow|0|{}", path.display()));
    let mut limited = std::process::Command::new("sh");
    // Without the signal, which would kill it, the write fails. `ulimit` counts in blocks of 512 bytes.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\""]);
    limited.arg(child.get_program()).args(child.get_args()).env(ANSWERED, &answered);
    for (name, value) in child.get_envs() {
        limited.env(name, value.unwrap());
    }
    let output = limited.output().unwrap();
    assert!(output.status.success(), "{output:?}");

    let answered: usize = std::fs::read_to_string(answered).unwrap().parse().unwrap();
    let store = store(&path, Keys::new(old_key()));
    let kept = snapshot_of(&store).lines().count();
    assert!(answered > 10 && (answered..=answered + 1).contains(&kept), "{answered} answered, {kept} kept");
    let check = |connection: &mut Connection| {
        connection.query_row("PRAGMA integrity_check", (), |row| row.get(0)).map_err(failed("check"))
    };
    let sound: String = store.writer.run_blocking(check).unwrap();
    assert_eq!(sound, "ok");
    ask_blocking(&store, authorize(&id("acc_new"), 1)).unwrap();
}

#[test]
fn a_read_only_store_is_told() {
    let (_folder, store) = in_a_file();
    store.set("query_only", 1);
    let error = refused(&store);
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    store.set("query_only", 0);
    ask_blocking(&store, authorize(&id("acc_1"), 1)).unwrap();
}

#[test]
fn a_busy_store_is_told_and_does_not_stop_readers() {
    let (folder, store) = in_a_file();
    ask_blocking(&store, authorize(&id("acc_1"), 1)).unwrap();
    store.set("busy_timeout", 20);
    let other = Connection::open(folder.path().join("store.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = ask_blocking(&store, authorize(&id("acc_1"), 2)).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    let Told::Grant(Some(grant)) = ask_blocking(&store, Ask::Grant(id("acc_1"))).unwrap() else { panic!() };
    assert_eq!(grant.generation, 1);
    other.execute_batch("ROLLBACK").unwrap();
    ask_blocking(&store, authorize(&id("acc_1"), 2)).unwrap();
}

#[test]
fn what_was_answered_is_on_the_disk() {
    let (folder, store) = in_a_file();
    let setting = |name: &'static str| {
        let ask = move |connection: &mut Connection| {
            let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
            connection.pragma_query_value(None, name, read).map_err(failed("read"))
        };
        store.writer.run_blocking(ask).unwrap()
    };
    assert_eq!(setting("journal_mode"), "wal".to_owned().into());
    for (name, value) in [
        ("synchronous", 2),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("fullfsync", 1),
        ("busy_timeout", 5000),
    ] {
        assert_eq!(setting(name), value.into(), "{name}");
    }
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}
