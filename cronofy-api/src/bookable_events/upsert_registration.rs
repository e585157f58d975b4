//! `POST /v1/bookable_events/{id}/registrations`.
//!
//! Registers somebody for an event, or changes a registration
//! (`developers/api/scheduling/bookable-events/registrations/upsert`). What an event answers that is full nobody says.

use std::collections::BTreeMap;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, Rule, read_json};
use cronofy_types::Timestamp;
use serde::Serialize;

use super::event::{BookableEvent, RegistrationStatus};
use super::name;
use crate::credential::{ApiKey, Caller, Sealed};
use crate::{BookableEventId, RegistrationId};

/// How much may be said of a registration, as Cronofy's own clients tell.
const PAIRS: usize = 10;

/// Makes or changes a registration.
#[derive(Debug, Clone)]
pub struct UpsertRegistration {
    caller: Caller,
    event: BookableEventId,
    registration: RegistrationId,
    status: RegistrationStatus,
    metadata: BTreeMap<String, String>,
}

impl UpsertRegistration {
    /// A registration to an event, under a name of the application's own: of letters, digits, `_` and `-`. By the same
    /// name it is changed later.
    pub fn new(
        key: &ApiKey,
        event: BookableEventId,
        registration: RegistrationId,
        status: RegistrationStatus,
    ) -> Self {
        Self { caller: key.into_caller(), event, registration, status, metadata: BTreeMap::new() }
    }

    /// Keeps something with it, such as who it is. At most ten of them.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    registration_id: &'a RegistrationId,
    status: &'a RegistrationStatus,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: &'a BTreeMap<String, String>,
}

impl Endpoint for UpsertRegistration {
    /// The event as it is now.
    type Output = BookableEvent;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, event, registration, status, metadata } = self;
        name::check("registration_id", registration.as_str())?;
        if metadata.len() > PAIRS {
            let rule = Rule::Items { count: metadata.len(), most: PAIRS };
            return Err(Limit { parameter: "metadata", rule }.into());
        }
        let body = RequestBody { registration_id: registration, status, metadata };
        caller.post("/v1/bookable_events/").segment(event.as_str()).path("/registrations").json(&body)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<BookableEvent, Error> {
        read_json("bookable event", &response, now)
    }
}
