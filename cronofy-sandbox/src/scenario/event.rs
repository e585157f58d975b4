//! An event as a person writes it: at an absolute time, or so many days after the day on which the sandbox starts.
//!
//! | | starts | ends |
//! |---|---|---|
//! | `day = 1, start = "09:00", end = "10:00"` | tomorrow at nine where its owner lives | that day, or on `last_day` |
//! | `day = [1, 8], start = "09:00Z", end = "10:00Z"` | twice, at nine in UTC | |
//! | `day = 3`, `day = 3, last_day = 5` | one whole day, three whole days | |
//! | `start = "2031-03-04T09:00:00Z"` | that instant; without an offset, where its owner lives | `end`, alike |
//! | `start = "2031-03-04"` | that whole day | the day before `end`, as on Cronofy's wire |

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::form::is_default;
use super::moment::{Days, Moment};
use crate::calendars::{self, Location, Participation, Person, Transparency, When};

/// An event in somebody's own calendar, not written by any application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Event {
    pub(crate) summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) day: Option<Days>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_day: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Moment>,
    /// Where the times are meant, unless where the owner lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tzid: Option<String>,
    /// The name of one of the owner's calendars, unless the primary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) calendar: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organizer: Option<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) attendees: Vec<Attendee>,
    /// What the owner said to it: `accepted`, unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) participation: Option<Participation>,
    /// How it blocks the owner's time: `opaque`, unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transparency: Option<Transparency>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) private: bool,
}

/// Somebody who was invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attendee {
    pub(crate) email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default = "unanswered")]
    pub(crate) status: Participation,
}

/// What cannot be, in which member.
pub(super) type Wrong = (&'static str, String);

/// One time at which an event is, with a name that tells it from the event's others.
pub(super) type Occurrence = (String, When);

impl Event {
    /// The times of the event, for an owner who lives in `tzid`, counted from `today`.
    pub(super) fn occurrences(&self, tzid: &str, today: Date) -> Result<Vec<Occurrence>, Wrong> {
        let tzid = self.tzid.as_deref().unwrap_or(tzid);
        let zone = TimeZone::get(tzid).map_err(|_| ("tzid", format!("`{tzid}` is no IANA time zone")))?;
        let Some(days) = &self.day else { return self.absolute(&zone).map(|one| vec![one]) };
        if self.last_day.is_some() && days.0.len() > 1 {
            return Err((
                "last_day",
                "an event on several days has no last one: write one event each".to_owned(),
            ));
        }
        let on = |day: i32| {
            today
                .checked_add(i64::from(day).days())
                .map_err(|_| ("day", format!("day {day} is in no calendar")))
        };
        let relative = |day: i32| {
            let (first, last) = (on(day)?, on(self.last_day.unwrap_or(day))?);
            let when = match (self.start, self.end) {
                (None, None) => {
                    let end =
                        last.tomorrow().map_err(|_| ("day", format!("day {day} is the last there is")))?;
                    When::AllDay { start: first, end }
                }
                (Some(start), Some(end)) => When::Timed {
                    start: start.on(first, &zone).ok_or_else(|| ("start", TIME_OF_DAY.to_owned()))?,
                    end: end.on(last, &zone).ok_or_else(|| ("end", TIME_OF_DAY.to_owned()))?,
                },
                (Some(_), None) => return Err(("start", "it starts and does not end: add `end`".to_owned())),
                (None, Some(_)) => return Err(("end", "it ends and does not start: add `start`".to_owned())),
            };
            checked(when).map(|when| (day.to_string(), when))
        };
        days.0.iter().copied().map(relative).collect()
    }

    fn absolute(&self, zone: &TimeZone) -> Result<Occurrence, Wrong> {
        let Some(start) = self.start else {
            return Err(("summary", "the event has no time: add `day`, or `start` and `end`".to_owned()));
        };
        if self.last_day.is_some() {
            return Err(("last_day", "it belongs to `day`, which is not there".to_owned()));
        }
        let when = match (start, self.end) {
            (Moment::Date(start), None) => When::AllDay { start, end: start.saturating_add(1.day()) },
            (Moment::Date(start), Some(Moment::Date(end))) => When::AllDay { start, end },
            (Moment::Date(_), Some(_)) => {
                return Err(("end", "the event starts with a whole day, so it ends with one".to_owned()));
            }
            (_, None) => return Err(("start", "it starts and does not end: add `end`".to_owned())),
            (_, Some(end)) => When::Timed {
                start: start.instant(zone).ok_or_else(|| ("start", DATE_AND_TIME.to_owned()))?,
                end: end.instant(zone).ok_or_else(|| ("end", DATE_AND_TIME.to_owned()))?,
            },
        };
        checked(when).map(|when| (start.to_string(), when))
    }

    /// What is in the calendar then.
    pub(super) fn entry(&self, uid: String, when: When, written: Timestamp) -> calendars::Event {
        let attendee = |attendee: &Attendee| calendars::Attendee {
            person: Person { email: attendee.email.clone(), name: attendee.name.clone() },
            status: attendee.status,
        };
        calendars::Event {
            description: self.description.clone(),
            tzid: self.tzid.clone(),
            location: self.location.clone(),
            url: self.url.clone(),
            organizer: self.organizer.clone(),
            attendees: self.attendees.iter().map(attendee).collect(),
            participation: self.participation.unwrap_or(Participation::Accepted),
            transparency: self.transparency.unwrap_or(Transparency::Opaque),
            private: self.private,
            ..calendars::Event::external(uid, &self.summary, when, written)
        }
    }

    /// What is in a calendar, as a person would write it.
    pub(crate) fn of(event: &calendars::Event, calendar: Option<String>) -> Self {
        let (start, end) = match event.when {
            When::Timed { start, end } => (Moment::Instant(start), Moment::Instant(end)),
            When::AllDay { start, end } => (Moment::Date(start), Moment::Date(end)),
        };
        let attendee = |attendee: &calendars::Attendee| Attendee {
            email: attendee.person.email.clone(),
            name: attendee.person.name.clone(),
            status: attendee.status,
        };
        Self {
            summary: event.summary.clone(),
            start: Some(start),
            end: Some(end),
            tzid: event.tzid.clone(),
            calendar,
            description: event.description.clone(),
            location: event.location.clone(),
            url: event.url.clone(),
            organizer: event.organizer.clone(),
            attendees: event.attendees.iter().map(attendee).collect(),
            participation: Some(event.participation),
            transparency: Some(event.transparency),
            private: event.private,
            ..Self::default()
        }
    }
}

const TIME_OF_DAY: &str = "with `day` it is a time of day, such as 09:00 or 09:00Z";
const DATE_AND_TIME: &str = "without `day` it is a date, or a date and a time, such as 2031-03-04T09:00:00Z";

/// An event takes time.
fn checked(when: When) -> Result<When, Wrong> {
    let forward = match when {
        When::Timed { start, end } => start < end,
        When::AllDay { start, end } => start < end,
    };
    if forward { Ok(when) } else { Err(("end", "the event ends before it starts, or at once".to_owned())) }
}

fn unanswered() -> Participation {
    Participation::NeedsAction
}
