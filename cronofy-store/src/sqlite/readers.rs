//! Connections for callers that only read, each used by one of them at a time.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::connection::Location;
use super::opened::{Found, Opened};
use super::transaction::grant_row;
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
        let read =
            |connection: &Connection| grant_row(connection, id, |row| Found::read(row, known.as_deref()));
        match self.with(read)? {
            None => Ok(None),
            Some(Found::AsKnown(grant)) => Ok(Some(grant)),
            Some(Found::New(cells)) => self.opened.open(id, cells, seal).map(Some),
        }
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
