//! `DELETE /v1/bookable_events/{id}/registrations/{registration_id}`.
//!
//! Removes a registration, and what was said of it (`developers/api/scheduling/bookable-events/registrations/delete`).
//! As [`UpsertRegistration`](super::UpsertRegistration) with [`Removed`](super::RegistrationStatus::Removed) does.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::event::BookableEvent;
use crate::credential::{ApiKey, Caller, Sealed};
use crate::{BookableEventId, RegistrationId};

/// Removes a registration.
#[derive(Debug, Clone)]
pub struct RemoveRegistration {
    caller: Caller,
    event: BookableEventId,
    registration: RegistrationId,
}

impl RemoveRegistration {
    /// Removes it from an event.
    pub fn new(key: &ApiKey, event: BookableEventId, registration: RegistrationId) -> Self {
        Self { caller: key.into_caller(), event, registration }
    }
}

impl Endpoint for RemoveRegistration {
    /// The event as it is now.
    type Output = BookableEvent;

    // What is removed cannot be removed again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller
            .delete("/v1/bookable_events/")
            .segment(self.event.as_str())
            .path("/registrations/")
            .segment(self.registration.as_str())
            .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<BookableEvent, Error> {
        read_json("bookable event", &response, now)
    }
}
