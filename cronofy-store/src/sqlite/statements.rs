//! For tests of whole programs: every statement is told, so that one can die at each of them.

use std::sync::OnceLock;

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

static HEARS: OnceLock<fn()> = OnceLock::new();

/// Has `hears` called before and after every statement of the stores that are opened from now on. The first call
/// counts.
pub fn on_every_statement(hears: fn()) {
    let _ = HEARS.set(hears);
}

pub(super) fn trace(connection: &Connection) {
    if HEARS.get().is_some() {
        // The one comes before a statement, the other once it is done.
        let points = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
        connection.trace_v2(points, Some(tell));
    }
}

fn tell(_: TraceEvent<'_>) {
    if let Some(hears) = HEARS.get() {
        hears();
    }
}
