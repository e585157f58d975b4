//! The sandbox under load: how fast it starts and ends, how many requests it answers beside a bare server, and
//! what it loses and keeps.
//!
//! Everything is on this machine and in this process, the clients too, but for the program that `start` runs.
#![allow(clippy::print_stdout, reason = "a program that reports")]
#![allow(clippy::cast_precision_loss, reason = "counts and times are far from 2 to the power of 52")]

mod bare;
mod client;
mod load;
mod requests;
mod server;
mod soak;
mod start;

use std::process::ExitCode;

const USAGE: &str = "\
sandbox start PROGRAM: how long `PROGRAM sandbox` takes to its first line, and to its end
sandbox load [CALL]: requests a second, beside a bare server; CALL is userinfo, exchange or refresh
sandbox soak: what is lost, and what stays in memory";

type Done = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["start", program] => start::run(program),
        ["load"] => load::run(&load::ALL),
        ["load", one] => load::run(&[one]),
        ["soak"] => soak::run(),
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

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
