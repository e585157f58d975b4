//! What was found (`developers/api/scheduling/availability`).

mod read;
mod write;

use core::ops::Range;
use core::slice;

use cronofy_types::{Extra, Sub, open_enum, open_enum_from_any_text};

use crate::object::object;
use crate::time::DateTime;

/// The times at which everybody can be met, in the order in which they came.
///
/// Members are named once, however many times there are, and nothing is allocated for a single one.
#[derive(Debug, Clone, PartialEq)]
pub struct Availability {
    list: List,
    times: Vec<Time>,
    /// Those of all times, one after the other.
    participants: Vec<Present>,
    subs: Vec<Sub>,
    /// How far Cronofy knows the calendars of the members, if that was asked for.
    pub member_statuses: Vec<MemberStatus>,
    /// Members that this version has no name for.
    pub extra: Extra,
}

/// What the list is called, by what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Periods,
    Slots,
}

#[derive(Debug, Clone, PartialEq)]
struct Time {
    start: DateTime,
    end: DateTime,
    participants: Range<usize>,
    extra: Extra,
}

#[derive(Debug, Clone, PartialEq)]
struct Present {
    /// Which of the members.
    sub: usize,
    extra: Extra,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            Self::Periods => "available_periods",
            Self::Slots => "available_slots",
        }
    }
}

impl Availability {
    /// How many times there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// One of them, counted from zero.
    pub fn get(&self, index: usize) -> Option<Available<'_>> {
        Some(Available { all: self, time: self.times.get(index)? })
    }

    /// One after the other.
    pub fn iter(&self) -> AvailableTimes<'_> {
        AvailableTimes { all: self, times: self.times.iter() }
    }

    /// Everybody who can come at some time.
    pub fn subs(&self) -> &[Sub] {
        &self.subs
    }
}

impl<'a> IntoIterator for &'a Availability {
    type Item = Available<'a>;
    type IntoIter = AvailableTimes<'a>;

    fn into_iter(self) -> AvailableTimes<'a> {
        self.iter()
    }
}

/// The times of an [`Availability`].
#[derive(Debug, Clone)]
pub struct AvailableTimes<'a> {
    all: &'a Availability,
    times: slice::Iter<'a, Time>,
}

impl<'a> Iterator for AvailableTimes<'a> {
    type Item = Available<'a>;

    fn next(&mut self) -> Option<Available<'a>> {
        Some(Available { all: self.all, time: self.times.next()? })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.times.size_hint()
    }
}

impl ExactSizeIterator for AvailableTimes<'_> {}

/// A time at which everybody can be met: a slot of the length that was asked for, or a period of that length or more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Available<'a> {
    all: &'a Availability,
    time: &'a Time,
}

impl<'a> Available<'a> {
    /// When it starts, in UTC.
    pub fn start(&self) -> &'a DateTime {
        &self.time.start
    }

    /// When it ends, in UTC.
    pub fn end(&self) -> &'a DateTime {
        &self.time.end
    }

    /// Who can come, of all who were asked about.
    pub fn participants(&self) -> impl ExactSizeIterator<Item = Participant<'a>> + use<'a> {
        let Self { all, time } = *self;
        let present = all.participants.get(time.participants.clone()).unwrap_or_default();
        present.iter().map(move |present| Participant { all, present })
    }

    /// Members that this version has no name for.
    pub fn extra(&self) -> &'a Extra {
        &self.time.extra
    }
}

/// Somebody who can come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Participant<'a> {
    all: &'a Availability,
    present: &'a Present,
}

impl<'a> Participant<'a> {
    /// Who it is.
    pub fn sub(&self) -> &'a Sub {
        &self.all.subs[self.present.sub]
    }

    /// Members that this version has no name for.
    pub fn extra(&self) -> &'a Extra {
        &self.present.extra
    }
}

object! {
    /// How far the calendars of a member are known.
    pub struct MemberStatus {
        /// Whose they are.
        sub: Sub,
        /// How far.
        sync_status: Option<SyncStatus> = text,
    }
}

open_enum! {
    /// How far Cronofy knows somebody's calendars.
    pub enum SyncStatus {
        /// It knows them.
        Active = "active",
        /// It is still to read them for the first time.
        Pending = "pending",
        /// It can read them no longer: what it says of them is what they were.
        Disconnected = "disconnected",
    }
}
open_enum_from_any_text!(SyncStatus);
