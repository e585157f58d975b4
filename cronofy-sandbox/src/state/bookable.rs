//! When accounts can be booked, as applications said it (docs: scheduling/managed-availability).

use std::collections::BTreeMap;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::{GrantKey, State};

/// What an application said of an account, under names of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bookable {
    pub(crate) periods: BTreeMap<String, AvailablePeriod>,
    pub(crate) rules: BTreeMap<String, AvailabilityRule>,
}

/// One time.
#[derive(Clone, Debug)]
pub(crate) struct AvailablePeriod {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// The zone to show it in.
    pub(crate) tzid: Option<String>,
}

/// Every week.
#[derive(Clone, Debug)]
pub(crate) struct AvailabilityRule {
    pub(crate) tzid: String,
    pub(crate) zone: TimeZone,
    /// The calendars whose events count; all where there is none.
    pub(crate) calendar_ids: Vec<String>,
    pub(crate) weekly: Vec<Weekly>,
}

/// From one time of a day of the week to a later one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weekly {
    pub(crate) day: Weekday,
    pub(crate) start: Time,
    pub(crate) end: Time,
}

impl AvailabilityRule {
    /// The times of the rule that can lie between two moments.
    pub(crate) fn between(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let mut times = Vec::new();
        let last = to.to_zoned(self.zone.clone()).date();
        let mut next = Some(from.to_zoned(self.zone.clone()).date());
        while let Some(date) = next.filter(|date| *date <= last) {
            let at = |time: Time| {
                let zoned = date.to_datetime(time).to_zoned(self.zone.clone());
                zoned.ok().map(|zoned| zoned.timestamp())
            };
            let on_it = self.weekly.iter().filter(|weekly| weekly.day == date.weekday());
            times.extend(on_it.filter_map(|weekly| at(weekly.start).zip(at(weekly.end))));
            next = date.checked_add(1.days()).ok();
        }
        times
    }
}

impl State {
    /// What an application said of an account, if it ever said something. It outlives the authorization.
    pub(crate) fn bookable(&self, account: &GrantKey) -> Option<&Bookable> {
        self.bookable.get(account)
    }

    pub(crate) fn bookable_mut(&mut self, account: &GrantKey) -> &mut Bookable {
        self.bookable.entry(account.clone()).or_default()
    }
}
