//! The limits hold, whatever workers, the server and the clock do; and nearly all of them can be used.
//!
//! Time has two hands here: the real one, in which requests are sent and the server counts, and the store's clock,
//! which is set back now and then. What sliding windows hold, fixed ones hold too, whatever they begin with.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use cronofy_store::decide::budget::{AHEAD, LONGEST_PAUSE, Limits, Permit, Row, reserve, slow};
use cronofy_types::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

/// More than it is ever set back.
const FAR: Duration = Duration::from_secs(1_000_000);

type Reserve = fn(Row, Limits, Timestamp) -> (Row, Permit);

#[derive(Debug, Clone)]
enum Step {
    /// So many workers ask, one after the other.
    Ask(u32),
    Pass(Duration),
    SetBack(Duration),
    /// The server says 429, and perhaps how long it wants to be left alone.
    Slow(Option<Duration>),
}

fn steps() -> impl Strategy<Value = (Limits, Vec<Step>)> {
    let short = (0..2_000_000_000u64).prop_map(Duration::from_nanos);
    let long = (0..200u64).prop_map(Duration::from_secs);
    let step = prop_oneof![
        8 => (1..60u32).prop_map(Step::Ask),
        6 => short.clone().prop_map(Step::Pass),
        2 => long.clone().prop_map(Step::Pass),
        1 => short.prop_map(Step::SetBack),
        1 => (0..10_000u64).prop_map(|seconds| Step::SetBack(Duration::from_secs(seconds))),
        1 => proptest::option::of(long).prop_map(Step::Slow),
    ];
    let limits = prop_oneof![
        3 => Just(Limits::default()),
        1 => Just(Limits { per_second: 50, per_minute: 500 }),
        1 => (0..20u32, 0..200u32).prop_map(|(per_second, per_minute)| Limits { per_second, per_minute }),
    ];
    (limits, proptest::collection::vec(step, 1..60))
}

/// Sends whatever is permitted, and says what is wrong with that.
fn wrong_with(reserve: Reserve, limits: Limits, steps: &[Step]) -> Option<String> {
    let (mut row, mut real, mut behind) = (Row::default(), Duration::ZERO, Duration::ZERO);
    let clock = |real: Duration, behind: Duration| {
        NOW.saturating_add(FAR.saturating_sub(behind)).saturating_add(real)
    };
    let (mut sent, mut silent_until) = (Vec::new(), Duration::ZERO);
    for step in steps {
        let now = clock(real, behind);
        match step {
            Step::Ask(workers) => {
                for _ in 0..*workers {
                    let permit;
                    (row, permit) = reserve(row, limits, now);
                    match permit {
                        Permit::In(wait) if wait > AHEAD => return Some(format!("a wait of {wait:?}")),
                        Permit::In(wait) if real + wait < silent_until => {
                            return Some(format!("sent at {real:?} + {wait:?}, before {silent_until:?}"));
                        }
                        Permit::In(wait) => sent.push(real + wait),
                        Permit::Later(Duration::ZERO) => {
                            return Some("later, and not at all later".to_owned());
                        }
                        Permit::Later(_) => {}
                    }
                }
            }
            Step::Pass(time) => real += *time,
            Step::SetBack(by) => behind += *by,
            Step::Slow(asked) => {
                row = slow(row, *asked, now);
                silent_until = silent_until.max(real + asked.unwrap_or_default());
            }
        }
    }
    sent.sort_unstable();
    for (window, limit) in [(1, limits.per_second), (60, limits.per_minute)] {
        // Both ends counted: one more than the limit takes longer than the window.
        let limit = limit.max(1) as usize;
        for (first, last) in sent.iter().zip(sent.iter().skip(limit)) {
            if last.saturating_sub(*first) <= Duration::from_secs(window) {
                return Some(format!("{} from {first:?} to {last:?}, in {window} s", limit + 1));
            }
        }
    }
    None
}

proptest! {
    #[test]
    fn no_window_holds_more_than_its_limit((limits, steps) in steps()) {
        prop_assert_eq!(wrong_with(reserve, limits, &steps), None);
    }

    /// However far it was set back, nobody is told to wait for longer than the longest pause.
    #[test]
    fn a_clock_that_is_set_back_stops_nobody_for_long((limits, steps) in steps()) {
        let (mut row, mut clock) = (Row::default(), FAR);
        let at = |clock: Duration| NOW.saturating_add(clock);
        for step in steps {
            match step {
                Step::Ask(workers) => (0..workers).for_each(|_| row = reserve(row, limits, at(clock)).0),
                Step::Pass(time) => clock += time,
                Step::SetBack(by) => clock = clock.saturating_sub(by),
                Step::Slow(asked) => row = slow(row, asked, at(clock)),
            }
        }
        let mut waited = Duration::ZERO;
        while let (kept, Permit::Later(after)) = reserve(row, limits, at(clock)) {
            row = kept;
            clock += after;
            waited += after;
        }
        prop_assert!(waited <= LONGEST_PAUSE.max(limits.interval()), "{waited:?}");
    }
}

/// The test above finds what it is for.
#[test]
fn budgets_that_leave_something_out_are_caught() {
    let forgets_who_waits: Reserve = |row, limits, now| {
        let (kept, permit) = reserve(row, limits, now);
        (Row { next: now.saturating_add(limits.interval()), ..kept }, permit)
    };
    let believes_a_clock_that_was_set_back: Reserve = |row, limits, now| {
        let row = if row.next.saturating_since(now) > AHEAD + limits.interval() {
            Row { next: now, ..row }
        } else {
            row
        };
        reserve(row, limits, now)
    };
    let forgets_the_pause: Reserve = |row, limits, now| reserve(Row { not_before: NOW, ..row }, limits, now);
    let counts_seconds_only: Reserve =
        |row, limits, now| reserve(row, Limits { per_minute: u32::MAX, ..limits }, now);
    for broken in
        [forgets_who_waits, believes_a_clock_that_was_set_back, forgets_the_pause, counts_seconds_only]
    {
        let config =
            Config { failure_persistence: None, max_shrink_iters: 0, cases: 2000, ..Config::default() };
        let found = TestRunner::new(config).run(&steps(), |(limits, steps)| {
            prop_assert_eq!(wrong_with(broken, limits, &steps), None);
            Ok(())
        });
        assert!(found.is_err());
    }
}

/// Workers who ask, wait, send, wait for the answer, and ask again, for an hour.
#[test]
fn nearly_all_of_the_limit_can_be_used() {
    for workers in [4, 64] {
        let (mut row, mut sent) = (Row::default(), 0u32);
        let mut free: BinaryHeap<Reverse<(Duration, u64)>> =
            (0..workers).map(|worker| Reverse((Duration::ZERO, worker))).collect();
        while let Some(Reverse((real, worker))) = free.pop() {
            if real > Duration::from_secs(3600) {
                continue;
            }
            let permit;
            (row, permit) = reserve(row, Limits::default(), NOW.saturating_add(real));
            let busy = match permit {
                Permit::In(wait) => {
                    sent += 1;
                    wait + Duration::from_millis(20 + 97 * (worker + u64::from(sent)) % 300)
                }
                Permit::Later(after) => after,
            };
            free.push(Reverse((real + busy, worker)));
        }
        let most = 500 * 60;
        assert!(f64::from(sent) >= 0.985 * f64::from(most), "{workers} workers sent {sent} of {most}");
        assert!(sent <= most + 1);
    }
}
