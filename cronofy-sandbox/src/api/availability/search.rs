//! Common free time of several groups. Knows neither requests nor calendars.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::free_time::{FreeTime, Moment, Period};

/// What is looked for: a meeting of `length`, at most `most` times.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) groups: Vec<Group<'a>>,
    pub(super) length: Moment,
    pub(super) most: usize,
}

/// Some people of whom at least `required` must have time.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) members: Vec<Member<'a>>,
    pub(super) required: usize,
}

#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) sub: &'a str,
    pub(super) free: FreeTime,
}

/// A period, and who has time for all of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) period: Period,
    pub(super) subs: Vec<&'a str>,
}

/// The periods asked about, in order. What is found lies inside one of them, so none has another one in it.
#[derive(Debug)]
pub(super) struct Windows(Vec<Period>);

impl Windows {
    pub(super) fn new(mut periods: Vec<Period>) -> Self {
        periods.sort_unstable_by_key(|period| (period.start, Reverse(period.end)));
        let mut latest = Moment::MIN;
        periods.retain(|period| {
            let new = period.end > latest;
            latest = latest.max(period.end);
            new
        });
        Self(periods)
    }

    /// From the first start to the last end.
    pub(super) fn span(&self) -> Period {
        let start = self.0.first().map_or(0, |first| first.start);
        Period { start, end: self.0.last().map_or(start, |last| last.end) }
    }

    /// The start of the window in which a stretch was found: it is the last that had begun.
    fn origin(&self, stretch: Period) -> Moment {
        let begun = self.0.partition_point(|window| window.start <= stretch.start);
        begun.checked_sub(1).map_or(stretch.start, |last| self.0[last].start)
    }
}

impl<'a> Search<'a> {
    /// The longest stretches, at least as long as the meeting.
    pub(super) fn periods(&self, windows: &Windows) -> Vec<Found<'a>> {
        Sweep::new(self, windows).take(self.most).map(|stretch| self.found(stretch)).collect()
    }

    /// Slots as long as the meeting, which start a multiple of `step` after the start of their window:
    /// at every one, or one slot after the other.
    pub(super) fn slots(&self, windows: &Windows, step: Moment, overlapping: bool) -> Vec<Found<'a>> {
        let apart = if overlapping { 1 } else { self.length };
        let mut slots = Vec::new();
        let mut earliest = Moment::MIN;
        for stretch in Sweep::new(self, windows) {
            let origin = windows.origin(stretch);
            let on_grid = |time: Moment| origin + (time - origin + step - 1) / step * step;
            let mut start = on_grid(stretch.start.max(earliest));
            while start + self.length <= stretch.end {
                if slots.len() == self.most {
                    return slots;
                }
                slots.push(self.found(Period { start, end: start + self.length }));
                earliest = start + apart;
                start = on_grid(earliest);
            }
        }
        slots
    }

    /// The slots that begin at one of `starts`, as far as enough people have time for them.
    pub(super) fn slots_at(&self, mut starts: Vec<Moment>) -> Vec<Found<'a>> {
        starts.sort_unstable();
        starts.dedup();
        let slots = starts.into_iter().map(|start| Period { start, end: start + self.length });
        slots.filter(|slot| self.suits(*slot)).take(self.most).map(|slot| self.found(slot)).collect()
    }

    fn suits(&self, period: Period) -> bool {
        let free = |group: &Group<'_>| group.members.iter().filter(|m| m.free.contains(period)).count();
        self.groups.iter().all(|group| free(group) >= group.required)
    }

    fn found(&self, period: Period) -> Found<'a> {
        let members = self.groups.iter().flat_map(|group| &group.members);
        let mut subs = Vec::new();
        for member in members.filter(|member| member.free.contains(period)) {
            // Somebody can be in two groups.
            if !subs.contains(&member.sub) {
                subs.push(member.sub);
            }
        }
        Found { period, subs }
    }
}

/// Finds, in order, every stretch that suits and that no longer one contains.
///
/// From any moment on, each member is free until some end, and a group is until the `required`th of these, latest
/// first. Windows are one more group: of those that have begun, the last to end counts. Ends only change where
/// somebody's free time or a window begins, and never to an earlier one: a stretch begins there, it ends where
/// the first group does, and it is new if that is later than all before.
struct Sweep {
    beginnings: Peekable<IntoIter<Beginning>>,
    groups: Vec<Ends>,
    length: Moment,
    reached: Moment,
}

/// That a member of a group has time.
struct Beginning {
    period: Period,
    group: usize,
    member: usize,
}

/// Until when each member of a group has time, counted from the moment that the sweep is at.
struct Ends {
    members: Vec<Moment>,
    required: usize,
}

impl Sweep {
    fn new(search: &Search<'_>, windows: &Windows) -> Self {
        let span = windows.span();
        let mut beginnings: Vec<Beginning> = Vec::new();
        let mut groups: Vec<Ends> = Vec::new();
        for (group, Group { members, required }) in search.groups.iter().enumerate() {
            for (member, Member { free, .. }) in members.iter().enumerate() {
                let periods = free.around(span);
                beginnings.extend(periods.map(|period| Beginning { period, group, member }));
            }
            groups.push(Ends { members: vec![Moment::MIN; members.len()], required: *required });
        }
        let windows = windows.0.iter();
        beginnings.extend(windows.map(|window| Beginning {
            period: *window,
            group: groups.len(),
            member: 0,
        }));
        groups.push(Ends { members: vec![Moment::MIN], required: 1 });
        beginnings.sort_unstable_by_key(|beginning| beginning.period.start);
        let beginnings = beginnings.into_iter().peekable();
        Self { beginnings, groups, length: search.length, reached: Moment::MIN }
    }
}

impl Iterator for Sweep {
    type Item = Period;

    fn next(&mut self) -> Option<Period> {
        while let Some(Beginning { period: Period { start, .. }, .. }) = self.beginnings.peek() {
            let start = *start;
            while let Some(begun) = self.beginnings.next_if(|next| next.period.start == start) {
                self.groups[begun.group].members[begun.member] = begun.period.end;
            }
            let end = self.groups.iter().map(Ends::of_group).min()?;
            if end > self.reached && start + self.length <= end {
                self.reached = end;
                return Some(Period { start, end });
            }
        }
        None
    }
}

impl Ends {
    fn of_group(&self) -> Moment {
        let last = self.required.saturating_sub(1);
        let mut ends = self.members.clone();
        if last >= ends.len() {
            return Moment::MIN;
        }
        *ends.select_nth_unstable_by_key(last, |end| Reverse(*end)).1
    }
}

#[cfg(test)]
mod tests;
