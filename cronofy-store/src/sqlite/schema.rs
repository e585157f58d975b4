//! The tables, and how older ones become newer ones: forward, one step at a time, all of them in one transaction.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{ending, failed};
use crate::store::StoreError;

/// "CRFY": what `file` and SQLite's own tools tell this kind of database by.
const APPLICATION_ID: i64 = 0x4352_4659;

/// Each brings a database from the version of its place to the next. None is ever changed once released.
const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// Refuses what is not ours to touch, before anything of it is touched.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    version_at_once(connection, MIGRATIONS.len()).map(drop)
}

/// Brings it up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_by(MIGRATIONS, connection)
}

fn migrate_by(migrations: &[&str], connection: &mut Connection) -> Result<(), StoreError> {
    let known = migrations.len();
    if version_at_once(connection, known)? == known {
        return Ok(());
    }
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(failed("begin a migration"))?;
    // Again: another process may have done it meanwhile.
    for step in &migrations[version(&transaction, known)?..] {
        transaction.execute_batch(step).map_err(failed("migrate"))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed("migrate"))?;
    transaction.pragma_update(None, "user_version", number(known)).map_err(failed("migrate"))?;
    transaction.commit().map_err(ending)
}

/// Which version it has at one instant: another process may be migrating it.
fn version_at_once(connection: &Connection, known: usize) -> Result<usize, StoreError> {
    let snapshot = connection.unchecked_transaction().map_err(failed("read its version"))?;
    version(&snapshot, known)
}

/// Which version it has: never more than is known.
fn version(connection: &Connection, known: usize) -> Result<usize, StoreError> {
    let ask = |query: &str| {
        connection.query_row(query, (), |row| row.get::<_, i64>(0)).map_err(failed("read its version"))
    };
    match (ask("PRAGMA application_id")?, ask("PRAGMA user_version")?) {
        (APPLICATION_ID, found) => match usize::try_from(found) {
            Ok(version) if version <= known => Ok(version),
            _ => Err(StoreError::Newer { found, known: number(known) }),
        },
        (0, 0) if ask("SELECT count(*) FROM sqlite_master")? == 0 => Ok(0),
        _ => Err(StoreError::Foreign),
    }
}

fn number(version: usize) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(connection: &Connection) -> i64 {
        connection.query_row("SELECT count(*) FROM sqlite_master", (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&["CREATE TABLE one (x)"], &mut connection).unwrap();
        let broken = ["CREATE TABLE one (x)", "CREATE TABLE two (x)", "CREATE TABLE three"];
        assert!(migrate_by(&broken, &mut connection).is_err());
        assert_eq!((version(&connection, 3).unwrap(), tables(&connection)), (1, 1));
        migrate_by(&["CREATE TABLE one (x)", "CREATE TABLE two (x)"], &mut connection).unwrap();
        assert_eq!((version(&connection, 3).unwrap(), tables(&connection)), (2, 2));
    }

    #[test]
    fn what_a_newer_release_made_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&["CREATE TABLE one (x)", "CREATE TABLE two (x)"], &mut connection).unwrap();
        let refused = migrate_by(&["CREATE TABLE one (x)"], &mut connection).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 2, known: 1 }), "{refused:?}");
        connection.pragma_update(None, "user_version", -1).unwrap();
        let refused = migrate_by(MIGRATIONS, &mut connection).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: -1, .. }), "{refused:?}");
    }
}
