//! The tables, and how older ones become newer ones: forward, one step at a time, all of them in one transaction.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{ending, failed};
use crate::store::StoreError;

/// "CRFY": what `file` and SQLite's own tools tell this kind of database by.
const APPLICATION_ID: i64 = 0x4352_4659;

/// Each brings a database from the version of its place to the next. None is ever changed once released.
const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql")];

/// The version that this release works with.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Refuses what is not ours to touch, before anything of it is touched. Says which version there is.
pub(super) fn check(connection: &Connection) -> Result<i64, StoreError> {
    let number = |query: &str| {
        connection.query_row(query, (), |row| row.get::<_, i64>(0)).map_err(failed("read its version"))
    };
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    match (application, version) {
        (APPLICATION_ID, version) if version > known() => {
            Err(StoreError::Newer { found: version, known: known() })
        }
        (APPLICATION_ID, version) => Ok(version),
        (0, 0) if number("SELECT count(*) FROM sqlite_master")? == 0 => Ok(0),
        _ => Err(StoreError::Foreign),
    }
}

/// Brings it up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if check(connection)? == known() {
        return Ok(());
    }
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(failed("begin a migration"))?;
    // Again: another process may have done it meanwhile.
    let version = check(&transaction)?;
    let steps = MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or_default());
    for step in steps {
        transaction.execute_batch(step).map_err(failed("migrate"))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed("migrate"))?;
    transaction.pragma_update(None, "user_version", known()).map_err(failed("migrate"))?;
    transaction.commit().map_err(ending)
}
