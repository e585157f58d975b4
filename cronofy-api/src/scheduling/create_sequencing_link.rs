//! `POST /v1/real_time_sequencing`.
//!
//! Makes a page on which somebody picks times for several events that follow each other (beta:
//! `developers/api/scheduling/real-time-sequencing`). What refusals mean is told at
//! [`CreateSchedulingLink`](super::CreateSchedulingLink).

use core::fmt;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, read_json};
use cronofy_types::{CallbackUrl, Timestamp};
use serde::Serialize;

use super::page::{EventBody, SchedulingPage};
use super::sequencing_link::{SequencingAnswer, SequencingLink};
use crate::EventId;
use crate::availability::{Period, SequencedEvent};
use crate::credential::{ApiKey, Caller, Sealed as _};
use crate::events::EventDetails;

/// Makes a page on which somebody picks times for a sequence.
#[derive(Clone)]
pub struct CreateSequencingLink {
    caller: Caller,
    page: SchedulingPage,
    availability: Availability,
    callback_url: Option<CallbackUrl>,
}

#[derive(Debug, Clone, Serialize)]
struct Availability {
    sequence: Vec<SequenceStep>,
    query_periods: Vec<Period>,
}

/// One event of a sequence: when it can be, and what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SequenceStep {
    #[serde(flatten)]
    when: SequencedEvent,
    event: EventBody,
}

impl SequenceStep {
    /// This event, at a time that is found so.
    pub fn new(when: SequencedEvent, event: EventId, details: EventDetails) -> Self {
        Self { when, event: EventBody { event_id: event, details } }
    }

    fn check(&self) -> Result<(), Limit> {
        self.when.check()?;
        self.event.details.check()
    }
}

impl CreateSequencingLink {
    /// Offers times for all of these events, within these periods.
    pub fn new<P: Into<Period>>(
        key: &ApiKey,
        page: SchedulingPage,
        sequence: impl IntoIterator<Item = SequenceStep>,
        periods: impl IntoIterator<Item = P>,
    ) -> Self {
        let query_periods = periods.into_iter().map(Into::into).collect();
        let availability = Availability { sequence: sequence.into_iter().collect(), query_periods };
        Self { caller: key.into_caller(), page, availability, callback_url: None }
    }

    /// Calls this URL when times are picked.
    pub fn call_when_completed(mut self, url: CallbackUrl) -> Self {
        self.callback_url = Some(url);
        self
    }
}

/// Without the URL that is called: there may be a secret in it.
impl fmt::Debug for CreateSequencingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, page, availability, .. } = self;
        f.debug_struct("CreateSequencingLink")
            .field("caller", caller)
            .field("page", page)
            .field("availability", availability)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    #[serde(flatten)]
    page: &'a SchedulingPage,
    availability: &'a Availability,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a CallbackUrl>,
}

impl Endpoint for CreateSequencingLink {
    type Output = SequencingLink;

    // The second time there are two pages, of which nobody is told the first.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, page, availability, callback_url } = self;
        page.check()?;
        Limit::not_empty("sequence", &availability.sequence)?;
        availability.sequence.iter().try_for_each(SequenceStep::check)?;
        Limit::not_empty("query_periods", &availability.query_periods)?;
        Period::check("query_periods", &availability.query_periods)?;
        let callback_url = callback_url.as_ref();
        caller.post("/v1/real_time_sequencing").json(&RequestBody { page, availability, callback_url })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SequencingLink, Error> {
        read_json("sequencing link", &response, now)
            .map(|SequencingAnswer { real_time_sequencing, .. }| real_time_sequencing)
    }
}
