//! What PostgreSQL says, as a store says it.

use core::error::Error as _;
use core::fmt;
use std::io::ErrorKind;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::store::{Cause, StoreError};

/// What the server or its connection said, in one line. What goes along with a refusal is left out: it may quote a row,
/// or the values that a statement was given.
#[derive(Debug)]
pub(super) struct Said {
    text: Box<str>,
    /// Whether it may go better at once: the connection is gone, or two were in each other's way.
    passing: bool,
}

impl Said {
    pub(super) fn plainly(text: impl Into<Box<str>>) -> Cause {
        Box::new(Self { text: text.into(), passing: false })
    }

    pub(super) fn late() -> Cause {
        Self::plainly("it did not answer in time")
    }

    fn of(error: &Error, passing: bool) -> Cause {
        let text = match error.as_db_error() {
            Some(said) => format!("{} {}: {}", said.severity(), said.code().code(), said.message()),
            None => chain(error),
        };
        Box::new(Self { text: text.into(), passing })
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl core::error::Error for Said {}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// It failed at this before the end of a transaction was asked for, so nothing of it happened.
pub(super) fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError {
    move |error| {
        let said = |passing| Said::of(&error, passing);
        match error.code() {
            Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                StoreError::Busy(said(true))
            }
            Some(&SqlState::TOO_MANY_CONNECTIONS) => StoreError::Busy(said(true)),
            Some(&SqlState::LOCK_NOT_AVAILABLE) => StoreError::Busy(said(false)),
            Some(&SqlState::DISK_FULL) => StoreError::Full(said(false)),
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => StoreError::ReadOnly(said(false)),
            Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
                StoreError::Unreadable { what: "the database", source: said(false) }
            }
            _ => StoreError::Unavailable { doing, source: said(is_gone(&error)) },
        }
    }
}

/// It failed at the end of a transaction. What a server that lives refuses is taken back. Otherwise the word may have
/// reached it, and its answer was lost.
pub(super) fn ending(error: Error) -> StoreError {
    let refused = error.as_db_error().and_then(DbError::parsed_severity) == Some(Severity::Error)
        && error.code() != Some(&SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN)
        && !is_gone(&error);
    if refused { failed("end a transaction")(error) } else { StoreError::Unknown(Said::of(&error, false)) }
}

/// Whether trying again may help, where it is certain that nothing happened.
pub(super) fn is_passing(error: &StoreError) -> bool {
    let (StoreError::Busy(source) | StoreError::Unavailable { source, .. }) = error else { return false };
    source.downcast_ref::<Said>().is_some_and(|said| said.passing)
}

/// Whether the connection has ended or never came about, or the server begins or ends just now: the classes 08 and 57P.
fn is_gone(error: &Error) -> bool {
    if let Some(code) = error.code() {
        return code.code().starts_with("08") || code.code().starts_with("57P");
    }
    // What cannot be understood, or vouched for, is no better at once: TLS refuses a certificate so.
    let broke = |error: &std::io::Error| error.kind() != ErrorKind::InvalidData;
    error.is_closed() || error.source().and_then(<dyn core::error::Error>::downcast_ref).is_some_and(broke)
}
