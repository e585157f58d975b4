//! A server that is killed, stopped, full, read-only or busy: told as what it is, and over when it is.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use cronofy_store::blocking::block_on;
use cronofy_store::decide::grant::{Phase, Reply};
use cronofy_store::seal::Seal;
use cronofy_store::store::{Ask, StoreError, Told, ask, ask_blocking};
use cronofy_store::{PostgresOptions, PostgresStore};
use cronofy_types::Timestamp;

use crate::database::{Database, Schema, address};
use crate::list;
use crate::support::{authorize, claim, grant, id, keys};

list![
    a_connection_that_was_killed_is_replaced,
    one_that_is_killed_in_the_middle_does_it_again,
    one_that_is_killed_at_the_end_does_not_know,
    what_the_server_refuses_at_the_end_is_not_written,
    what_was_in_the_way_of_another_is_tried_again,
    a_server_that_restarts_is_waited_for,
    a_full_disk_is_told_and_is_over_when_there_is_room,
    a_disk_that_fills_up_loses_nothing,
    a_read_only_server_is_told_and_can_be_read,
    a_busy_row_is_told_and_does_not_stop_readers,
    a_full_pool_is_told,
    what_was_answered_is_on_the_disk,
    leases_are_compared_with_the_servers_clock,
];

fn generation(store: &PostgresStore, name: &str) -> u64 {
    grant(store, name).unwrap().map_or(0, |grant| grant.generation)
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < patience, "{what} never happened");
        thread::yield_now();
    }
}

impl Schema {
    /// Has something done in the database before each grant that is written.
    pub(crate) fn before_each_grant(&self, does: &str) {
        self.trigger("TRIGGER trouble BEFORE INSERT OR UPDATE", "", does);
    }

    /// Or when a transaction is ended that wrote one.
    fn at_the_end(&self, does: &str) {
        self.trigger(
            "CONSTRAINT TRIGGER trouble AFTER INSERT OR UPDATE",
            "DEFERRABLE INITIALLY DEFERRED",
            does,
        );
    }

    fn trigger(&self, trigger: &str, when: &str, does: &str) {
        let name = &self.name;
        self.database.run(&format!(
            "CREATE FUNCTION {name}.trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$; \
             CREATE {trigger} ON {name}.grants {when} FOR EACH ROW EXECUTE FUNCTION {name}.trouble()"
        ));
    }

    fn no_trouble(&self) {
        self.database.run(&format!("DROP FUNCTION {}.trouble CASCADE", self.name));
    }

    /// Waits until a process of the server waits that is not `before`, and says which.
    pub(crate) fn waiting(&self, before: &str) -> String {
        let query = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7 AND NOT granted";
        let mut process = before.to_owned();
        until("somebody waits", || {
            process = self.database.rows(query).pop().map(|row| row[0].clone()).unwrap_or_default();
            !process.is_empty() && process != before
        });
        process
    }

    fn kill(&self, process: &str) {
        self.database.run(&format!("SELECT pg_terminate_backend({process})"));
    }
}

/// Waits for whoever holds this, however long.
pub(crate) const WAITS: &str =
    "PERFORM set_config('lock_timeout', '0', true); PERFORM pg_advisory_xact_lock(7, 7)";

/// Somebody who holds it, until dropped.
pub(crate) fn holder() -> Database {
    let holder = Database::connect();
    holder.run("SELECT pg_advisory_lock(7, 7)");
    holder
}

fn a_connection_that_was_killed_is_replaced() {
    let schema = Schema::new();
    let named = format!("{}?application_name={}", address().unwrap(), schema.name);
    let options = PostgresOptions::new(&named).unwrap().schema(schema.name.as_str());
    let store = options.connections(1).open(keys(1, &[])).unwrap();
    for number in 1..4 {
        ask_blocking(&store, authorize("acc_1")).unwrap();
        assert_eq!(generation(&store, "acc_1"), number);
        let killed = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{}'",
            schema.name
        );
        assert_eq!(schema.database.rows(&killed), [["t"]]);
    }
}

fn one_that_is_killed_in_the_middle_does_it_again() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    schema.before_each_grant(WAITS);
    let holder = holder();
    let told = ask(&store, authorize("acc_1"));
    let first = schema.waiting("");
    schema.kill(&first);
    schema.waiting(&first);
    drop(holder);
    let told = block_on(told);
    assert!(matches!(told, Ok(Told::Decided(Reply::Written { generation: 1 }))), "{told:?}");
    assert_eq!(generation(&store, "acc_1"), 1);
}

fn one_that_is_killed_at_the_end_does_not_know() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    schema.at_the_end(WAITS);
    let holder = holder();
    let told = ask(&store, authorize("acc_1"));
    schema.kill(&schema.waiting(""));
    let told = block_on(told);
    assert!(matches!(told, Err(StoreError::Unknown(_))), "{told:?}");
    drop(holder);
    assert_eq!(generation(&store, "acc_1"), 0);
    ask_blocking(&store, authorize("acc_1")).unwrap();
    assert_eq!(generation(&store, "acc_1"), 1);
}

fn what_the_server_refuses_at_the_end_is_not_written() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    schema.at_the_end("RAISE EXCEPTION 'no' USING ERRCODE = 'P0001', DETAIL = 'canary', HINT = 'canary'");
    let error = ask_blocking(&store, authorize("acc_1")).unwrap_err();
    let text = format!("{error:?} {error} {}", std::error::Error::source(&error).unwrap());
    assert!(text.ends_with("the store could not end a transaction ERROR P0001: no"), "{text}");
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(generation(&store, "acc_1"), 0);
}

fn what_was_in_the_way_of_another_is_tried_again() {
    for code in ["40001", "40P01"] {
        let schema = Schema::new();
        let store = schema.open(keys(1, &[]));
        let name = &schema.name;
        schema.database.run(&format!("CREATE SEQUENCE {name}.tries"));
        schema.before_each_grant(&format!(
            "IF nextval('{name}.tries') < 4 THEN RAISE EXCEPTION 'again' USING ERRCODE = '{code}'; END IF"
        ));
        ask_blocking(&store, authorize("acc_1")).unwrap();
        assert_eq!(generation(&store, "acc_1"), 1);
        assert_eq!(schema.database.value(&format!("SELECT last_value FROM {name}.tries")), "4");
    }
}

/// How the server is stopped and started, where that is possible.
const CONTROL: &str = "CRONOFY_TEST_POSTGRES_CONTROL";

fn a_server_that_restarts_is_waited_for() {
    let Ok(control) = std::env::var(CONTROL) else {
        println!(
            "SKIPPED: no server was restarted: {CONTROL} names no command for that, as .ci/postgres does"
        );
        return;
    };
    let control = |does: &str| {
        let done = Command::new("sh").args(["-c", &format!("{control} {does}")]).status().unwrap();
        assert!(done.success(), "{does}");
    };
    let mut schema = Schema::new();
    let store = schema.options().patience(Duration::from_secs(60)).open(keys(1, &[])).unwrap();
    let impatient = schema.options().patience(Duration::from_secs(1)).open(keys(1, &[])).unwrap();
    ask_blocking(&store, authorize("acc_1")).unwrap();
    ask_blocking(&impatient, authorize("acc_2")).unwrap();

    control("stop --mode immediate");
    let error = ask_blocking(&impatient, authorize("acc_1")).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { doing: "connect", .. }), "{error:?}");
    let (write, read) = (ask(&store, authorize("acc_1")), ask(&store, Ask::Grant(id("acc_2"))));
    control("start");
    schema.database = Database::connect();
    let write = block_on(write);
    assert!(matches!(write, Ok(Told::Decided(Reply::Written { generation: 2 }))), "{write:?}");
    assert!(matches!(block_on(read), Ok(Told::Grant(Some(_)))));
    ask_blocking(&impatient, authorize("acc_2")).unwrap();
}

fn a_full_disk_is_told_and_is_over_when_there_is_room() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    ask_blocking(&store, authorize("acc_1")).unwrap();
    let full = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'";
    for trouble in [Schema::before_each_grant, Schema::at_the_end] {
        trouble(&schema, full);
        let error = ask_blocking(&store, authorize("acc_1")).unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        assert_eq!(generation(&store, "acc_1"), 1, "and it can be read");
        schema.no_trouble();
    }
    ask_blocking(&store, authorize("acc_1")).unwrap();
}

/// The environment variable with an empty folder of the server's, on a disk that soon is full.
const SMALL: &str = "CRONOFY_TEST_POSTGRES_SMALL";

fn a_disk_that_fills_up_loses_nothing() {
    let Ok(folder) = std::env::var(SMALL) else {
        println!(
            "SKIPPED: no disk was filled up: {SMALL} names none, as .ci/postgres does where it may mount one"
        );
        return;
    };
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    let name = &schema.name;
    schema.database.run(&format!("CREATE TABLESPACE {name} LOCATION '{folder}'"));
    schema.database.run(&format!(
        "ALTER TABLE {name}.grants SET TABLESPACE {name}; \
         CREATE TABLE {name}.other TABLESPACE {name} AS SELECT repeat('x', 1000) FROM generate_series(1, 400)"
    ));
    let mut kept = 0;
    let error = loop {
        match ask_blocking(&store, authorize(&format!("acc_{kept}"))) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full(_)), "after {kept}: {error:?}");
    assert!(kept > 0);
    assert_eq!(generation(&store, &format!("acc_{kept}")), 0, "nothing of what was refused is there");
    schema.database.run(&format!("DROP TABLE {name}.other"));
    ask_blocking(&store, authorize(&format!("acc_{kept}"))).unwrap();
    let whole = (0..=kept).filter(|number| generation(&store, &format!("acc_{number}")) == 1);
    assert_eq!(whole.count(), kept + 1);
    schema.database.run(&format!("DROP SCHEMA {name} CASCADE"));
    schema.database.run(&format!("DROP TABLESPACE {name}"));
}

fn a_read_only_server_is_told_and_can_be_read() {
    let schema = Schema::new();
    ask_blocking(&schema.open(keys(1, &[])), authorize("acc_1")).unwrap();
    let read_only = format!("{}?options=-c%20default_transaction_read_only%3Don", address().unwrap());
    let options = || PostgresOptions::new(&read_only).unwrap();
    let store = options().schema(schema.name.as_str()).open(keys(1, &[])).unwrap();
    let error = ask_blocking(&store, authorize("acc_1")).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    assert_eq!(generation(&store, "acc_1"), 1);
    let Told::Grants(all) = ask_blocking(&store, Ask::Grants { after: None, limit: 9 }).unwrap() else {
        panic!()
    };
    assert_eq!(all.len(), 1);
    let error = options().schema(format!("{}_new", schema.name)).open(keys(1, &[])).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
}

fn a_busy_row_is_told_and_does_not_stop_readers() {
    let schema = Schema::new();
    let store = schema.options().patience(Duration::from_secs(1)).open(keys(1, &[])).unwrap();
    ask_blocking(&store, authorize("acc_1")).unwrap();
    let other = Database::connect();
    other.run(&format!("BEGIN; SELECT 1 FROM {}.grants FOR UPDATE", schema.name));
    let error = ask_blocking(&store, authorize("acc_1")).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    assert_eq!(generation(&store, "acc_1"), 1);
    ask_blocking(&store, authorize("acc_2")).unwrap();
    other.run("ROLLBACK");
    ask_blocking(&store, authorize("acc_1")).unwrap();
}

fn a_full_pool_is_told() {
    let schema = Schema::new();
    let store = schema.options().connections(1).patience(Duration::from_secs(1)).open(keys(1, &[])).unwrap();
    schema.before_each_grant(WAITS);
    let holder = holder();
    let first = ask(&store, authorize("acc_1"));
    schema.waiting("");
    let error = ask_blocking(&store, authorize("acc_2")).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "all connections are in use");
    drop(holder);
    assert!(block_on(first).is_ok());
    ask_blocking(&store, authorize("acc_2")).unwrap();
}

fn what_was_answered_is_on_the_disk() {
    let schema = Schema::new();
    let careless = format!("{}?options=-c%20synchronous_commit%3Doff", address().unwrap());
    let options = PostgresOptions::new(&careless).unwrap().schema(schema.name.as_str());
    let store = options.open(keys(1, &[])).unwrap();
    let name = &schema.name;
    schema.database.run(&format!("CREATE TABLE {name}.seen (setting text)"));
    schema.before_each_grant(&format!(
        "INSERT INTO {name}.seen VALUES (current_setting('synchronous_commit'))"
    ));
    ask_blocking(&store, authorize("acc_1")).unwrap();
    assert_eq!(schema.database.rows(&format!("SELECT setting FROM {name}.seen")), [["on"]]);
}

fn leases_are_compared_with_the_servers_clock() {
    let schema = Schema::new();
    let store = schema.options().open(Seal::plaintext()).unwrap();
    ask_blocking(&store, authorize("acc_1")).unwrap();
    let now = || {
        let now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        schema.database.value(now).parse::<u64>().unwrap()
    };
    let before = now();
    ask_blocking(&store, claim("acc_1", 1)).unwrap();
    let after = now();
    let Phase::Refreshing { until, .. } = grant(&store, "acc_1").unwrap().unwrap().phase else { panic!() };
    let claimed = until.saturating_since(Timestamp::UNIX_EPOCH).saturating_sub(Duration::from_secs(60));
    assert!((u128::from(before)..=u128::from(after)).contains(&claimed.as_micros()));
}
