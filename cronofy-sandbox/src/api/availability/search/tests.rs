//! The search against what trying every minute finds.

use proptest::prelude::*;

use super::super::free_time::Buffer;
use super::*;

/// The time in which everything happens.
const DAY: Moment = 48;

/// What a search is made from.
#[derive(Clone, Debug)]
struct Person {
    busy: Vec<Period>,
    buffer: Buffer,
    within: Option<Vec<Period>>,
}

#[derive(Clone, Debug)]
struct Case {
    groups: Vec<(Vec<Person>, usize)>,
    windows: Vec<Period>,
    length: Moment,
    step: Moment,
}

const NAMES: [&str; 3] = ["a", "b", "c"];

impl Person {
    /// Straight from the words of the request.
    fn has_time(&self, period: Period) -> bool {
        let (from, to) = (period.start - self.buffer.before, period.end + self.buffer.after);
        let inside = |minute: Moment| match &self.within {
            None => true,
            Some(within) => within.iter().any(|period| period.start <= minute && minute < period.end),
        };
        self.busy.iter().all(|busy| busy.end <= from || busy.start >= to)
            && (period.start..period.end).all(inside)
    }
}

impl Case {
    fn search(&self) -> Search<'static> {
        let member = |(index, person): (usize, &Person)| Member {
            sub: NAMES[index],
            free: FreeTime::new(person.busy.clone(), person.buffer, person.within.clone()),
        };
        let group = |(people, required): &(Vec<Person>, usize)| Group {
            members: people.iter().enumerate().map(member).collect(),
            required: *required,
        };
        Search { groups: self.groups.iter().map(group).collect(), length: self.length, most: usize::MAX }
    }

    fn windows(&self) -> Windows {
        Windows::new(self.windows.clone())
    }

    fn suits(&self, period: Period) -> bool {
        let free = |people: &[Person]| people.iter().filter(|person| person.has_time(period)).count();
        self.windows.iter().any(|window| window.start <= period.start && period.end <= window.end)
            && self.groups.iter().all(|(people, required)| free(people) >= *required)
    }

    /// Every period that suits and is in no longer one.
    fn every_period(&self) -> Vec<Period> {
        let all = (0..DAY).flat_map(|start| (start + 1..=DAY).map(move |end| Period { start, end }));
        all.filter(|period| {
            let longer =
                [Period { start: period.start - 1, ..*period }, Period { end: period.end + 1, ..*period }];
            period.end - period.start >= self.length
                && self.suits(*period)
                && !longer.iter().any(|longer| self.suits(*longer))
        })
        .collect()
    }

    /// One minute after the other; windows must be apart.
    fn every_slot(&self, overlapping: bool) -> Vec<Period> {
        let mut slots: Vec<Period> = Vec::new();
        for start in 0..DAY {
            let slot = Period { start, end: start + self.length };
            let on_grid = self.windows.iter().any(|window| {
                window.start <= start && slot.end <= window.end && (start - window.start) % self.step == 0
            });
            let after = overlapping || slots.last().is_none_or(|last| last.end <= start);
            if on_grid && after && self.suits(slot) {
                slots.push(slot);
            }
        }
        slots
    }
}

fn bare(found: &[Found<'_>]) -> Vec<Period> {
    found.iter().map(|found| found.period).collect()
}

fn period() -> impl Strategy<Value = Period> {
    (0..DAY - 1, 1..16_i64).prop_map(|(start, length)| Period { start, end: (start + length).min(DAY) })
}

fn person() -> impl Strategy<Value = Person> {
    let within = prop::option::of(prop::collection::vec(period(), 1..4));
    (prop::collection::vec(period(), 0..4), 0..4_i64, 0..4_i64, within)
        .prop_map(|(busy, before, after, within)| Person { busy, buffer: Buffer { before, after }, within })
}

fn case() -> impl Strategy<Value = Case> {
    let group = prop::collection::vec(person(), 1..4)
        .prop_flat_map(|people| (Just(people.clone()), 1..=people.len()));
    let wide = (0..8_i64, 20..=DAY).prop_map(|(start, end)| Period { start, end });
    let windows = prop::collection::vec(prop_oneof![wide, period()], 1..4);
    (prop::collection::vec(group, 1..3), windows, 1..10_i64, 1..10_i64)
        .prop_map(|(groups, windows, length, step)| Case { groups, windows, length, step })
}

/// A case whose windows are apart: where they overlap, slots of one stand in the way of those of another.
fn plain_case() -> impl Strategy<Value = Case> {
    case().prop_map(|mut case| {
        case.windows.sort_unstable();
        let mut reached = -1;
        case.windows.retain(|window| {
            let apart = window.start > reached;
            if apart {
                reached = window.end;
            }
            apart
        });
        case
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn periods_are_those_that_trying_all_finds(case in case()) {
        prop_assert_eq!(bare(&case.search().periods(&case.windows())), case.every_period());
    }

    #[test]
    fn slots_are_those_that_trying_all_finds(case in plain_case(), overlapping: bool) {
        let found = case.search().slots(&case.windows(), case.step, overlapping);
        prop_assert_eq!(bare(&found), case.every_slot(overlapping));
    }

    #[test]
    fn slots_asked_for_are_tried_each(case in case(), starts in prop::collection::vec(0..DAY, 0..12)) {
        let everywhere = Case { windows: vec![Period { start: 0, end: 2 * DAY }], ..case };
        let slot = |start: Moment| Period { start, end: start + everywhere.length };
        let mut expected: Vec<Period> =
            starts.iter().map(|start| slot(*start)).filter(|slot| everywhere.suits(*slot)).collect();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(bare(&everywhere.search().slots_at(starts)), expected);
    }

    #[test]
    fn everything_found_suits_is_in_order_and_names_who_has_time(
        case in case(),
        overlapping: bool,
        most in 0..6_usize,
    ) {
        let search = Search { most, ..case.search() };
        let slots = search.slots(&case.windows(), case.step, overlapping);
        let apart = if overlapping { 1 } else { case.length };
        prop_assert!(slots.windows(2).all(|pair| pair[1].period.start >= pair[0].period.start + apart));
        prop_assert!(slots.iter().all(|slot| slot.period.end - slot.period.start == case.length));
        for found in [search.periods(&case.windows()), slots] {
            prop_assert!(found.len() <= most);
            prop_assert!(found.is_sorted_by(|a, b| a.period < b.period));
            for Found { period, subs } in found {
                prop_assert!(case.suits(period));
                let people = |name: usize| case.groups.iter().filter_map(move |(people, _)| people.get(name));
                let free = (0..NAMES.len()).filter(|name| people(*name).any(|person| person.has_time(period)));
                let mut subs = subs;
                subs.sort_unstable();
                prop_assert_eq!(subs, free.map(|name| NAMES[name]).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn another_meeting_never_makes_time(case in case(), meeting in period(), at: prop::sample::Index) {
        let before = case.search().periods(&case.windows());
        let mut busier = case.clone();
        let people: Vec<&mut Person> = busier.groups.iter_mut().flat_map(|(people, _)| people).collect();
        let chosen = at.index(people.len());
        people.into_iter().nth(chosen).expect("an index inside").busy.push(meeting);
        for Found { period, .. } in busier.search().periods(&case.windows()) {
            let inside = |found: &Found<'_>| found.period.start <= period.start && period.end <= found.period.end;
            prop_assert!(before.iter().any(inside));
        }
    }
}

#[test]
fn one_of_two_is_enough_where_one_is_asked_for() {
    let busy =
        |start, end| Person { busy: vec![Period { start, end }], buffer: Buffer::default(), within: None };
    let windows = vec![Period { start: 8, end: 20 }];
    let case = Case { groups: vec![(vec![busy(10, 12), busy(12, 14)], 1)], windows, length: 1, step: 1 };
    let found = case.search().periods(&case.windows());
    let expected =
        [(8, 12, vec!["b"]), (12, 20, vec!["a"])].map(|(start, end, subs)| (Period { start, end }, subs));
    let found: Vec<_> = found.into_iter().map(|found| (found.period, found.subs)).collect();
    assert_eq!(found, expected);
}

/// The most that the bounds of a request allow. Work that grows with the square of it would not end in anybody's
/// patience.
#[test]
fn fifty_people_with_a_thousand_meetings_each_are_no_work() {
    let day = Person { busy: Vec::new(), buffer: Buffer { before: 1, after: 1 }, within: None };
    let people: Vec<Person> = (0..50)
        .map(|shift| {
            let busy = (0..1000).map(|n| Period { start: n * 100 + shift, end: n * 100 + shift + 50 });
            Person { busy: busy.collect(), ..day.clone() }
        })
        .collect();
    let member = |person: &Person| Member {
        sub: "a",
        free: FreeTime::new(person.busy.clone(), person.buffer, person.within.clone()),
    };
    let windows = Windows::new(vec![Period { start: 0, end: 100_000 }]);
    for (required, length) in [(50, 10), (25, 10), (1, 10), (50, 30)] {
        let groups = vec![Group { members: people.iter().map(member).collect(), required }];
        let search = Search { groups, length, most: 512 };
        assert!(search.periods(&windows).len() <= 512 && search.slots(&windows, 1, true).len() <= 512);
    }
}
