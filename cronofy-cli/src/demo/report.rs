//! The end of the demo: one row for each flow and transport.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::driver::TransportName;
use super::flows::FlowName;
use crate::paint::Paint;

/// How one flow went over one transport.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The flow.
    pub flow: FlowName,
    /// The transport that it was driven over.
    pub transport: TransportName,
    /// Whether all that it asserts held.
    pub ok: bool,
    /// How many requests the library sent. Those of the demo's browser are not among them.
    pub http_requests: u64,
    /// What came of it, or why it failed.
    pub detail: String,
    /// How long it took, its sandbox included.
    pub took: Duration,
}

#[derive(Serialize)]
struct Report<'a> {
    flows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    flow: &'static str,
    transport: &'static str,
    ok: bool,
    http_requests: u64,
    detail: &'a str,
}

/// Prints the report as one JSON object on one line.
pub(super) fn json(outcomes: &[Outcome], out: &mut dyn Write) -> io::Result<()> {
    let flows = outcomes
        .iter()
        .map(|Outcome { flow, transport, ok, http_requests, detail, .. }| Row {
            flow: flow.as_str(),
            transport: transport.as_str(),
            ok: *ok,
            http_requests: *http_requests,
            detail,
        })
        .collect();
    serde_json::to_writer(&mut *out, &Report { flows })?;
    writeln!(out)
}

/// Prints the report as a table.
pub(super) fn table(outcomes: &[Outcome], out: &mut dyn Write, paint: Paint) -> io::Result<()> {
    let head =
        format!("{:<28}  {:<9}  {:<6}  {:>8}  {:>7}  detail", "flow", "transport", "ok", "requests", "time");
    writeln!(out, "{}", paint.bold(&head))?;
    for Outcome { flow, transport, ok, http_requests, detail, took } in outcomes {
        let verdict = paint.verdict(*ok, &format!("{:<6}", if *ok { "ok" } else { "FAILED" }));
        let time = format!("{} ms", took.as_millis());
        writeln!(out, "{flow:<28}  {transport:<9}  {verdict}  {http_requests:>8}  {time:>7}  {detail}")?;
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.ok).count();
    let requests: u64 = outcomes.iter().map(|outcome| outcome.http_requests).sum();
    let verdict = match failed {
        0 => format!("All {} runs went as they should", outcomes.len()),
        _ => format!("{failed} of {} runs failed", outcomes.len()),
    };
    let verdict = paint.verdict(failed == 0, &verdict);
    writeln!(out, "\n{verdict}: {requests} requests by the library, over real HTTP, none of them to Cronofy.")
}
