//! What was promised, and what came of it.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use cronofy_store::manager::Background;
use cronofy_store::onboarding::{Onboarding, Standing};
use serde::Serialize;

use super::Plan;
use super::tally::Tally;
use crate::demo::failure::Failure;
use crate::paint::Paint;

/// What the store says of each mailbox.
pub(super) struct Found {
    granted: BTreeSet<String>,
    failed: usize,
}

impl Found {
    pub(super) async fn in_the_store<T: Background>(rollout: &Onboarding<T>) -> Result<Self, Failure> {
        let mut found = Self { granted: BTreeSet::new(), failed: 0 };
        rollout
            .report(|entry| match entry.standing {
                Standing::Granted(id) => drop(found.granted.insert(id.subject.as_str().to_owned())),
                Standing::Failed(_) => found.failed += 1,
                _ => {}
            })
            .await?;
        Ok(found)
    }
}

/// The report of a roll-out, for programs as it stands here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many there are.
    pub mailboxes: usize,
    /// Those for which the sandbox gave tokens, and the store has them.
    pub authorized: usize,
    /// Those of which nothing came.
    pub failed: usize,
    /// Processes that were killed.
    pub kills: usize,
    /// What was asked of the sandbox.
    pub requests: u64,
    /// Mailboxes for which the sandbox gave tokens once more, though nobody had been killed with the first.
    pub redeemed_twice: usize,
    /// Codes and refresh tokens that came once more, though nobody had been killed with the answer.
    pub token_reuse: u64,
    /// Requests that were too many: 429.
    pub rate_limited: u64,
    /// How long it took, by the sandbox's clock.
    pub seconds_simulated: f64,
    /// What the limits allow.
    pub bound_seconds: f64,
    #[serde(skip)]
    lost: u64,
    #[serde(skip)]
    bytes: u64,
}

/// More than this over the bound is too slow.
const TOLERANCE: f64 = 1.02;
/// For what is to be waited for once, at the beginning and the end.
const ONCE: f64 = 1.0;

impl Report {
    pub(super) fn new(
        plan: &Plan,
        per_minute: u32,
        found: &Found,
        tally: &Tally,
        killed: &[String],
        took: Duration,
        bytes: u64,
    ) -> Self {
        let doubled = tally.doubled(|process| killed.iter().any(|killed| killed == process));
        let served = tally.authorized();
        let needed = plan.mailboxes + plan.mailboxes.div_ceil(50);
        Self {
            mailboxes: plan.mailboxes,
            authorized: found.granted.iter().filter(|subject| served.contains(subject.as_str())).count(),
            failed: found.failed,
            kills: killed.len(),
            requests: tally.requests,
            redeemed_twice: doubled.redeemed_twice,
            token_reuse: doubled.token_reuse,
            rate_limited: tally.rate_limited,
            seconds_simulated: rounded(took),
            bound_seconds: rounded(
                Duration::from_secs(60) * u32::try_from(needed).unwrap_or(u32::MAX) / per_minute,
            ),
            lost: doubled.lost,
            bytes,
        }
    }

    /// Whether all is as promised.
    pub fn is_as_promised(&self, plan: &Plan) -> bool {
        self.rows(plan).iter().all(|row| row.ok)
    }

    fn rows(&self, plan: &Plan) -> Vec<Row> {
        let row = |what, promised: String, counted: String, ok| Row { what, promised, counted, ok };
        let none = |what, counted: u64| row(what, "0".to_owned(), counted.to_string(), counted == 0);
        let all = self.mailboxes.to_string();
        let mut rows = vec![
            row("mailboxes authorized", all, self.authorized.to_string(), self.authorized == self.mailboxes),
            none("mailboxes failed", self.failed as u64),
            none("redeemed twice without need", self.redeemed_twice as u64),
            none("codes and tokens used again without need", self.token_reuse),
            none("requests over the limits", self.rate_limited),
        ];
        if plan.processes.is_some() {
            let killed = self.kills.to_string();
            rows.push(row("processes killed", "some".to_owned(), killed, self.kills > 0));
        } else {
            let most = self.bound_seconds * TOLERANCE + ONCE;
            let took = format!("{:.1} s", self.seconds_simulated);
            let ok = self.seconds_simulated <= most;
            rows.push(row("time by the sandbox's clock", format!("<= {most:.1} s"), took, ok));
        }
        rows
    }

    /// For people.
    pub(super) fn table(&self, plan: &Plan, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let head =
            format!("{:<42}  {:>12}  {:>12}", "as the sandbox's journal counts it", "promised", "counted");
        writeln!(out, "{}", paint.bold(&head))?;
        for Row { what, promised, counted, ok } in self.rows(plan) {
            let verdict = paint.verdict(ok, if ok { "ok" } else { "FAILED" });
            writeln!(out, "{what:<42}  {promised:>12}  {counted:>12}  {verdict}")?;
        }
        writeln!(out)?;
        if self.lost > 0 {
            writeln!(
                out,
                "{} of the kills came between the sandbox's answer to a code and the write: those tokens died with \
                 the process, and the mailbox was asked for anew.",
                self.lost
            )?;
        }
        if plan.postgres.is_none() {
            let each = self.bytes / u64::try_from(self.mailboxes.max(1)).unwrap_or(u64::MAX);
            writeln!(out, "The file has {} KiB: {each} bytes for each mailbox.", self.bytes / 1024)?;
        }
        let ok = self.is_as_promised(plan);
        let verdict = if ok { "Every mailbox was authorized once" } else { "Not all is as promised" };
        writeln!(
            out,
            "{}: {} requests in {:.1} s, of which the limits ask for {:.1} s.",
            paint.verdict(ok, verdict),
            self.requests,
            self.seconds_simulated,
            self.bound_seconds
        )
    }
}

struct Row {
    what: &'static str,
    promised: String,
    counted: String,
    ok: bool,
}

fn rounded(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
