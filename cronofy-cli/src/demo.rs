//! `cronofy demo`: every way of connecting, over real HTTP, against an embedded sandbox.
//!
//! Each flow is written once, as a function over a [`Driver`], and is played on a stage of its own: a fresh
//! sandbox, a browser, a receiver of callbacks. What a flow shows it also asserts.

mod browser;
mod connect;
mod delegate;
mod driver;
mod failure;
mod flows;
mod narrate;
mod receiver;
mod report;
pub mod rollout;
mod stage;
mod watch;

use std::io::{self, Write};
use std::time::Instant;

use cronofy_sandbox::{Builder, Sandbox};

pub use self::driver::{Driver, HyperDriver, TransportName, UreqDriver};
pub use self::failure::Failure;
pub use self::flows::FlowName;
pub use self::narrate::Script;
pub use self::report::Outcome;
pub use self::watch::Witness;
pub use crate::paint::Paint;

use self::stage::Stage;

/// How the demo reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: what happens, then a table.
    Story(Paint),
    /// For programs: one JSON object.
    Json,
}

const LEGEND: &str = "\
Every way of connecting to Cronofy, over real HTTP, against a sandbox on this machine.

  app       your application: what it decides and keeps between the requests
  browser   a person's browser, played by the demo
  library   this library: the request, the status of the answer, and what it came to
  cronofy   the sandbox, calling your application back
  stranger  somebody who pretends to be Cronofy

The request counts are the library's. Nobody goes to app.example: the demo reads where the redirect leads.
Codes, tokens and secrets are not shown. Identifiers are cut to their kind: acc_… is an account,
ser_… a service account, org_… an organization.
";

/// Few enough that the seven members of the organization fill several pages.
const ROWS_A_PAGE: usize = 3;

/// Runs every flow over these transports and prints the report. True if all of them went as they should.
///
/// # Errors
///
/// Where `out` cannot be written to. A flow that fails is a row of the report.
pub fn run(
    transports: &[TransportName],
    format: Format,
    out: &mut dyn Write,
    witness: &dyn Witness,
) -> io::Result<bool> {
    let (hyper, ureq) = (HyperDriver::new(), UreqDriver::new());
    let play = |flow, transport| match transport {
        TransportName::Hyper => play_if_ready(flow, transport, &hyper, witness),
        TransportName::Ureq => play_if_ready(flow, transport, &ureq, witness),
    };
    let mut outcomes = Vec::new();
    if let Format::Story(_) = format {
        writeln!(out, "{LEGEND}")?;
    }
    for (number, flow) in FlowName::ALL.into_iter().enumerate() {
        if let Format::Story(paint) = format {
            let title = paint.bold(flow.as_str());
            writeln!(out, "{:>2}/{}  {title}: {}", number + 1, FlowName::ALL.len(), flow.title())?;
        }
        let mut told: Vec<(TransportName, Script)> = Vec::new();
        for transport in transports {
            let (outcome, script) = play(flow, *transport);
            if let Format::Story(paint) = format {
                tell(&outcome, &script, &told, out, paint)?;
            }
            told.push((*transport, script));
            outcomes.push(outcome);
        }
        if let Format::Story(_) = format {
            writeln!(out)?;
        }
    }
    match format {
        Format::Story(paint) => report::table(&outcomes, out, paint)?,
        Format::Json => report::json(&outcomes, out)?,
    }
    Ok(outcomes.iter().all(|outcome| outcome.ok))
}

/// Tells what happened; where another transport told the very same, one line says so.
fn tell(
    outcome: &Outcome,
    script: &Script,
    told: &[(TransportName, Script)],
    out: &mut dyn Write,
    paint: Paint,
) -> io::Result<()> {
    let Outcome { transport, ok, http_requests, detail, .. } = outcome;
    let same = told.iter().find(|(_, earlier)| earlier == script && *ok);
    if same.is_none() {
        script.print(out, paint)?;
    }
    let detail = same.map_or(detail.clone(), |(other, _)| format!("line for line the same as over {other}"));
    let verdict = paint.verdict(*ok, if *ok { "ok    " } else { "FAILED" });
    writeln!(out, "  {verdict}    over {transport}, {http_requests} requests: {detail}")
}

fn play_if_ready<D: Driver>(
    flow: FlowName,
    transport: TransportName,
    driver: &Result<D, Failure>,
    witness: &dyn Witness,
) -> (Outcome, Script) {
    match driver {
        Ok(driver) => play(flow, Sandbox::builder(), driver, witness),
        Err(why) => {
            let detail = format!("the transport cannot be set up: {why}");
            let took = std::time::Duration::ZERO;
            let outcome = Outcome { flow, transport, ok: false, http_requests: 0, detail, took };
            (outcome, Script::default())
        }
    }
}

/// Plays one flow against a sandbox of its own, and says how it went. It never panics: what fails is a detail.
pub fn play<D: Driver>(
    flow: FlowName,
    sandbox: Builder,
    driver: &D,
    witness: &dyn Witness,
) -> (Outcome, Script) {
    let begun = Instant::now();
    let (result, script) = match Stage::open(sandbox.page_size(ROWS_A_PAGE), driver, witness) {
        Err(failure) => (Err(failure), Script::default()),
        Ok(mut stage) => {
            let result = flow.perform(&mut stage).and_then(|detail| stage.reconcile().map(|()| detail));
            (result, stage.script)
        }
    };
    witness.value(&result);
    let (ok, detail) = match result {
        Ok(detail) => (true, detail),
        Err(failure) => (false, failure.to_string()),
    };
    let (transport, http_requests) = (driver.transport(), script.requests());
    (Outcome { flow, transport, ok, http_requests, detail, took: begun.elapsed() }, script)
}
