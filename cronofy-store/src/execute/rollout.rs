//! What every store does with a command about a roll-out. Whoever changes a mailbox holds the row of its roll-out, so
//! that the counts there agree with the mailboxes.

use core::time::Duration;
use std::sync::Arc;

use cronofy_types::{DelegationCallback, DelegationOutcome, EmailAddress, Sub, Timestamp};

use super::Transaction;
use crate::PendingId;
use crate::decide::budget::{self, Limits, Permit};
use crate::decide::{Change, mailbox};
use crate::rollout::{
    BudgetId, Claim, Command, Counts, Mailbox, Reply, Report, Rollout, RolloutId, Row, Stage, Ticket, ToAsk,
    Work,
};
use crate::store::StoreError;

/// The most mailboxes that one request names.
const COMPANY: u8 = 50;

pub(super) async fn command(
    transaction: &mut impl Transaction,
    id: RolloutId,
    command: Command,
) -> Result<Reply, StoreError> {
    let kept = transaction.rollout(&id).await?;
    let (settings, seed) = match (kept, command) {
        (Some(rollout), _) if rollout.forgotten => return Ok(Reply::Absent),
        (Some(rollout), command) => return on(&mut Held { transaction, id, rollout }, command).await,
        (None, Command::Begin { settings, seed }) => (settings, seed),
        (None, _) => return Ok(Reply::Absent),
    };
    let (seed, counts) = (seed.of(&id), Counts::default());
    let rollout = Rollout { settings, seed, counts, paused: None, forgotten: false };
    transaction.put_rollout(&id, &rollout).await?;
    Ok(Reply::Begun)
}

/// A callback came, for whichever roll-out.
pub(super) async fn came(
    transaction: &mut impl Transaction,
    wait: PendingId,
    callback: Arc<DelegationCallback>,
) -> Result<Reply, StoreError> {
    let Some((id, position)) = transaction.mailbox_of(&wait).await? else { return Ok(Reply::Absent) };
    let Some(rollout) = transaction.rollout(&id).await? else { return Ok(Reply::Absent) };
    let mut held = Held { transaction, id, rollout };
    // Read once the roll-out is held: it may have been given another state meanwhile.
    let mailboxes = held.transaction.mailboxes(&id, &[position]).await?;
    let Some(mailbox) = mailboxes.into_iter().find(|mailbox| mailbox.wait == wait) else {
        return Ok(Reply::Absent);
    };
    let now = held.transaction.now().await?;
    let Some(mailbox) = held.decided(mailbox, mailbox::Command::Came(callback), now) else {
        return Ok(Reply::Known(id));
    };
    held.keep(&[mailbox]).await?;
    Ok(Reply::Taken(id))
}

/// A roll-out that is locked, and what is changed about it before it is written.
struct Held<'a, T> {
    transaction: &'a mut T,
    id: RolloutId,
    rollout: Rollout,
}

async fn on(held: &mut Held<'_, impl Transaction>, command: Command) -> Result<Reply, StoreError> {
    match command {
        Command::Begin { settings, .. } if settings == held.rollout.settings => Ok(Reply::Begun),
        Command::Begin { .. } => Ok(Reply::Different),
        Command::Add(addresses) => add(held, addresses).await,
        Command::Claim(claim) => held.claim(claim).await,
        Command::Report { tickets, report } => held.report(tickets, report).await,
        Command::Pause(paused) => {
            held.rollout.paused.get_or_insert(paused);
            held.keep(&[]).await?;
            Ok(Reply::Done)
        }
        Command::Resume => {
            held.rollout.paused = None;
            held.keep(&[]).await?;
            Ok(Reply::Done)
        }
        Command::Slower { asked } => {
            let (id, row, now) = held.budget().await?;
            held.transaction.put_budget(&id, &budget::slow(row, asked, now)).await?;
            Ok(Reply::Done)
        }
        Command::Status => {
            let (_, row, now) = held.budget().await?;
            let wait = row.next.max(row.not_before).saturating_since(now);
            Ok(Reply::Status { rollout: Box::new(held.rollout.clone()), wait })
        }
        Command::Page { after, limit } => {
            Ok(Reply::Page(held.transaction.mailboxes_after(&held.id, after, limit).await?))
        }
        Command::Forget if held.rollout.counts.open() > 0 && held.rollout.paused.is_none() => Ok(Reply::Open),
        Command::Forget => {
            held.transaction.forget_mailboxes(&held.id).await?;
            held.rollout.counts = Counts::default();
            held.rollout.paused = None;
            held.rollout.forgotten = true;
            held.keep(&[]).await?;
            Ok(Reply::Done)
        }
    }
}

async fn add(
    held: &mut Held<'_, impl Transaction>,
    addresses: Vec<EmailAddress>,
) -> Result<Reply, StoreError> {
    let hashes: Vec<_> = addresses.iter().map(|address| held.rollout.address_hash(address)).collect();
    let mut known = held.transaction.known_addresses(&held.id, &hashes).await?;
    let company = if held.rollout.settings.profile.is_some() { 1 } else { COMPANY };
    let mut new = Vec::new();
    for (address, hash) in addresses.into_iter().zip(hashes) {
        if known.insert(hash) {
            let position = held.rollout.counts.total();
            let wait = PendingId::of(&held.rollout.state(position, 0));
            held.rollout.counts.queued = held.rollout.counts.queued.saturating_add(1);
            new.push(Mailbox { position, address, hash, wait, row: Row::new(company) });
        }
    }
    held.keep(&new).await?;
    Ok(Reply::Added(u32::try_from(new.len()).unwrap_or(u32::MAX)))
}

impl<T: Transaction> Held<'_, T> {
    async fn claim(&mut self, claim: Claim) -> Result<Reply, StoreError> {
        if let Some(paused) = self.rollout.paused.clone() {
            return Ok(claimed(Work::Paused(paused)));
        }
        let now = self.transaction.now().await?;
        let given_up = self.lapse(now).await?;
        let work = match self.redeem(claim, now).await? {
            Some(work) => work,
            None => match self.ask(claim, now).await? {
                Some(work) => work,
                None => self.nothing(claim, now).await?,
            },
        };
        Ok(Reply::Claimed { work, given_up })
    }

    /// Those for which no callback came in time are asked for again, or have failed.
    async fn lapse(&mut self, now: Timestamp) -> Result<Vec<EmailAddress>, StoreError> {
        let overdue = self.due(Stage::Asked, now, usize::from(COMPANY)).await?;
        let lapsed: Vec<Mailbox> = overdue
            .into_iter()
            .filter_map(|mailbox| self.decided(mailbox, mailbox::Command::Lapse, now))
            .collect();
        if !lapsed.is_empty() {
            self.keep(&lapsed).await?;
        }
        let failed = lapsed.into_iter().filter(|mailbox| mailbox.row.phase.stage() == Stage::Failed);
        Ok(failed.map(|mailbox| mailbox.address).collect())
    }

    /// Codes come first: they age.
    async fn redeem(&mut self, claim: Claim, now: Timestamp) -> Result<Option<Work>, StoreError> {
        let due = self.due(Stage::Came, now, 1).await?;
        let Some(mailbox) = due.into_iter().next() else { return Ok(None) };
        let mailbox::Phase::Came { callback, .. } = &mailbox.row.phase else { return Ok(None) };
        let callback = Arc::clone(callback);
        let wait = match &callback.outcome {
            DelegationOutcome::Failed(_) => Duration::ZERO,
            DelegationOutcome::Granted(_) => match self.permit(claim.limits).await? {
                Permit::In(wait) => wait,
                Permit::Later(next) => return Ok(Some(Work::Nothing { next })),
            },
        };
        let until = now.saturating_add(wait).saturating_add(claim.lease);
        let Some(mailbox) = self.decided(mailbox, mailbox::Command::Redeem { until }, now) else {
            return Ok(None);
        };
        let (ticket, state) = (ticket(&mailbox), self.rollout.state(mailbox.position, mailbox.row.round));
        self.keep(std::slice::from_ref(&mailbox)).await?;
        Ok(Some(Work::Redeem { ticket, address: mailbox.address, state, callback, wait }))
    }

    async fn ask(&mut self, claim: Claim, now: Timestamp) -> Result<Option<Work>, StoreError> {
        if self.is_full(claim) {
            return Ok(None);
        }
        let due = self.due(Stage::Queued, now, usize::from(COMPANY)).await?;
        let Some(company) = due.first().map(|mailbox| mailbox.row.company) else { return Ok(None) };
        let wait = match self.permit(claim.limits).await? {
            Permit::In(wait) => wait,
            Permit::Later(next) => return Ok(Some(Work::Nothing { next })),
        };
        let until = now.saturating_add(wait).saturating_add(claim.lease);
        let together = due
            .into_iter()
            .filter(|mailbox| mailbox.row.company == company)
            .take(usize::from(company.max(1)));
        let asked: Vec<Mailbox> = together
            .filter_map(|mailbox| self.decided(mailbox, mailbox::Command::Ask { until }, now))
            .collect();
        self.keep(&asked).await?;
        let to_ask = |mailbox: Mailbox| ToAsk {
            ticket: ticket(&mailbox),
            state: self.rollout.state(mailbox.position, mailbox.row.round),
            attempt: mailbox.row.attempts,
            address: mailbox.address,
        };
        Ok(Some(Work::Ask { mailboxes: asked.into_iter().map(to_ask).collect(), wait }))
    }

    async fn nothing(&mut self, claim: Claim, now: Timestamp) -> Result<Work, StoreError> {
        if self.rollout.counts.open() == 0 {
            return Ok(Work::Finished);
        }
        let mut next = None;
        for stage in [Stage::Queued, Stage::Asked, Stage::Came] {
            if stage == Stage::Queued && self.is_full(claim) {
                continue;
            }
            let first = self.transaction.mailboxes_due(&self.id, stage, Timestamp::MAX, 1).await?;
            let due = first.first().and_then(|mailbox| mailbox.row.phase.due());
            next = next.into_iter().chain(due).min();
        }
        let next = next.map_or(Duration::ZERO, |due| due.saturating_since(now));
        Ok(Work::Nothing { next: next.max(Duration::from_millis(1)) })
    }

    async fn report(&mut self, tickets: Vec<Ticket>, report: Report<Sub>) -> Result<Reply, StoreError> {
        let positions: Vec<u32> = tickets.iter().map(|ticket| ticket.position).collect();
        let mut mailboxes = self.transaction.mailboxes(&self.id, &positions).await?;
        let now = self.transaction.now().await?;
        let (mut changed, mut stages) = (Vec::new(), Vec::new());
        for Ticket { position, generation } in tickets {
            let kept = mailboxes.iter_mut().find(|mailbox| mailbox.position == position);
            let command = mailbox::Command::Report { generation, report: report.clone() };
            let mailbox = kept.and_then(|kept| {
                // Who names it twice reports on what it has become by then.
                *kept = self.decided(kept.clone(), command, now)?;
                Some(kept.clone())
            });
            stages.push(mailbox.as_ref().map(|mailbox| mailbox.row.phase.stage()));
            changed.extend(mailbox);
        }
        if !changed.is_empty() {
            self.keep(&changed).await?;
        }
        Ok(Reply::Reported(stages))
    }

    async fn due(&mut self, stage: Stage, now: Timestamp, limit: usize) -> Result<Vec<Mailbox>, StoreError> {
        let mut due = self.transaction.mailboxes_due(&self.id, stage, now, limit).await?;
        due.retain(|mailbox| mailbox.row.phase.due().is_some_and(|due| due <= now));
        Ok(due)
    }

    fn is_full(&self, claim: Claim) -> bool {
        let counts = &self.rollout.counts;
        counts.asked.saturating_add(counts.came) >= claim.outstanding.max(1)
    }

    /// What `command` makes of a mailbox, with the counts as they are then; none where it stays as it is.
    fn decided(
        &mut self,
        mut mailbox: Mailbox,
        command: mailbox::Command<Arc<DelegationCallback>, Sub>,
        now: Timestamp,
    ) -> Option<Mailbox> {
        let Change::Write(row) = mailbox::decide(&mailbox.row, command, now) else { return None };
        let counts = &mut self.rollout.counts;
        let (before, after) = (mailbox.row.phase.stage(), row.phase.stage());
        *counts.of(before) = counts.of(before).saturating_sub(1);
        *counts.of(after) = counts.of(after).saturating_add(1);
        if row.round != mailbox.row.round {
            mailbox.wait = PendingId::of(&self.rollout.state(mailbox.position, row.round));
        }
        mailbox.row = row;
        Some(mailbox)
    }

    async fn keep(&mut self, changed: &[Mailbox]) -> Result<(), StoreError> {
        if !changed.is_empty() {
            self.transaction.put_mailboxes(&self.id, changed).await?;
        }
        self.transaction.put_rollout(&self.id, &self.rollout).await
    }

    async fn budget(&mut self) -> Result<(BudgetId, budget::Row, Timestamp), StoreError> {
        let id = BudgetId::of(&self.rollout.settings.through);
        let row = self.transaction.budget(&id).await?.unwrap_or_default();
        Ok((id, row, self.transaction.now().await?))
    }

    async fn permit(&mut self, limits: Limits) -> Result<Permit, StoreError> {
        let (id, before, now) = self.budget().await?;
        let (row, permit) = budget::reserve(before, limits, now);
        if row != before {
            self.transaction.put_budget(&id, &row).await?;
        }
        Ok(permit)
    }
}

fn claimed(work: Work) -> Reply {
    Reply::Claimed { work, given_up: Vec::new() }
}

fn ticket(mailbox: &Mailbox) -> Ticket {
    Ticket { position: mailbox.position, generation: mailbox.row.generation }
}
