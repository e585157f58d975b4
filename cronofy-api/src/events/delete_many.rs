//! `DELETE /v1/events`.
//!
//! Deletes the application's own events, all of them or those of some calendars
//! (`developers/api/events/bulk-delete-events`). Accepted at once and done later. Needs the scope `delete_event`, or a
//! bundle with it.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, read_nothing};
use cronofy_types::{CalendarId, Timestamp};
use serde::Serialize;

use crate::credential::{Caller, ForAccount};

/// Deletes the events that the application made.
#[derive(Debug, Clone)]
pub struct DeleteEvents {
    caller: Caller,
    which: Which,
}

/// One or the other: Cronofy refuses both, and neither.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    DeleteAll(bool),
    CalendarIds(Vec<CalendarId>),
}

impl DeleteEvents {
    /// Deletes those of every calendar of the account.
    pub fn all(who: impl ForAccount) -> Self {
        Self { caller: who.into_caller(), which: Which::DeleteAll(true) }
    }

    /// Deletes those of these calendars, of which there has to be one at least.
    pub fn of_calendars(who: impl ForAccount, calendars: impl IntoIterator<Item = CalendarId>) -> Self {
        Self { caller: who.into_caller(), which: Which::CalendarIds(calendars.into_iter().collect()) }
    }
}

impl Endpoint for DeleteEvents {
    type Output = ();

    // What is gone cannot go again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        if let Which::CalendarIds(calendars) = &self.which {
            Limit::not_empty("calendar_ids", calendars)?;
        }
        self.caller.delete("/v1/events").json(&self.which)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
