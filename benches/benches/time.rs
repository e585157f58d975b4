//! Every case under criterion, which keeps its figures and compares the next run with them: for whoever
//! changes a library and wants to know what became slower. To compare the cases with each other, `ratios`.

use std::time::{Duration, Instant};

use criterion::Criterion;
use cronofy_benches::GROUPS;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for group in GROUPS {
        let mut benchmarks = criterion.benchmark_group(group.name);
        for case in group.cases {
            let mut run = None;
            benchmarks.bench_function(case.name, |bencher| {
                // Only for the cases that the filter lets through.
                let run = run.get_or_insert_with(case.prepare);
                bencher.iter_custom(|times| {
                    let start = Instant::now();
                    run(times);
                    start.elapsed()
                });
            });
        }
        benchmarks.finish();
    }
    criterion.final_summary();
}
