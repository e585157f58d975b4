//! When somebody has time: arithmetic on periods only.

use jiff::Timestamp;

/// Seconds since 1970. Every Time of the API is a whole one.
pub(super) type Moment = i64;

/// From `start` to an `end` that is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Period {
    pub(super) start: Moment,
    pub(super) end: Moment,
}

impl Period {
    pub(super) fn of((start, end): (Timestamp, Timestamp)) -> Self {
        Self { start: start.as_second(), end: end.as_second() }
    }
}

/// How many seconds around a meeting must be free as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Buffer {
    pub(super) before: Moment,
    pub(super) after: Moment,
}

/// The periods in which somebody can be met, in order, with something between each and the next.
#[derive(Debug)]
pub(super) struct FreeTime(Vec<Period>);

impl FreeTime {
    /// What `busy` leaves of the time that lies in one of the periods of each list in `within`. The buffer keeps a
    /// distance from what is busy, not from where these end.
    pub(super) fn new(
        busy: Vec<Period>,
        buffer: Buffer,
        within: impl IntoIterator<Item = Vec<Period>>,
    ) -> Self {
        // Who needs time before a meeting cannot begin one soon after another ends: seen from the other one,
        // `before` lengthens its end.
        let kept_free = busy.into_iter().filter(|busy| busy.start < busy.end).map(|busy| Period {
            start: busy.start.saturating_sub(buffer.after),
            end: busy.end.saturating_add(buffer.before),
        });
        let outside = within.into_iter().flat_map(gaps);
        Self(gaps(kept_free.chain(outside).collect()))
    }

    /// All that is free in one of them at least.
    pub(super) fn any_of(free: impl IntoIterator<Item = Self>) -> Self {
        let taken = gaps(free.into_iter().flat_map(|free| free.0).collect());
        Self(gaps(taken))
    }

    pub(super) fn contains(&self, period: Period) -> bool {
        let begun = self.0.partition_point(|free| free.start <= period.start);
        begun.checked_sub(1).is_some_and(|last| self.0[last].end >= period.end)
    }

    /// Those that reach into `span`.
    pub(super) fn around(&self, span: Period) -> impl Iterator<Item = Period> + '_ {
        let first = self.0.partition_point(|free| free.end <= span.start);
        self.0[first..].iter().copied().take_while(move |free| free.start < span.end)
    }
}

/// All the time that is in none of `periods`.
fn gaps(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_unstable();
    let mut gaps = Vec::new();
    let mut start = Moment::MIN;
    for period in periods {
        if start < period.start {
            gaps.push(Period { start, end: period.start });
        }
        start = start.max(period.end);
    }
    if start < Moment::MAX {
        gaps.push(Period { start, end: Moment::MAX });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: Moment, end: Moment) -> Period {
        Period { start, end }
    }

    #[test]
    fn meetings_leave_gaps_inside_the_periods_given() {
        let within = Some(vec![period(50, 90), period(0, 20), period(20, 40)]);
        let busy = vec![period(30, 60), period(10, 12), period(11, 14)];
        let free = FreeTime::new(busy, Buffer::default(), within);
        assert_eq!(free.0, [period(0, 10), period(14, 30), period(60, 90)]);
        assert!(free.contains(period(14, 30)) && !free.contains(period(14, 31)));
        assert_eq!(free.around(period(10, 61)).collect::<Vec<_>>(), [period(14, 30), period(60, 90)]);
    }

    #[test]
    fn a_buffer_is_kept_on_its_own_side() {
        let free = FreeTime::new(vec![period(30, 40)], Buffer { before: 5, after: 1 }, None);
        assert!(free.contains(period(20, 29)) && !free.contains(period(20, 30)));
        assert!(free.contains(period(45, 50)) && !free.contains(period(44, 50)));
    }

    #[test]
    fn what_is_free_in_one_is_free_in_all_together() {
        let within = |start, end| FreeTime::new(Vec::new(), Buffer::default(), [vec![period(start, end)]]);
        let free = FreeTime::any_of([within(20, 40), within(0, 20), within(50, 60)]);
        assert_eq!(free.0, [period(0, 40), period(50, 60)]);
        assert_eq!(FreeTime::any_of([]).0, []);
        let both = [vec![period(0, 30)], vec![period(20, 50)]];
        assert_eq!(FreeTime::new(Vec::new(), Buffer::default(), both).0, [period(20, 30)]);
    }

    #[test]
    fn what_takes_no_time_leaves_all_of_it() {
        let free = FreeTime::new(vec![period(30, 30)], Buffer { before: 5, after: 5 }, None);
        assert!(free.contains(period(0, 60)));
    }
}
