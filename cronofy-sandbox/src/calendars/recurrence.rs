//! Events that repeat: one rule, and the occurrences that it makes.
//!
//! A day that a month or a year does not have is left out (RFC 5545, section 3.3.10), and an occurrence keeps its
//! time of day in the event's own zone, whatever the clocks there do.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _};

use super::{Event, When};

/// How often an event takes place. The first time is its own start, whether that fits the rule or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recurrence {
    pub(crate) frequency: Frequency,
    /// Every so many days, weeks, months or years.
    pub(crate) interval: u32,
    /// For weeks only. Empty: the weekday of the start.
    pub(crate) by_day: Vec<Weekday>,
    pub(crate) ends: Ends,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    Never,
    After(u32),
    OnDay(Date),
    At(Timestamp),
}

/// Bounds on the work of one series and one answer.
const MOST_OCCURRENCES: usize = 1000;
const MOST_STEPS: i64 = 20_000;

impl Event {
    /// Every time that it takes place between two moments; all of them that start before `to` and end on or after
    /// `from`, days taken in `zone`.
    pub(crate) fn occurrences(&self, window: (Timestamp, Timestamp), zone: &TimeZone) -> Vec<When> {
        match &self.recurrence {
            None => Some(self.when).filter(|when| when.touches(window, zone)).into_iter().collect(),
            Some(recurrence) => {
                let own = self.tzid.as_deref().and_then(|tzid| TimeZone::get(tzid).ok());
                Series::new(self.when, recurrence, own.unwrap_or(TimeZone::UTC)).within(window, zone)
            }
        }
    }
}

struct Series<'a> {
    recurrence: &'a Recurrence,
    zone: TimeZone,
    first: Date,
    length: Length,
}

enum Length {
    Timed { at: Time, lasts: SignedDuration },
    Days(Span, i64),
}

impl<'a> Series<'a> {
    fn new(when: When, recurrence: &'a Recurrence, zone: TimeZone) -> Self {
        let (first, length) = match when {
            When::Timed { start, end } => {
                let local = start.to_zoned(zone.clone()).datetime();
                (local.date(), Length::Timed { at: local.time(), lasts: end.duration_since(start) })
            }
            When::AllDay { start, end } => {
                let days = start.duration_until(end).as_hours() / 24;
                (start, Length::Days(days.days(), days))
            }
        };
        Self { recurrence, zone, first, length }
    }

    fn within(&self, window: (Timestamp, Timestamp), zone: &TimeZone) -> Vec<When> {
        let mut found = Vec::new();
        let mut number = 0;
        let begin = self.step_before(window.0);
        for step in begin..begin.saturating_add(MOST_STEPS) {
            let Some(dates) = self.dates(step) else { break };
            for date in dates {
                let Some(when) = self.on(date) else { return found };
                number += 1;
                let past = super::bounds(when, zone).is_none_or(|(start, _)| start >= window.1);
                if past || self.is_over(number, date, when) || found.len() == MOST_OCCURRENCES {
                    return found;
                }
                if when.touches(window, zone) {
                    found.push(when);
                }
            }
        }
        found
    }

    /// A step whose occurrences all end before `from`. Where occurrences are counted it is the first one.
    fn step_before(&self, from: Timestamp) -> i64 {
        if matches!(self.recurrence.ends, Ends::After(_)) {
            return 0;
        }
        let target = from.to_zoned(self.zone.clone()).date();
        let lasts = match &self.length {
            Length::Timed { lasts, .. } => lasts.as_hours() / 24,
            Length::Days(_, days) => *days,
        };
        let days = self.first.duration_until(target).as_hours() / 24 - lasts;
        let longest = match self.recurrence.frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Yearly => 366,
        };
        (days / longest / i64::from(self.recurrence.interval) - 2).max(0)
    }

    /// The dates of a step, or `None` where the calendar ends.
    fn dates(&self, step: i64) -> Option<Vec<Date>> {
        let by = step.checked_mul(i64::from(self.recurrence.interval))?;
        let first = self.first;
        Some(match self.recurrence.frequency {
            Frequency::Daily => vec![first.checked_add(Span::new().try_days(by).ok()?).ok()?],
            Frequency::Weekly => {
                let back = i64::from(first.weekday().to_monday_zero_offset());
                let monday = first.checked_sub(back.days()).ok()?;
                let monday = monday.checked_add(Span::new().try_weeks(by).ok()?).ok()?;
                let days = (0..7).filter_map(|offset: i64| monday.checked_add(offset.days()).ok());
                let fits = |date: &Date| {
                    let by_day = &self.recurrence.by_day;
                    let own = *date == first || (by_day.is_empty() && date.weekday() == first.weekday());
                    own || by_day.contains(&date.weekday())
                };
                days.filter(|date| *date >= first).filter(fits).collect()
            }
            Frequency::Monthly => {
                let month = first.first_of_month().checked_add(Span::new().try_months(by).ok()?).ok()?;
                Date::new(month.year(), month.month(), first.day()).into_iter().collect()
            }
            Frequency::Yearly => {
                let year = first.first_of_month().checked_add(Span::new().try_years(by).ok()?).ok()?;
                Date::new(year.year(), first.month(), first.day()).into_iter().collect()
            }
        })
    }

    fn on(&self, date: Date) -> Option<When> {
        match &self.length {
            Length::Timed { at, lasts } => {
                let start = date.to_datetime(*at).to_zoned(self.zone.clone()).ok()?.timestamp();
                Some(When::Timed { start, end: start.checked_add(*lasts).ok()? })
            }
            Length::Days(span, _) => Some(When::AllDay { start: date, end: date.checked_add(*span).ok()? }),
        }
    }

    fn is_over(&self, number: u32, date: Date, when: When) -> bool {
        match self.recurrence.ends {
            Ends::Never => false,
            Ends::After(count) => number > count,
            Ends::OnDay(last) => date > last,
            Ends::At(last) => super::bounds(when, &self.zone).is_none_or(|(start, _)| start > last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn event(start: &str, tzid: &str, frequency: Frequency, ends: Ends) -> Event {
        let start = at(start);
        let end = start.checked_add(1.hour()).expect("an hour later");
        let mut event = Event::external("uid".to_owned(), "Series", When::Timed { start, end }, start);
        event.tzid = Some(tzid.to_owned());
        event.recurrence = Some(Recurrence { frequency, interval: 1, by_day: Vec::new(), ends });
        event
    }

    fn starts(event: &Event, from: &str, to: &str) -> Vec<String> {
        let starts = event.occurrences((at(from), at(to)), &TimeZone::UTC).into_iter();
        starts
            .filter_map(|when| super::super::bounds(when, &TimeZone::UTC))
            .map(|(s, _)| s.to_string())
            .collect()
    }

    #[test]
    fn an_occurrence_keeps_its_time_of_day_when_the_clocks_change() {
        let event = event("2031-03-28T09:00:00Z", "Europe/Paris", Frequency::Daily, Ends::After(4));
        let found = starts(&event, "2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z");
        assert_eq!(
            found,
            ["2031-03-28T09:00:00Z", "2031-03-29T09:00:00Z", "2031-03-30T08:00:00Z", "2031-03-31T08:00:00Z"]
        );
    }

    #[test]
    fn days_that_a_month_does_not_have_are_left_out() {
        let event = event("2031-01-31T09:00:00Z", "Etc/UTC", Frequency::Monthly, Ends::After(3));
        let found = starts(&event, "2031-01-01T00:00:00Z", "2033-01-01T00:00:00Z");
        assert_eq!(found, ["2031-01-31T09:00:00Z", "2031-03-31T09:00:00Z", "2031-05-31T09:00:00Z"]);
    }

    #[test]
    fn a_week_has_several_days_and_an_end() {
        let until = Ends::OnDay(jiff::civil::date(2031, 3, 14));
        let mut event = event("2031-03-05T09:00:00Z", "Etc/UTC", Frequency::Weekly, until);
        if let Some(recurrence) = &mut event.recurrence {
            recurrence.by_day = vec![Weekday::Monday, Weekday::Friday];
        }
        let found = starts(&event, "2031-01-01T00:00:00Z", "2033-01-01T00:00:00Z");
        assert_eq!(
            found,
            ["2031-03-05T09:00:00Z", "2031-03-07T09:00:00Z", "2031-03-10T09:00:00Z", "2031-03-14T09:00:00Z"]
        );
    }

    #[test]
    fn a_window_far_away_is_reached_at_once_and_bounded() {
        let event = event("0002-01-01T09:00:00Z", "Etc/UTC", Frequency::Daily, Ends::Never);
        assert_eq!(starts(&event, "2031-03-04T00:00:00Z", "2031-03-06T00:00:00Z").len(), 2);
        let all = event.occurrences((Timestamp::MIN, Timestamp::MAX), &TimeZone::UTC);
        assert_eq!(all.len(), MOST_OCCURRENCES);
        let late = event.occurrences((at("9998-12-30T00:00:00Z"), Timestamp::MAX), &TimeZone::UTC);
        assert!(late.len() > 300, "until the calendar ends: {}", late.len());
    }
}
