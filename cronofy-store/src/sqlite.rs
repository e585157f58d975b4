//! A store in one SQLite file.
//!
//! Whatever writes does so on one thread with one connection, one transaction after the other: SQLite has one writer
//! at a time anyway, and a caller that is asynchronous must not wait for a disk. A grant is read at once, on the
//! caller's own thread: with a write-ahead log no reader waits for a writer.

mod connection;
mod error;
mod readers;
mod rekey;
mod rollouts;
mod schema;
#[cfg(feature = "suite")]
mod statements;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod transaction;
mod writer;

use core::fmt;
use std::path::Path;
use std::sync::Arc;

use cronofy_types::Timestamp;
use rusqlite::TransactionBehavior;

use crate::execute::{at_once, execute};
use crate::seal::Seal;
use crate::store::{Answer, Ask, Store, StoreError, Told};
use connection::Location;
use error::{ending, failed};
use readers::Readers;
#[cfg(feature = "suite")]
pub use statements::on_every_statement;
use transaction::SqliteTransaction;
use writer::Writer;

/// Keeps everything in one SQLite file, for any number of threads and processes of one machine.
pub struct SqliteStore {
    writer: Writer,
    /// None where it is in memory: there the only connection is the writer's.
    readers: Option<Readers>,
    seal: Arc<Seal>,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl SqliteStore {
    /// Opens a file, or makes it, readable for its owner alone. What an older release made is brought up to date.
    ///
    /// The disk has to be a local one: SQLite's locks do not hold on network file systems.
    ///
    /// # Errors
    ///
    /// Refuses a file that a newer release made ([`StoreError::Newer`]), one that is something else
    /// ([`StoreError::Foreign`]) and one that it cannot write ([`StoreError::ReadOnly`]). It changes none of these.
    pub fn open(path: impl AsRef<Path>, seal: impl Into<Seal>) -> Result<Self, StoreError> {
        Self::at(Location::File(path.as_ref().into()), seal.into())
    }

    /// Opens one that is gone with the process.
    pub fn open_in_memory(seal: impl Into<Seal>) -> Result<Self, StoreError> {
        Self::at(Location::Memory, seal.into())
    }

    fn at(location: Location, seal: Seal) -> Result<Self, StoreError> {
        let writer = Writer::start(location.open_to_write()?)?;
        let readers = (location != Location::Memory).then(|| Readers::new(location));
        let now = Arc::new(|| Timestamp::from(std::time::SystemTime::now()));
        Ok(Self { writer, readers, seal: Arc::new(seal), now })
    }

    /// On a clock of your own: a test's.
    pub fn with_clock(self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now), ..self }
    }

    /// Finishes what it was asked, and closes the file. A store that is only dropped does so too, and nobody waits
    /// for it.
    pub fn close(self) -> Result<(), StoreError> {
        drop(self.readers);
        self.writer.stop()
    }
}

impl Store for SqliteStore {
    fn submit(&self, ask: Ask, answer: Answer) {
        if let (Ask::Grant(id), Some(readers)) = (&ask, &self.readers) {
            let grant = readers.grant(id, &self.seal);
            return answer.tell(grant.map(|grant| Told::Grant(grant.map(Box::new))));
        }
        let (seal, now) = (Arc::clone(&self.seal), Arc::clone(&self.now));
        self.writer.run(move |connection| answer.tell(transact(connection, &seal, now(), ask)));
    }
}

fn transact(
    connection: &mut rusqlite::Connection,
    seal: &Seal,
    now: Timestamp,
    ask: Ask,
) -> Result<Told, StoreError> {
    // One that would become a writer halfway is refused at once, however long it may wait.
    let behavior = match ask {
        Ask::Grant(_) | Ask::Grants { .. } => TransactionBehavior::Deferred,
        _ => TransactionBehavior::Immediate,
    };
    let transaction =
        connection.transaction_with_behavior(behavior).map_err(failed("begin a transaction"))?;
    let told = at_once(execute(&mut SqliteTransaction::new(&transaction, seal, now), ask))?;
    transaction.commit().map_err(ending)?;
    Ok(told)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("seal", &self.seal).finish_non_exhaustive()
    }
}
