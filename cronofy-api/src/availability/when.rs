//! When, how far apart, and with how much free around it (`developers/api/scheduling/availability`).

use cronofy_auth_core::{Limit, Rule};
use serde::Serialize;

use crate::time::{DateTime, Duration};

/// From one instant to another. Made of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// When it starts.
    pub start: DateTime,
    /// When it ends.
    pub end: DateTime,
}

impl<S: Into<DateTime>, E: Into<DateTime>> From<(S, E)> for Period {
    fn from((start, end): (S, E)) -> Self {
        Self { start: start.into(), end: end.into() }
    }
}

impl Period {
    pub(crate) fn check(parameter: &'static str, periods: &[Self]) -> Result<(), Limit> {
        periods.iter().try_for_each(|period| whole_seconds(parameter, &[period.start, period.end]))
    }
}

pub(crate) fn whole_seconds(parameter: &'static str, times: &[DateTime]) -> Result<(), Limit> {
    if times.iter().any(DateTime::has_fraction) {
        return Err(Limit { parameter, rule: Rule::WholeSeconds });
    }
    Ok(())
}

/// Holds a duration to what Cronofy takes: a minute at least, and a 32-bit integer (`developers/api/data-types`).
pub(crate) fn at_least_a_minute(parameter: &'static str, duration: Duration) -> Result<(), Limit> {
    at_most_an_integer(parameter, duration, 1)
}

pub(crate) fn at_most_an_integer(
    parameter: &'static str,
    duration: Duration,
    least: u32,
) -> Result<(), Limit> {
    let most = i32::MAX.unsigned_abs();
    if (least..=most).contains(&duration.as_minutes()) {
        return Ok(());
    }
    Err(Limit { parameter, rule: Rule::Between { least: least.into(), most: most.into() } })
}

/// What has to be free before and after: a [`Duration`], or, in a sequence, a [`Gap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Buffer<T = Duration> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<T>,
}

impl<T> Buffer<T> {
    /// So much before.
    pub const fn before(before: T) -> Self {
        Self { before: Some(before), after: None }
    }

    /// So much after.
    pub const fn after(after: T) -> Self {
        Self { before: None, after: Some(after) }
    }

    /// So much before, and so much after.
    pub const fn around(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    fn sides(&self) -> impl Iterator<Item = &T> {
        [&self.before, &self.after].into_iter().flatten()
    }
}

impl Buffer {
    pub(super) fn check(&self) -> Result<(), Limit> {
        self.sides().try_for_each(|side| at_most_an_integer("buffer", *side, 0))
    }
}

/// How far an event of a sequence may be from the one next to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<Duration>,
}

impl Gap {
    /// No less than this.
    pub const fn at_least(minimum: Duration) -> Self {
        Self { minimum: Some(minimum), maximum: None }
    }

    /// No more than this.
    pub const fn at_most(maximum: Duration) -> Self {
        Self { minimum: None, maximum: Some(maximum) }
    }

    /// No less than the one, and no more than the other.
    pub const fn between(minimum: Duration, maximum: Duration) -> Self {
        Self { minimum: Some(minimum), maximum: Some(maximum) }
    }
}

impl Buffer<Gap> {
    pub(super) fn check_gaps(&self) -> Result<(), Limit> {
        let gaps = self.sides().flat_map(|gap| [gap.minimum, gap.maximum]).flatten();
        gaps.into_iter().try_for_each(|duration| at_most_an_integer("buffer", duration, 0))
    }
}
