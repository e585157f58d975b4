//! The cases of a group beside each other: time against the limit, and allocations.
//!
//! Every round runs each case once, a millisecond or two, in rotating order, and the ratios of a round are
//! taken before their median is: a neighbour that slows the machine slows all of a round. Time is that of the
//! thread, so that a neighbour who takes the core away takes none of it.
#![allow(clippy::print_stdout, reason = "a program that reports")]
#![allow(clippy::cast_precision_loss, reason = "nanoseconds and counts are far from 2 to the power of 52")]

use std::time::Instant;

use cronofy_benches::{Case, GROUPS, Group, Runner, allocations};
use rustix::time::{ClockId, clock_gettime};

const ROUNDS: usize = 151;
const NANOSECONDS_A_ROUND: f64 = 2e6;

fn main() {
    // `cargo bench` hands on flags of its own, such as `--bench`; what is left names groups.
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |group: &&Group| wanted.is_empty() || wanted.iter().any(|part| group.name.contains(part));
    for group in GROUPS.iter().filter(is_wanted) {
        report(group);
    }
}

/// A case made ready, and what was seen of it.
struct Measured {
    case: &'static Case,
    run: Runner,
    times: u64,
    allocations: f64,
    /// Nanoseconds of one run, one for each round.
    rounds: Vec<f64>,
}

impl Measured {
    fn new(case: &'static Case) -> Self {
        let mut run = (case.prepare)();
        run(20);
        let before = allocations::so_far();
        run(100);
        let allocations = (allocations::so_far() - before) as f64 / 100.0;
        let mut times = 1;
        while taken(&mut run, times) * (times as f64) < NANOSECONDS_A_ROUND && times < 1 << 20 {
            times *= 2;
        }
        Self { case, run, times, allocations, rounds: Vec::with_capacity(ROUNDS) }
    }

    fn round(&mut self) {
        self.rounds.push(taken(&mut self.run, self.times));
    }
}

/// Nanoseconds of this thread for one run.
fn taken(run: &mut Runner, times: u64) -> f64 {
    let clock = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
    };
    let start = clock();
    run(times);
    (clock() - start) / times as f64
}

fn report(group: &'static Group) {
    let start = Instant::now();
    let mut cases: Vec<Measured> = group.cases.iter().map(Measured::new).collect();
    for round in 0..ROUNDS {
        for place in 0..cases.len() {
            let at = (round + place) % cases.len();
            cases[at].round();
        }
    }
    println!(
        "\n{:<32} {:>12} {:>12} {:>8} {:>12}   ({:.0?})",
        group.name,
        "median ns",
        "best ns",
        "x limit",
        "allocations",
        start.elapsed()
    );
    for measured in &cases {
        let ratios = measured.rounds.iter().zip(&cases[0].rounds).map(|(time, limit)| time / limit);
        println!(
            "  {:<30} {:>12.0} {:>12.0} {:>8.2} {:>12.1}",
            measured.case.name,
            median(measured.rounds.iter().copied()),
            measured.rounds.iter().copied().fold(f64::INFINITY, f64::min),
            median(ratios),
            measured.allocations,
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
