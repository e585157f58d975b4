//! Common free time of several groups: arithmetic on times only.

use jiff::{Span, Timestamp};

/// A participant: who, and when they have no time.
pub(super) struct Diary {
    pub(super) sub: String,
    pub(super) busy: Vec<(Timestamp, Timestamp)>,
}

/// Some diaries of which at least `required` must be free.
pub(super) struct Group {
    pub(super) members: Vec<Diary>,
    pub(super) required: usize,
}

/// A stretch of time, and who is free for all of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) free: Vec<String>,
}

/// Who is free from `start` to `end`, if that is enough of every group.
fn free(groups: &[Group], start: Timestamp, end: Timestamp) -> Option<Vec<String>> {
    let mut subs = Vec::new();
    for group in groups {
        let available = group.members.iter().filter(|member| {
            !member.busy.iter().any(|(busy_from, busy_to)| *busy_from < end && *busy_to > start)
        });
        let before = subs.len();
        subs.extend(available.map(|member| member.sub.clone()));
        if subs.len() - before < group.required {
            return None;
        }
    }
    Some(subs)
}

/// Slots of exactly `length`, tried every `step`; `overlapping` or one after the other.
pub(super) fn slots(
    groups: &[Group],
    (from, to): (Timestamp, Timestamp),
    length: Span,
    step: Span,
    overlapping: bool,
    most: usize,
) -> Vec<Slot> {
    let mut found = Vec::new();
    let mut start = from;
    while found.len() < most {
        let Ok(end) = start.checked_add(length) else { break };
        if end > to {
            break;
        }
        let hit = free(groups, start, end);
        let advance = if hit.is_some() && !overlapping {
            // The next slot starts on the grid, and not before this one ends.
            std::iter::successors(Some(start), |at| at.checked_add(step).ok()).find(|at| *at >= end)
        } else {
            start.checked_add(step).ok()
        };
        if let Some(free) = hit {
            found.push(Slot { start, end, free });
        }
        let Some(next) = advance else { break };
        start = next;
    }
    found
}

/// The longest stretches of at least `length` for which enough members are free throughout.
pub(super) fn periods(
    groups: &[Group],
    (from, to): (Timestamp, Timestamp),
    length: Span,
    most: usize,
) -> Vec<Slot> {
    let inside = |time: &Timestamp| *time > from && *time < to;
    let busy = groups.iter().flat_map(|group| &group.members).flat_map(|member| &member.busy);
    let mut edges: Vec<Timestamp> = busy.flat_map(|(start, end)| [*start, *end]).filter(inside).collect();
    edges.extend([from, to]);
    edges.sort_unstable();
    edges.dedup();
    let mut found: Vec<Slot> = Vec::new();
    for (index, start) in edges.iter().copied().enumerate() {
        if found.len() >= most {
            break;
        }
        // Who is free for a longer stretch is free for a shorter one: the last end that works is the longest.
        let longest = edges[index + 1..]
            .iter()
            .map_while(|end| free(groups, start, *end).map(|free| Slot { start, end: *end, free }))
            .last();
        let Some(slot) = longest else { continue };
        let long_enough = start.checked_add(length).is_ok_and(|earliest| earliest <= slot.end);
        let contained = found.last().is_some_and(|previous| previous.end >= slot.end);
        if long_enough && !contained {
            found.push(slot);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u8, minute: u8) -> Timestamp {
        format!("2031-03-04T{hour:02}:{minute:02}:00Z").parse().expect("a time of day")
    }

    fn diary(sub: &str, busy: &[(u8, u8)]) -> Diary {
        let busy = busy.iter().map(|(from, to)| (at(*from, 0), at(*to, 0))).collect();
        Diary { sub: sub.to_owned(), busy }
    }

    #[test]
    fn everybody_is_free_between_all_meetings() {
        let groups = [Group { members: vec![diary("a", &[(9, 10)]), diary("b", &[(11, 12)])], required: 2 }];
        let found = periods(&groups, (at(8, 0), at(13, 0)), Span::new().minutes(60), 10);
        let stretches: Vec<_> = found.iter().map(|slot| (slot.start, slot.end)).collect();
        assert_eq!(stretches, [(at(8, 0), at(9, 0)), (at(10, 0), at(11, 0)), (at(12, 0), at(13, 0))]);
    }

    #[test]
    fn one_of_two_is_enough_where_one_is_asked_for() {
        let groups = [Group { members: vec![diary("a", &[(9, 10)]), diary("b", &[(10, 11)])], required: 1 }];
        let found = periods(&groups, (at(8, 0), at(12, 0)), Span::new().minutes(30), 10);
        assert_eq!((found[0].start, found[0].end, found[0].free.len()), (at(8, 0), at(10, 0), 1));
        assert_eq!((found[1].start, found[1].end, found.len()), (at(10, 0), at(12, 0), 2));
    }

    #[test]
    fn slots_follow_each_other_or_overlap() {
        let groups = [Group { members: vec![diary("a", &[(9, 10)])], required: 1 }];
        let (length, step) = (Span::new().minutes(60), Span::new().minutes(30));
        let apart = slots(&groups, (at(8, 0), at(12, 0)), length, step, false, 10);
        assert_eq!(apart.iter().map(|slot| slot.start).collect::<Vec<_>>(), [at(8, 0), at(10, 0), at(11, 0)]);
        let overlapping = slots(&groups, (at(8, 0), at(12, 0)), length, step, true, 10);
        assert_eq!(overlapping.len(), 4);
    }
}
