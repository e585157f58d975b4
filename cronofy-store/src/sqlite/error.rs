//! What SQLite says, as a store says it.

use rusqlite::{Error, ErrorCode};

use crate::store::StoreError;

/// It failed at this, and nothing of it happened.
pub(super) fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError {
    move |error| match error.sqlite_error_code() {
        _ if is_busy(&error) => StoreError::Busy(error.into()),
        Some(ErrorCode::DiskFull) => StoreError::Full(error.into()),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly(error.into()),
        Some(ErrorCode::NotADatabase) => StoreError::Foreign,
        Some(ErrorCode::DatabaseCorrupt) => {
            StoreError::Unreadable { what: "the database", source: error.into() }
        }
        _ => StoreError::Unavailable { doing, source: error.into() },
    }
}

/// It failed at the end of a transaction. Where the disk itself failed, the last page may have arrived or not.
pub(super) fn ending(error: Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => StoreError::Unknown(error.into()),
        _ => failed("end a transaction")(error),
    }
}

pub(super) fn is_busy(error: &Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
