//! `tzid`, `from` and `to`: which stretch of time a read is about (docs: events/read-events).

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::time;
use crate::wire::{FieldErrors, Fields};

/// What a read asks for, and what there is to be read.
pub(super) struct Window {
    pub(super) tzid: String,
    pub(super) zone: TimeZone,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// What Cronofy keeps of a calendar.
    synced: (Timestamp, Timestamp),
}

const DAYS_BACK: i64 = 42;
const DAYS_AHEAD: i64 = 201;

impl Window {
    pub(super) fn read(query: &Fields<'_>, now: Timestamp, errors: &mut FieldErrors) -> Self {
        let tzid = query.get("tzid").unwrap_or_default();
        let zone = time::zone(tzid).unwrap_or_else(|| {
            errors.push("tzid", "errors.tzid_unrecognized", "TZID not recognized");
            TimeZone::UTC
        });
        let mut bound = |name: &str| {
            let found = query.get(name).map(|text| time::moment(text, &zone));
            if found == Some(None) {
                errors.invalid(name, "must be a Date or a Time");
            }
            found.flatten()
        };
        let (from, to) = (bound("from"), bound("to"));
        let today = now.to_zoned(zone.clone()).date();
        let day = |offset: i64| {
            today.checked_add(offset.days()).ok().and_then(|date| time::start_of(date, &zone)).unwrap_or(now)
        };
        let synced = (day(-DAYS_BACK), day(DAYS_AHEAD));
        Self { tzid: tzid.to_owned(), zone, from, to, synced }
    }

    /// Events of other origin are known as far as they are synced, whatever is asked for (sandbox choice: whether
    /// Cronofy refuses a wider window is not documented).
    pub(super) fn of_external(&self) -> (Timestamp, Timestamp) {
        let (first, last) = self.synced;
        (self.from.map_or(first, |from| from.max(first)), self.to.map_or(last, |to| to.min(last)))
    }

    /// The application's own events are known wherever they lie: with neither bound, all of them are meant (docs:
    /// events/read-events).
    pub(super) fn of_managed(&self) -> (Timestamp, Timestamp) {
        match (self.from, self.to) {
            (None, None) => (Timestamp::MIN, Timestamp::MAX),
            (from, to) => (from.unwrap_or(self.synced.0), to.unwrap_or(self.synced.1)),
        }
    }

    /// A series without an end has to end somewhere: where calendars are synced.
    pub(super) fn of_managed_series(&self) -> (Timestamp, Timestamp) {
        let (from, to) = self.of_managed();
        (from.max(self.synced.0), to.min(self.synced.1))
    }
}
