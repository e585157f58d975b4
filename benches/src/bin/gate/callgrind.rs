//! Counting instructions in a process under valgrind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;

use cronofy_benches::loopback::{ADDRESS_VARIABLE, Server};

/// What is counted is the difference between this many runs and twice as many, so that neither the start of
/// the program nor the first run, which fills pools, is part of it.
const TIMES: u64 = 2000;

/// A hash of a mebibyte, or a page of events, is millions of instructions, and each costs fifty times its usual time.
const TIMES_OF_LARGE_CASES: u64 = 4;

pub(crate) struct Callgrind {
    server: SocketAddr,
    counted: RefCell<BTreeMap<String, f64>>,
}

type Counted<T> = Result<T, Box<dyn std::error::Error>>;

impl Callgrind {
    /// Says so where there is no valgrind: a gate that lets everything through would be none.
    pub(crate) fn ready() -> Counted<Self> {
        match Command::new("valgrind").arg("--version").output() {
            Ok(output) if output.status.success() => {}
            _ => return Err("gate: NOTHING WAS CHECKED: valgrind is not installed (Debian: valgrind)".into()),
        }
        // In this process, so that its instructions are not counted.
        Ok(Self { server: Server::start()?.address, counted: RefCell::default() })
    }

    /// Instructions of one run, all threads together.
    pub(crate) fn instructions(&self, case: &str) -> Counted<f64> {
        if let Some(known) = self.counted.borrow().get(case) {
            return Ok(*known);
        }
        let times = if ["64 KiB", "MiB", "page"].iter().any(|large| case.contains(large)) {
            TIMES_OF_LARGE_CASES
        } else {
            TIMES
        };
        let once = self.run(case, times)?;
        let twice = self.run(case, 2 * times)?;
        #[allow(clippy::cast_precision_loss, reason = "far from 2 to the power of 52")]
        let instructions = twice.saturating_sub(once) as f64 / times as f64;
        self.counted.borrow_mut().insert(case.to_owned(), instructions);
        Ok(instructions)
    }

    fn run(&self, case: &str, times: u64) -> Counted<u64> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe()?)
            .args(["count", case, &times.to_string()])
            .env(ADDRESS_VARIABLE, self.server.to_string())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("gate: {case} failed under valgrind:\n{said}").into());
        }
        let collected = said.split_once("Collected : ").and_then(|(_, rest)| rest.split_whitespace().next());
        Ok(collected.ok_or("gate: valgrind names no count")?.parse()?)
    }
}
