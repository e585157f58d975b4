//! `POST /v1/bookable_events`.
//!
//! Makes an event that others register for (`developers/api/scheduling/bookable-events/create`). What a second one of
//! the same name does nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, Rule, read_json};
use cronofy_types::Timestamp;
use serde::Serialize;

use super::event::{BookableEvent, BookableEventStatus};
use super::name;
use crate::BookableEventId;
use crate::availability::{Period, whole_seconds};
use crate::credential::{ApiKey, Caller, Sealed};

/// The most registrations that an event may take.
const LARGEST: u16 = 256;

/// Makes an event that others register for.
#[derive(Debug, Clone)]
pub struct CreateBookableEvent {
    caller: Caller,
    event: BookableEventId,
    period: Period,
    status: BookableEventStatus,
    capacity: u16,
}

impl CreateBookableEvent {
    /// An event from a start to an end, in UTC, under a name of the application's own: of letters, digits, `_` and `-`.
    /// So many may register, from 1 to 256.
    pub fn new(key: &ApiKey, event: BookableEventId, period: impl Into<Period>, capacity: u16) -> Self {
        Self {
            caller: key.into_caller(),
            event,
            period: period.into(),
            status: BookableEventStatus::Confirmed,
            capacity,
        }
    }

    /// It does not take place.
    pub fn cancelled(mut self) -> Self {
        self.status = BookableEventStatus::Cancelled;
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    bookable_event_id: &'a BookableEventId,
    #[serde(flatten)]
    period: &'a Period,
    status: &'a BookableEventStatus,
    registration: Capacity,
}

#[derive(Serialize)]
struct Capacity {
    capacity: u16,
}

impl Endpoint for CreateBookableEvent {
    type Output = BookableEvent;

    // There is one of a name: at worst the second answer is that it is there.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, event, period, status, capacity } = self;
        name::check("bookable_event_id", event.as_str())?;
        whole_seconds("start", &[period.start])?;
        whole_seconds("end", &[period.end])?;
        if !(1..=LARGEST).contains(capacity) {
            let rule = Rule::Between { least: 1, most: LARGEST.into() };
            return Err(Limit { parameter: "registration.capacity", rule }.into());
        }
        let registration = Capacity { capacity: *capacity };
        caller.post("/v1/bookable_events").json(&RequestBody {
            bookable_event_id: event,
            period,
            status,
            registration,
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<BookableEvent, Error> {
        read_json("bookable event", &response, now)
    }
}
