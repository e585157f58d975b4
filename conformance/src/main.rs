//! The conformance shim.
//!
//! One JSON object a line comes in, `{"id","kind","input"}`, and one goes out for each, in the same order. There
//! is no judgement in here: an input is handed to the public API of the library, and what that returned is
//! written down. What cannot be handed to it is answered with `{"id","unsupported":"why"}`.
//!
//! A panic of the library ends the program: it is a finding, and no answer should hide it.

mod answer;
mod api;
mod connect;
mod delegate;
mod discovery;
mod exchange;
mod given;
mod kinds;
mod token;
mod webhook;

use std::io::{self, BufRead as _, Write as _};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            writeln!(output, "{}", kinds::answer(&line))?;
            // Whoever asks may wait for this answer before asking on.
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}
