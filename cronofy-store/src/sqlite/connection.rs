//! Where the database is, and how it is opened.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::error::{failed, is_busy};
use super::schema;
use crate::store::StoreError;

/// How long a writer waits for those of other processes.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where SQLite does not wait by itself, it is asked again after this.
const PAUSE: Duration = Duration::from_millis(5);

#[derive(PartialEq, Eq)]
pub(super) enum Location {
    File(PathBuf),
    Memory,
}

impl Location {
    /// A connection that writes, to a database that is up to date.
    pub(super) fn open_to_write(&self) -> Result<Connection, StoreError> {
        let mut connection = match self {
            Self::File(path) => {
                make(path)?;
                // Without the flag for URIs, so that every path is a path.
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(path, flags)
            }
            Self::Memory => Connection::open_in_memory(),
        }
        .map_err(failed("open the file"))?;
        #[cfg(feature = "suite")]
        super::statements::trace(&connection);
        connection.busy_timeout(PATIENCE).map_err(failed("set up the connection"))?;
        // SQLite opens what it cannot write as well, and may fail at reading it: a log cannot be made beside it.
        if connection.is_readonly("main").map_err(failed("open the file"))? {
            return Err(StoreError::ReadOnly("the file cannot be opened for writing".into()));
        }
        schema::check(&connection)?;
        set_up(&connection).map_err(failed("set up the connection"))?;
        schema::migrate(&mut connection)?;
        Ok(connection)
    }

    /// A connection that cannot write. There is none to a database in memory.
    pub(super) fn open_to_read(&self) -> Result<Connection, StoreError> {
        let Self::File(path) = self else { return Err(StoreError::Gone) };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed("open the file"))?;
        #[cfg(feature = "suite")]
        super::statements::trace(&connection);
        connection.busy_timeout(PATIENCE).map_err(failed("set up the connection"))?;
        Ok(connection)
    }
}

/// Makes the file where there is none, so that there is no moment when others can read it. SQLite gives its
/// companions the same mode.
fn make(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Unavailable { doing: "make the file", source: error.into() }),
    }
}

/// With less than `FULL` a transaction that was answered may be gone after a loss of power; here that is a grant
/// that only the user can bring back. What is deleted is overwritten, and nothing is sorted in temporary files.
pub(super) fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    log_ahead(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where macOS writes only as far as the drive's own memory otherwise. It does nothing elsewhere.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// Where several turn over a new file at once, SQLite refuses all but one at once rather than let them wait for each
/// other.
fn log_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let patience = Instant::now() + PATIENCE;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if is_busy(&error) && Instant::now() < patience => thread::sleep(PAUSE),
            done => return done,
        }
    }
}
