//! A process that dies, before and after every SQL statement: another one runs this test's own program, and aborts.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::*;
use crate::store::ask_blocking;

/// Where the other process is told what to do: the scenario, the point where it dies, and the file.
const CHILD: &str = "CRONOFY_STORE_DIES";
const SIGABRT: i32 = 6;

/// How many more points the process lives.
static LEFT: AtomicUsize = AtomicUsize::new(usize::MAX);

fn dies(point: usize, connection: &Connection) {
    LEFT.store(point, Ordering::SeqCst);
    // The one comes before a statement, the other once it is done.
    let points = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
    connection.trace_v2(
        points,
        Some(|_: TraceEvent<'_>| {
            if LEFT.fetch_sub(1, Ordering::SeqCst) == 0 {
                std::process::abort();
            }
        }),
    );
}

/// This test's own program, told to do nothing but `told`.
pub(super) fn program(told: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "sqlite::tests::death::child", "--test-threads=1"]).env(CHILD, told);
    command
}

/// The other process.
#[test]
fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (name, rest) = told.split_once('|').unwrap();
    let (point, path) = rest.split_once('|').unwrap();
    let (point, path) = (point.parse().unwrap(), Path::new(path));
    match name {
        "migrate" => {
            let mut connection = Connection::open(path).unwrap();
            dies(point, &connection);
            connection::set_up(&connection).unwrap();
            schema::migrate(&mut connection).unwrap();
        }
        "grow" => disk::grow(&store(path, Keys::new(old_key()))),
        "rekey" => {
            let store = store(path, Keys::new(new_key()).and_open(old_key()));
            store.writer.run(move |connection| dies(point, connection));
            store.rekey(|_| {}).unwrap();
        }
        name => {
            let store = store(path, Keys::new(old_key()));
            store.writer.run(move |connection| dies(point, connection));
            let scenario = scenarios::scenarios().into_iter().find(|scenario| scenario.name == name).unwrap();
            for ask in scenario.asks {
                ask_blocking(&store, ask).unwrap();
            }
        }
    }
    // Not by closing it: that has statements of its own.
    std::process::exit(0);
}

/// Runs it on a copy of `prepared` for every point, and says what it left there, until it comes through.
fn left_at_every_point(name: &str, prepared: &Path, mut check: impl FnMut(usize, &Path)) -> usize {
    for point in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        fs::copy(prepared, &path).unwrap();
        let child = program(&format!("{name}|{point}|{}", path.display())).output().unwrap();
        let died = child.status.signal() == Some(SIGABRT);
        assert!(died || child.status.success(), "{name}, at {point}: {child:?}");
        check(point, &path);
        if !died {
            return point;
        }
    }
    unreachable!("it always comes through")
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("prepared.db")
}

#[test]
fn wherever_it_dies_each_question_is_answered_whole_or_not_at_all() {
    for scenario in scenarios::scenarios() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder);
        let prepared = store(&path, Keys::new(old_key()));
        for ask in scenario.before {
            ask_blocking(&prepared, ask).unwrap();
        }
        prepared.close().unwrap();
        // What is there after each question, where nobody dies.
        let reference = folder.path().join("reference.db");
        fs::copy(&path, &reference).unwrap();
        let reference = store(&reference, Keys::new(old_key()));
        let mut states = vec![snapshot_of(&reference)];
        for ask in scenario.asks {
            ask_blocking(&reference, ask).unwrap();
            states.push(snapshot_of(&reference));
        }

        let mut seen = vec![0];
        let points = left_at_every_point(scenario.name, &path, |point, path| {
            let found = snapshot_of(&store(path, Keys::new(old_key())));
            let state = states.iter().position(|state| *state == found);
            seen.push(state.unwrap_or_else(|| panic!("{}, at {point}: between\n{found}", scenario.name)));
        });
        assert!(seen.is_sorted(), "{}: {seen:?}", scenario.name);
        seen.dedup();
        assert_eq!(seen, (0..states.len()).collect::<Vec<_>>(), "{}: every state was seen", scenario.name);
        assert!(points >= 6 * (states.len() - 1), "{}: {points} points", scenario.name);
    }
}

#[test]
fn a_migration_is_done_or_not_wherever_it_dies() {
    let tables = |path: &Path| {
        let count = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
        let connection = Connection::open(path).unwrap();
        connection.query_row(count, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    let version_1 = concat!(
        include_str!("../schema/1.sql"),
        "PRAGMA application_id = 0x43524659; PRAGMA user_version = 1;"
    );
    for (prepare, before, fewest) in [("", 0, 20), (version_1, 2, 15)] {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder);
        Connection::open(&path).unwrap().execute_batch(prepare).unwrap();
        let points = left_at_every_point("migrate", &path, |point, path| {
            assert!([before, 5].contains(&tables(path)), "from {before} tables, at {point}");
            store(path, Keys::new(old_key())).close().unwrap();
            assert_eq!(tables(path), 5, "opening it does the rest");
        });
        assert!(points >= fewest, "from {before} tables: {points} points");
    }
}

#[test]
fn rekeying_goes_on_wherever_it_died() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let prepared = store(&path, Keys::new(old_key()));
    for number in 0..5 {
        ask_blocking(&prepared, values::authorize(&values::id(&format!("acc_{number}")), number)).unwrap();
    }
    for name in ["one", "two"] {
        let wait = values::authorization(name, scenarios::NOW);
        ask_blocking(&prepared, values::begin(wait, None)).unwrap();
    }
    for ask in values::roll_out(3) {
        ask_blocking(&prepared, ask).unwrap();
    }
    let kept = snapshot_of(&prepared);
    prepared.close().unwrap();

    let mut left_before = 11;
    left_at_every_point("rekey", &path, |point, path| {
        let store = store(path, Keys::new(new_key()).and_open(old_key()));
        assert_eq!(snapshot_of(&store), kept, "at {point}: all of it opens");
        let mut steps = Vec::new();
        let done = store.rekey(|progress| steps.push(progress)).unwrap();
        assert!([11, 9, 7, 6, 4, 3, 1, 0].contains(&done.done), "at {point}: in whole batches, {done:?}");
        assert!(done.done <= left_before, "at {point}: what was done stays done");
        left_before = done.done;
        assert_eq!((done.left, steps.last().map_or(0, |step| step.left)), (0, 0));
        store.close().unwrap();
        assert_eq!(snapshot_of(&super::store(path, Keys::new(new_key()))), kept, "without the old key");
    });
    assert_eq!(left_before, 0);
}

/// A loss of power leaves a log that ends anywhere.
#[test]
fn wherever_the_log_is_cut_each_question_is_answered_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let open = store(&path, Keys::new(old_key()));
    let mut states = vec![snapshot_of(&open)];
    for scenario in scenarios::scenarios() {
        for ask in scenario.before.into_iter().chain(scenario.asks) {
            ask_blocking(&open, ask).unwrap();
            states.push(snapshot_of(&open));
        }
    }
    let log = fs::read(folder.path().join("prepared.db-wal")).unwrap();
    let mut last = 0;
    for length in (0..=log.len()).step_by(503).chain([log.len()]) {
        let cut = tempfile::tempdir().unwrap();
        let cut_path = cut.path().join("store.db");
        fs::copy(&path, &cut_path).unwrap();
        fs::write(cut.path().join("store.db-wal"), &log[..length]).unwrap();
        let found = snapshot_of(&store(&cut_path, Keys::new(old_key())));
        let further = states[last..].iter().position(|state| *state == found);
        last += further.unwrap_or_else(|| panic!("cut at {length}: between\n{found}"));
    }
    assert_eq!(last, states.len() - 1);
}
