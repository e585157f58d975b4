//! `POST /v1/sequenced_availability`.
//!
//! When several events can follow each other, each with people of its own: the talks of an interview, for one (beta:
//! `developers/api/scheduling/sequenced-availability`). The credential, and what a 402 and a 422 mean, are as for
//! [`FindAvailability`](super::FindAvailability).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, read_json};
use cronofy_types::Timestamp;
use serde::Serialize;

use super::people::Group;
use super::sequences::Sequences;
use super::when::{Buffer, Gap, Period, at_least_a_minute};
use crate::SequenceId;
use crate::credential::{Caller, ForAccountOrApplication};
use crate::time::Duration;

/// Asks when events can follow each other.
#[derive(Debug, Clone)]
pub struct FindSequencedAvailability {
    caller: Caller,
    sequence: Vec<SequencedEvent>,
    query_periods: Vec<Period>,
}

impl FindSequencedAvailability {
    /// When can all of these take place, within these periods?
    pub fn new<P: Into<Period>>(
        who: impl ForAccountOrApplication,
        sequence: impl IntoIterator<Item = SequencedEvent>,
        periods: impl IntoIterator<Item = P>,
    ) -> Self {
        let (sequence, periods) = (sequence.into_iter(), periods.into_iter());
        Self {
            caller: who.into_caller(),
            sequence: sequence.collect(),
            query_periods: periods.map(Into::into).collect(),
        }
    }
}

/// One event of a sequence: who, and how long.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SequencedEvent {
    sequence_id: SequenceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    ordinal: Option<u32>,
    participants: Vec<Group>,
    required_duration: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_interval: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buffer: Option<Buffer<Gap>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    query_periods: Vec<Period>,
}

impl SequencedEvent {
    /// An event under a name of the application's own, for this group, of this length: a minute at least.
    pub fn new(name: SequenceId, group: Group, duration: Duration) -> Self {
        Self {
            sequence_id: name,
            ordinal: None,
            participants: vec![group],
            required_duration: duration,
            start_interval: None,
            buffer: None,
            query_periods: Vec::new(),
        }
    }

    /// Its place among the others.
    pub fn ordinal(mut self, ordinal: u32) -> Self {
        self.ordinal = Some(ordinal);
        self
    }

    /// Together with this group.
    pub fn and(mut self, group: Group) -> Self {
        self.participants.push(group);
        self
    }

    /// Starts are so far apart, a minute at least.
    pub fn starting_every(mut self, interval: Duration) -> Self {
        self.start_interval = Some(interval);
        self
    }

    /// So far from the events before and after it.
    pub fn buffer(mut self, buffer: Buffer<Gap>) -> Self {
        self.buffer = Some(buffer);
        self
    }

    /// Within this period, or another that is given, rather than those of the whole sequence.
    pub fn within(mut self, period: impl Into<Period>) -> Self {
        self.query_periods.push(period.into());
        self
    }

    pub(crate) fn check(&self) -> Result<(), Limit> {
        Group::check(&self.participants)?;
        at_least_a_minute("required_duration", self.required_duration)?;
        self.start_interval.map_or(Ok(()), |interval| at_least_a_minute("start_interval", interval))?;
        self.buffer.as_ref().map_or(Ok(()), Buffer::check_gaps)?;
        Period::check("query_periods", &self.query_periods)
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    query_periods: &'a [Period],
    sequence: &'a [SequencedEvent],
}

impl Endpoint for FindSequencedAvailability {
    type Output = Sequences;

    // It changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { sequence, query_periods, .. } = self;
        Limit::not_empty("sequence", sequence)?;
        sequence.iter().try_for_each(SequencedEvent::check)?;
        Limit::not_empty("query_periods", query_periods)?;
        Period::check("query_periods", query_periods)?;
        self.caller.post("/v1/sequenced_availability").json(&RequestBody { query_periods, sequence })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Sequences, Error> {
        read_json("sequenced availability", &response, now)
    }
}
