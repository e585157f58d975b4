//! `PostgresStore` against a server. Without one nothing is tested, and that is said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "it is its own harness")]

mod callers;
mod cut;
mod database;
mod proxy;
mod races;
mod sealed;
#[path = "../support/mod.rs"]
mod support;
mod tables;
mod tls;
mod trouble;
mod whole;

use std::panic::{AssertUnwindSafe, catch_unwind};

type Test = (&'static str, fn());

/// The tests of a file, by their names.
macro_rules! list {
    ($($test:ident),* $(,)?) => {
        pub(crate) const TESTS: &[$crate::Test] = &[$((stringify!($test), $test)),*];
    };
}
use list;

fn main() {
    if database::address().is_none() {
        println!(
            "SKIPPED: PostgresStore was not tested. `.ci/postgres cargo test -p cronofy-store --test postgres` does \
             with a server of its own, and {}=postgres://user:password@host/database with that one.",
            database::ADDRESS
        );
        return;
    }
    if races::one_of_several() {
        return;
    }
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let chosen =
        |test: &&Test| arguments.is_empty() || arguments.iter().any(|part| test.0.contains(part.as_str()));
    let mut failed = Vec::new();
    let all = [
        whole::TESTS,
        callers::TESTS,
        tables::TESTS,
        tls::TESTS,
        cut::TESTS,
        trouble::TESTS,
        races::TESTS,
        sealed::TESTS,
    ];
    for (name, test) in all.into_iter().flatten().filter(chosen) {
        let passed = catch_unwind(AssertUnwindSafe(test)).is_ok();
        println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
        if !passed {
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        println!("failed: {failed:?}");
        std::process::exit(1);
    }
}
