//! Connections for callers that only read, each used by one of them at a time.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::connection::Location;
use crate::store::StoreError;

/// More than these are not kept open; there are more only while more callers read at the same instant.
const KEPT: usize = 8;

pub(super) struct Readers {
    location: Location,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(location: Location) -> Self {
        Self { location, idle: Mutex::default() }
    }

    /// Reads with a connection that nobody else uses meanwhile.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
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
