//! Schemas: those of other releases and of other programs, and one that several processes open at once.

use std::process::Command;
use std::time::Duration;

use cronofy_store::decide::grant::Phase;
use cronofy_store::rollout::Stage;
use cronofy_store::seal::Seal;
use cronofy_store::store::{Ask, Told, ask_blocking};
use cronofy_store::{GrantId, Origin, PostgresOptions, PostgresStore, StoreError};
use cronofy_types::{ClientId, Sub};

use crate::database::{Schema, address};
use crate::list;
use crate::support::{ask, authorize, everything, grant, keys, mailboxes, redeem, tokens};

list![
    a_schema_of_every_release_opens,
    what_an_older_release_made_is_brought_up_to_date,
    the_longest_identifiers_are_kept,
    what_is_not_ours_is_refused_and_not_touched,
    an_empty_schema_is_filled_by_one_who_may_make_none,
    names_of_schemas_are_names,
    a_new_schema_can_be_opened_by_many_at_once,
    no_setting_is_too_much_or_too_little,
    what_is_closed_was_done_before,
    no_error_tells_the_address,
    other_machines_are_spoken_to_by_tls_alone,
    fixture,
];

/// What every release left behind that made tables of its own, as `pg_dump --inserts` has it, in a schema `fixture`.
const FIXTURES: [&str; 2] =
    [include_str!("../fixtures/postgres-version-2.sql"), include_str!("../fixtures/postgres-version-3.sql")];

fn a_schema_of_every_release_opens() {
    for fixture in FIXTURES {
        let schema = Schema::new();
        schema.database.run(&fixture.replace("fixture", &schema.name));
        let store = schema.open(keys(1, &[]));
        let kept = grant(&store, "acc_1").unwrap().unwrap();
        assert_eq!((kept.generation, kept.phase), (2, Phase::Active));
        assert_eq!(kept.tokens.unwrap().extra, tokens().extra);
        assert!(matches!(redeem(&store, "three"), Ok(Told::Redeemed(_))));
        let Told::Grants(all) = ask(&store, Ask::Grants { after: None, limit: 10 }) else { panic!() };
        assert_eq!(all.len(), 3);
        assert_eq!(stages(&store), [Stage::Granted, Stage::Came, Stage::Failed]);
    }
}

fn stages(store: &PostgresStore) -> Vec<Stage> {
    mailboxes(store).unwrap().iter().map(|mailbox| mailbox.row.phase.stage()).collect()
}

fn what_an_older_release_made_is_brought_up_to_date() {
    let schema = Schema::new();
    let name = &schema.name;
    let first = include_str!("../../src/postgres/schema/1.sql");
    schema.database.run(&format!(
        "CREATE SCHEMA {name}; SET search_path = {name}; {first}; \
         CREATE TABLE cronofy_store (version bigint NOT NULL); INSERT INTO cronofy_store VALUES (1)"
    ));
    let store = schema.open(keys(1, &[]));
    assert_eq!(schema.database.value(&format!("SELECT version FROM {name}.cronofy_store")), "3");
    everything(&store);
    assert_eq!(stages(&store), [Stage::Granted, Stage::Came, Stage::Failed]);
}

/// As long as identifiers may be, and nothing that the server could compress.
fn long(mut number: u32) -> String {
    let letter = |_| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(
            b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[(number >> 26) as usize],
        )
    };
    (0..1024).map(letter).collect()
}

fn the_longest_identifiers_are_kept() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    let origin =
        format!("https://{}.example", [&long(4)[..60]; 4].join(".").to_lowercase().replace('_', "x"));
    let client = ClientId::new(long(1)).unwrap();
    let grant_id = |subject| GrantId::from_parts(client.clone(), &*origin, Sub::new(long(subject)).unwrap());
    ask(&store, Ask::Authorize { id: grant_id(2), origin: Origin::Account, tokens: tokens() });
    let delegated = Origin::Delegated { through: Sub::new(long(2)).unwrap() };
    ask(&store, Ask::Authorize { id: grant_id(3), origin: delegated, tokens: tokens() });
    let told = ask(&store, Ask::EndDelegated { through: grant_id(2) });
    assert!(matches!(told, Told::Ended(ended) if ended == [Sub::new(long(3)).unwrap()]));
}

/// Writes what [`a_schema_of_every_release_opens`] reads, for a release with a new version:
/// `FIXTURE=path .ci/postgres cargo test -p cronofy-store --test postgres fixture`.
fn fixture() {
    let Ok(path) = std::env::var("FIXTURE") else { return };
    let schema = Schema::new();
    everything(&schema.open(keys(1, &[])));
    let mut dump = Command::new("pg_dump");
    dump.args(["--inserts", "--no-owner", "--schema", &schema.name, "--dbname", &address().unwrap()]);
    let output = dump.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap().replace(&schema.name, "fixture");
    // Settings and what psql alone understands.
    let settings = ["--", "\\", "SET ", "SELECT pg_catalog.set_config"];
    let lines =
        text.lines().filter(|line| !line.is_empty() && !settings.iter().any(|start| line.starts_with(start)));
    std::fs::write(path, lines.map(|line| format!("{line}\n")).collect::<Vec<_>>().concat()).unwrap();
}

fn what_is_not_ours_is_refused_and_not_touched() {
    let schema = Schema::new();
    let name = &schema.name;
    let refused = |setup: &str| {
        schema.database.run(&format!("CREATE SCHEMA {name}; SET search_path = {name}; {setup}"));
        let tables =
            format!("SELECT relname FROM pg_class WHERE relnamespace = '{name}'::regnamespace ORDER BY 1");
        let before = schema.database.rows(&tables);
        let refused = schema.options().open(Seal::plaintext()).unwrap_err();
        assert_eq!(schema.database.rows(&tables), before, "{setup}");
        schema.database.run(&format!("DROP SCHEMA {name} CASCADE"));
        refused
    };
    for setup in [
        "CREATE TABLE theirs (x int)",
        "CREATE VIEW cronofy_store AS SELECT 1 AS version",
        "CREATE TABLE cronofy_store (version bigint)",
        "CREATE TABLE cronofy_store (version text); INSERT INTO cronofy_store VALUES ('1')",
        "CREATE TABLE cronofy_store (); INSERT INTO cronofy_store DEFAULT VALUES",
    ] {
        let refused = refused(setup);
        assert!(matches!(refused, StoreError::Foreign), "{setup}: {refused:?}");
    }
    for version in [-1, 99] {
        let setup = format!(
            "CREATE TABLE cronofy_store (version bigint); INSERT INTO cronofy_store VALUES ({version})"
        );
        let refused = refused(&setup);
        assert!(matches!(refused, StoreError::Newer { found, .. } if found == version), "{refused:?}");
    }
}

fn an_empty_schema_is_filled_by_one_who_may_make_none() {
    let schema = Schema::new();
    let (name, role) = (&schema.name, format!("{}_role", schema.name));
    schema.database.run(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'canary'; CREATE SCHEMA {name} AUTHORIZATION {role}"
    ));
    let own = address().unwrap();
    let (_, place) = own.rsplit_once('@').unwrap();
    let options = || PostgresOptions::new(&format!("postgres://{role}:canary@{place}")).unwrap();
    let store = options().schema(name.as_str()).open(keys(1, &[])).unwrap();
    ask(&store, authorize("acc_1"));
    store.close().unwrap();
    let refused = options().schema(format!("{name}_other")).open(keys(1, &[])).unwrap_err();
    let text = said(&refused);
    assert!(text.contains("42501") && !text.contains("canary"), "{text}");
    schema.database.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
}

fn names_of_schemas_are_names() {
    let schema = Schema::new();
    let name = format!("{} \"x\"; é", schema.name);
    let store = schema.options().schema(name.as_str()).open(keys(1, &[])).unwrap();
    ask(&store, authorize("acc_1"));
    assert!(grant(&store, "acc_1").unwrap().is_some());
    schema.database.run(&format!("DROP SCHEMA \"{}\" CASCADE", name.replace('"', "\"\"")));
    for name in ["", "a\0b", &"x".repeat(64)] {
        let refused = schema.options().schema(name).open(keys(1, &[])).unwrap_err();
        assert_eq!(refused.to_string(), "the store could not use this name of a schema");
    }
}

fn a_new_schema_can_be_opened_by_many_at_once() {
    for _ in 0..3 {
        let schema = Schema::new();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let schema = &schema;
                let options = schema.options().connections(1);
                scope.spawn(move || {
                    ask(&options.open(keys(1, &[])).unwrap(), authorize(&format!("acc_{number}")))
                });
            }
        });
        let Told::Grants(all) = ask(&schema.open(keys(1, &[])), Ask::Grants { after: None, limit: 99 })
        else {
            panic!()
        };
        assert_eq!(all.len(), 8);
        assert_eq!(
            schema.database.value(&format!("SELECT count(*) FROM {}.cronofy_store", schema.name)),
            "1"
        );
    }
}

fn no_setting_is_too_much_or_too_little() {
    let schema = Schema::new();
    let open = |connections, patience| {
        schema.options().connections(connections).patience(patience).open(keys(1, &[]))
    };
    let store = open(usize::MAX, Duration::MAX).unwrap();
    ask(&store, authorize("acc_1"));
    let Err(StoreError::Unavailable { .. } | StoreError::Busy(_)) = open(0, Duration::ZERO) else { panic!() };
    ask(&open(0, Duration::MAX).unwrap(), authorize("acc_1"));
}

fn what_is_closed_was_done_before() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    for number in 0..40 {
        drop(cronofy_store::store::ask(&store, authorize(&format!("acc_{number}"))));
    }
    store.close().unwrap();
    assert_eq!(schema.database.value(&format!("SELECT count(*) FROM {}.grants", schema.name)), "40");
}

/// An error, with all that is behind it.
fn said(error: &StoreError) -> String {
    let mut text = format!("{error:?}: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn no_error_tells_the_address() {
    let place = address().unwrap().rsplit_once('@').unwrap().1.to_owned();
    for address in [
        format!("postgres://cronofy:canary@{place}"),
        format!("postgres://cronofy:canary/@{place}"),
        "postgres://user:canary@host:canary/db".to_owned(),
        "postgres://user:canary@localhost:1/db".to_owned(),
        "postgres://user:canary@localhost/db?canary=canary".to_owned(),
        "canary=canary password=canary".to_owned(),
        "password=canary".to_owned(),
        "canary".to_owned(),
    ] {
        let opened = PostgresOptions::new(&address).and_then(|options| {
            assert!(!format!("{options:?}").contains("canary"));
            options.open(Seal::plaintext())
        });
        let text = said(&opened.unwrap_err());
        assert!(!text.contains("canary"), "{text}");
    }
}

fn other_machines_are_spoken_to_by_tls_alone() {
    for host in ["192.0.2.1", "db.example", "localhost,192.0.2.1", "localhost?hostaddr=192.0.2.1"] {
        let refused = PostgresStore::open(&format!("postgres://user@{host}"), Seal::plaintext()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the store could not connect to another machine without TLS",
            "{host}"
        );
    }
    // A server without TLS, and somebody who insists.
    let insists = PostgresOptions::new(&address().unwrap()).unwrap().tls(tokio_postgres::NoTls);
    let refused = insists.open(Seal::plaintext()).unwrap_err();
    assert_eq!(refused.to_string(), "the store could not connect");
    let store = Schema::new();
    let told = ask_blocking(&store.options().without_tls().open(keys(1, &[])).unwrap(), authorize("acc_1"));
    assert!(told.is_ok());
}
