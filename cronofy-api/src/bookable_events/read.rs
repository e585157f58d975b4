//! `GET /v1/bookable_events/{id}`.
//!
//! An event that others register for, with the first of its registrations
//! (`developers/api/scheduling/bookable-events/read`).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::event::BookableEvent;
use crate::BookableEventId;
use crate::credential::{ApiKey, Caller, Sealed};

/// Asks for one event.
#[derive(Debug, Clone)]
pub struct ReadBookableEvent {
    caller: Caller,
    event: BookableEventId,
}

impl ReadBookableEvent {
    /// Asks for the event that the application calls so.
    pub fn new(key: &ApiKey, event: BookableEventId) -> Self {
        Self { caller: key.into_caller(), event }
    }
}

impl Endpoint for ReadBookableEvent {
    type Output = BookableEvent;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/bookable_events/").segment(self.event.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<BookableEvent, Error> {
        read_json("bookable event", &response, now)
    }
}
