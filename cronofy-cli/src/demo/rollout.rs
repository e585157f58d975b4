//! `cronofy demo rollout`: an application is rolled out to a whole organization, while its processes are killed, or by the
//! sandbox's clock. What came of it is counted by the sandbox.

mod balancer;
mod chance;
mod clock;
mod desk;
mod fleet;
mod ground;
mod killed;
mod orders;
mod report;
mod simulated;
mod tally;
mod worker;
mod world;

use std::io::{self, Write};

use self::killed::{ENFORCED, SHARED};
use super::Format;
use super::failure::Failure;

pub use self::fleet::WORKER;
pub use self::report::Report;
pub use self::worker::work;

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many mailboxes there are.
    pub mailboxes: usize,
    /// How many processes work, and are killed at random. None: one works, and the time is the sandbox's.
    pub processes: Option<usize>,
    /// The database that the processes share, rather than a SQLite file.
    pub postgres: Option<String>,
    /// Chooses whom to kill, and when.
    pub seed: u64,
}

/// Carries it out and prints the report; how far it is goes to standard error. True if all was as promised.
///
/// # Errors
///
/// Where `out` cannot be written to, and where it could not be carried out at all.
pub fn run(plan: &Plan, format: Format, out: &mut dyn Write) -> io::Result<Result<bool, Failure>> {
    if let Format::Story(_) = format {
        writeln!(out, "{}", plan.story())?;
    }
    let performed = match plan.processes {
        Some(processes) => killed::perform(plan, processes),
        None => simulated::perform(plan),
    };
    let report = match performed {
        Ok(report) => report,
        Err(failure) => return Ok(Err(failure)),
    };
    match format {
        Format::Story(paint) => report.table(plan, out, paint)?,
        Format::Json => {
            serde_json::to_writer(&mut *out, &report)?;
            writeln!(out)?;
        }
    }
    Ok(Ok(report.is_as_promised(plan)))
}

impl Plan {
    fn story(&self) -> String {
        let Self { mailboxes, processes, postgres, seed } = self;
        let Some(processes) = processes else {
            return format!(
                "{mailboxes} mailboxes through one service account, over real HTTP, against a sandbox on this machine.\n\n  \
                 app       one process asks for 50 mailboxes at once, takes the callbacks, and redeems the codes\n  \
                 store     a SQLite file, sealed; in memory where the system has files there, since time is not the disk's\n  \
                 limits    Cronofy's: 50 requests in a second and 500 in a minute, which the sandbox enforces\n  \
                 clock     the sandbox's, which moves when the process waits\n"
            );
        };
        let store = match postgres {
            Some(_) => "PostgreSQL, which they share",
            None => "a SQLite file, sealed, which they share",
        };
        let ((second, minute), shared) = (ENFORCED, SHARED);
        format!(
            "{mailboxes} mailboxes through one service account, over real HTTP, against a sandbox on this machine.\n\n  \
             app       {processes} processes ask for 50 mailboxes at once and redeem the codes\n  \
             balancer  hands each callback to any process that lives\n  \
             store     {store}\n  \
             limits    faster than Cronofy's, since this is real time: the sandbox lets {second} requests in a second and \
             {minute} in a minute through, and the processes share a budget of {} and {}\n  \
             killer    kills a process at random, without warning (SIGKILL, seed {seed}), and starts another\n",
            shared.per_second, shared.per_minute
        )
    }
}
