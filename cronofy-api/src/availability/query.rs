//! What is asked (`developers/api/scheduling/availability`).

use core::num::NonZeroU32;

use cronofy_auth_core::Limit;
use serde::Serialize;

use super::people::Group;
use super::when::{Buffer, Period, at_least_a_minute, whole_seconds};
use crate::time::{DateTime, Duration};
use crate::{EventId, EventUid};

/// A question: who, how long, when, and with how much free around it.
///
/// How many members, periods and days there may be has changed since Cronofy last said so, and is for its answer to
/// say: 10, 10 and 35 are known to pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AvailabilityQuery {
    participants: Vec<Group>,
    required_duration: Duration,
    #[serde(flatten)]
    when: When,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_interval: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buffer: Option<Buffer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_results: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    include_member_statuses: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    excluded_events: Vec<Excluded>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
enum When {
    #[serde(rename = "query_periods")]
    Within(Vec<Period>),
    #[serde(rename = "query_slots")]
    At(Vec<Start>),
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Start {
    start: DateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Slots,
    OverlappingSlots,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Excluded {
    EventId(EventId),
    EventUid(EventUid),
}

impl AvailabilityQuery {
    /// When does this group have so long, a minute at least, within these periods?
    pub fn new<P: Into<Period>>(
        group: Group,
        duration: Duration,
        periods: impl IntoIterator<Item = P>,
    ) -> Self {
        Self::asking(group, duration, When::Within(periods.into_iter().map(Into::into).collect()))
    }

    /// From which of these instants on does this group have so long?
    pub fn starting_at<T: Into<DateTime>>(
        group: Group,
        duration: Duration,
        starts: impl IntoIterator<Item = T>,
    ) -> Self {
        let starts = starts.into_iter().map(|start| Start { start: start.into() });
        Self::asking(group, duration, When::At(starts.collect()))
    }

    fn asking(group: Group, required_duration: Duration, when: When) -> Self {
        Self {
            participants: vec![group],
            required_duration,
            when,
            response_format: None,
            start_interval: None,
            buffer: None,
            max_results: None,
            include_member_statuses: false,
            excluded_events: Vec::new(),
        }
    }

    /// At the same time as this group.
    pub fn and(mut self, group: Group) -> Self {
        self.participants.push(group);
        self
    }

    /// Answered by times of just that length which do not overlap, rather than by periods of that length or more.
    pub fn in_slots(mut self) -> Self {
        self.response_format = Some(Format::Slots);
        self
    }

    /// Answered by times of just that length, from each start on that suits.
    pub fn in_overlapping_slots(mut self) -> Self {
        self.response_format = Some(Format::OverlappingSlots);
        self
    }

    /// Slots start so far apart, a minute at least. Which steps Cronofy takes, and which one without this, is
    /// published nowhere.
    pub fn starting_every(mut self, interval: Duration) -> Self {
        self.start_interval = Some(interval);
        self
    }

    /// With so much free before and after for everybody. It keeps its distance from events, not from the ends of the
    /// periods.
    pub fn buffer(mut self, buffer: Buffer) -> Self {
        self.buffer = Some(buffer);
        self
    }

    /// Answered by so many times at most, the earliest.
    pub fn max_results(mut self, most: NonZeroU32) -> Self {
        self.max_results = Some(most);
        self
    }

    /// Answered with a word on how far Cronofy knows each member's calendars, too.
    pub fn with_member_statuses(mut self) -> Self {
        self.include_member_statuses = true;
        self
    }

    /// As if this event of the application's own were not there: it is to be moved, for one.
    pub fn without_event(mut self, event: EventId) -> Self {
        self.excluded_events.push(Excluded::EventId(event));
        self
    }

    /// As if this event were not there, whoever made it.
    pub fn without_event_uid(mut self, event: EventUid) -> Self {
        self.excluded_events.push(Excluded::EventUid(event));
        self
    }

    pub(crate) fn check(&self) -> Result<(), Limit> {
        Group::check(&self.participants)?;
        at_least_a_minute("required_duration", self.required_duration)?;
        match &self.when {
            When::Within(periods) => {
                Limit::not_empty("query_periods", periods)?;
                Period::check("query_periods", periods)?;
            }
            When::At(starts) => {
                Limit::not_empty("query_slots", starts)?;
                starts.iter().try_for_each(|slot| whole_seconds("query_slots", &[slot.start]))?;
            }
        }
        self.start_interval.map_or(Ok(()), |interval| at_least_a_minute("start_interval", interval))?;
        self.buffer.as_ref().map_or(Ok(()), Buffer::check)
    }
}
