//! Holds the libraries to what they cost: instructions, by valgrind's callgrind, and allocations.
//!
//! Neither depends on the machine's clock or its neighbours. `gate` judges and fails where a figure is over its
//! limit; `gate all` prints the figures of every case. Callgrind counts in a process of its own, which is this
//! program again.
#![allow(clippy::print_stdout, reason = "a program that reports")]

mod callgrind;
mod limits;

use std::process::ExitCode;

use cronofy_benches::{GROUPS, allocations, find};

use crate::callgrind::Callgrind;
use crate::limits::LIMITS;

const USAGE: &str = "gate: judges; gate all: prints every case; gate count CASE TIMES: runs one";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => judge(),
        ["all"] => table(),
        ["count", case, times] => count(case, times),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<bool, Box<dyn std::error::Error>>;

fn judge() -> Done {
    let callgrind = Callgrind::ready()?;
    let mut kept = true;
    println!("{:>10} {:>10}", "measured", "limit");
    for limit in LIMITS {
        let measured = limit.figure.measure(&callgrind)?;
        let over = if measured > limit.most { "  OVER" } else { "" };
        let aim = limit.missed_aim.filter(|aim| measured > *aim);
        let aim = aim.map(|aim| format!("  (MISSES ITS AIM of {aim})")).unwrap_or_default();
        println!("{measured:>10.3} {:>10.3}  {}{over}{aim}", limit.most, limit.figure);
        kept &= over.is_empty();
    }
    println!("{}", if kept { "all within their limits" } else { "over a limit: README.md says what to do" });
    Ok(kept)
}

fn table() -> Done {
    let callgrind = Callgrind::ready()?;
    for group in GROUPS {
        println!("\n{:<32} {:>12} {:>8} {:>12}", group.name, "instructions", "x limit", "allocations");
        let mut least = None;
        for case in group.cases {
            let name = format!("{}/{}", group.name, case.name);
            let instructions = callgrind.instructions(&name)?;
            let ratio = instructions / *least.get_or_insert(instructions);
            let allocations = allocations(&name)?;
            println!("  {:<30} {instructions:>12.0} {ratio:>8.2} {allocations:>12.1}", case.name);
        }
    }
    Ok(true)
}

fn count(case: &str, times: &str) -> Done {
    let case = find(case).ok_or("no such case")?;
    (case.prepare)()(times.parse()?);
    Ok(true)
}

/// How many allocations one run makes, once whatever is kept between runs is there.
fn allocations(case: &str) -> Result<f64, String> {
    const TIMES: u32 = 200;
    let case = find(case).ok_or_else(|| format!("no case {case}"))?;
    let mut run = (case.prepare)();
    run(20);
    let before = allocations::so_far();
    run(TIMES.into());
    let made = u32::try_from(allocations::so_far() - before).map_err(|error| error.to_string())?;
    Ok(f64::from(made) / f64::from(TIMES))
}
