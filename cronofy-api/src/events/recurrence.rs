//! How an event repeats (alpha: `developers/api-alpha/recurring-events`).

use serde::Serialize;

use crate::time::{Moment, Weekday};

/// A rule that an event repeats by, or that it does so no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recurrence {
    /// In practice one.
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Rule {
    frequency: Frequency,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_day: Vec<Weekday>,
    #[serde(flatten)]
    end: Option<End>,
}

/// One of them: Cronofy refuses both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Count(u32),
    Until(Moment),
}

/// What an event repeats after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// A day.
    Daily,
    /// A week.
    Weekly,
    /// A month.
    Monthly,
    /// A year.
    Yearly,
}

impl Recurrence {
    /// Every day, week, month or year, for ever.
    pub fn every(frequency: Frequency) -> Self {
        Self { rules: vec![Rule { frequency, interval: None, by_day: Vec::new(), end: None }] }
    }

    /// On these days of every week, for ever.
    pub fn weekly_on(days: impl IntoIterator<Item = Weekday>) -> Self {
        let by_day = days.into_iter().collect();
        Self { rules: vec![Rule { frequency: Frequency::Weekly, interval: None, by_day, end: None }] }
    }

    /// No longer.
    pub fn none() -> Self {
        Self { rules: Vec::new() }
    }

    /// Every second, third, … of them.
    pub fn interval(self, interval: core::num::NonZeroU32) -> Self {
        self.with(|rule| rule.interval = Some(interval.get()))
    }

    /// So many times in all, rather than for ever or until some day.
    pub fn count(self, count: core::num::NonZeroU32) -> Self {
        self.with(|rule| rule.end = Some(End::Count(count.get())))
    }

    /// Until then.
    pub fn until(self, until: impl Into<Moment>) -> Self {
        let until = until.into();
        self.with(|rule| rule.end = Some(End::Until(until)))
    }

    fn with(mut self, change: impl FnOnce(&mut Rule)) -> Self {
        self.rules.first_mut().map(change);
        self
    }
}
