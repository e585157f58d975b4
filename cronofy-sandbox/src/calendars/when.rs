//! When something begins and ends.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Timed {
        start: Timestamp,
        end: Timestamp,
    },
    /// From one day to another one that is not part of it.
    AllDay {
        start: Date,
        end: Date,
    },
}

impl When {
    /// Whether it starts before `to` and ends on or after `from` (docs: events/read-events).
    pub(crate) fn touches(self, (from, to): (Timestamp, Timestamp), zone: &TimeZone) -> bool {
        bounds(self, zone).is_some_and(|(start, end)| start < to && end >= from)
    }
}

/// When something begins and ends, days taken in `zone`.
pub(crate) fn bounds(when: When, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    match when {
        When::Timed { start, end } => Some((start, end)),
        When::AllDay { start, end } => Some((start_of(start, zone)?, start_of(end, zone)?)),
    }
}

/// The first moment of a day.
pub(crate) fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
}
