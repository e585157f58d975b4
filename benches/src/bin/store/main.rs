//! Stores with a database behind them: PostgreSQL beside a bare statement, and what a file of SQLite grows by. Reads of
//! SQLite are with the other ratios.
#![allow(clippy::print_stdout, reason = "a program that reports")]
#![allow(clippy::cast_precision_loss, reason = "counts and times are far from 2 to the power of 52")]

mod postgres;
mod size;

use std::process::ExitCode;

const USAGE: &str = "\
store size: what a file of SQLite grows by, for each grant and for each mailbox that waits
store postgres: reading a token, beside a bare statement of the same kind; CRONOFY_TEST_POSTGRES is the address of a\
                server";

type Done<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["size"] => size::run(),
        ["postgres"] => postgres::run(),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
