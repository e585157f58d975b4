//! Connections for callers that only read, each used by one of them at a time.

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, Row};

use super::connection::Location;
use super::error::failed;
use super::transaction::{grant_cells, grant_row};
use crate::cells::GrantCells;
use crate::opened::{Found, Opened};
use crate::seal::Seal;
use crate::store::StoreError;
use crate::{Grant, GrantId};

/// More than these are not kept open; there are more only while more callers read at the same instant.
const KEPT: usize = 8;

pub(super) struct Readers {
    location: Location,
    idle: Mutex<Vec<Connection>>,
    opened: Opened,
}

impl Readers {
    pub(super) fn new(location: Location) -> Self {
        Self { location, idle: Mutex::default(), opened: Opened::default() }
    }

    /// A grant as it is in the file.
    pub(super) fn grant(&self, id: &GrantId, seal: &Seal) -> Result<Option<Grant>, StoreError> {
        let known = self.opened.find(id);
        let read = |row: &Row<'_>| Found::read(row, known.as_deref(), is_as, grant_cells);
        let found = self.with(|connection| grant_row(connection, id, read))?;
        found.map(|found| self.opened.open(id, found, seal)).transpose()
    }

    /// Reads with a connection that nobody else uses meanwhile.
    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.location.open_to_read(), Ok)?;
        let read = read(&connection)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(read)
    }
}

/// Looked at where SQLite has it, and not copied.
fn is_as(row: &Row<'_>, cells: &GrantCells) -> Result<bool, StoreError> {
    let column = |index| row.get_ref(index).map_err(failed("read"));
    Ok(column(3)?.as_bytes_or_null().ok() == Some(Some(&*cells.tokens))
        && column(2)?.as_str().ok() == Some(&*cells.state)
        && column(1)?.as_i64().ok() == Some(cells.generation.cast_signed())
        && column(0)?.as_str_or_null().ok() == Some(cells.through.as_deref()))
}
