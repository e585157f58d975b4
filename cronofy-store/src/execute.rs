//! What a store does with a question: the same for all of them.
//!
//! A database brings a [`Transaction`], which reads and writes records. Everything that is decided is decided
//! here and in [`decide`](crate::decide), inside that transaction.

mod rollout;

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use cronofy_auth_core::token::TokenSet;
use cronofy_types::{Sub, Timestamp};

use crate::decide::{Change, budget, grant, pending};
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::store::{Ask, Binding, StoreError, Told};
use crate::{Grant, GrantId, Origin, Outcome, Pending, PendingId};

/// A wait, as it is kept.
pub type PendingRow = pending::Row<Pending, Outcome>;

/// One transaction of a database: what is read stays as it is until the end of it, and what is written is
/// written as a whole or not at all.
#[allow(
    async_fn_in_trait,
    reason = "it is driven where it is written; a database decides whether that is `Send`"
)]
pub trait Transaction {
    /// The store's present: that of the server where there is one, since its clients' clocks may differ.
    async fn now(&mut self) -> Result<Timestamp, StoreError>;
    /// A grant, locked against everybody else until the end.
    async fn grant(&mut self, id: &GrantId) -> Result<Option<Grant>, StoreError>;
    /// Writes a grant, over the one that is there.
    async fn put_grant(&mut self, grant: &Grant) -> Result<(), StoreError>;
    /// The grants that were made through this one, locked.
    async fn delegated_from(&mut self, through: &GrantId) -> Result<Vec<Grant>, StoreError>;
    /// Grants in order.
    async fn grants(&mut self, after: Option<&GrantId>, limit: usize) -> Result<Vec<Grant>, StoreError>;
    /// Something that waits, locked.
    async fn pending(&mut self, id: &PendingId) -> Result<Option<PendingRow>, StoreError>;
    /// Writes it, over the one that is there. Where `binding` is none, it keeps the one that it has.
    async fn put_pending(
        &mut self,
        id: &PendingId,
        row: &PendingRow,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError>;
    /// Forgets the oldest that wait for this browser, so that one more makes no more than `most`.
    async fn make_room(&mut self, binding: &Binding) -> Result<(), StoreError>;
    /// Forgets at most `limit` of what expired before `before`, and says how many.
    async fn sweep(&mut self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
    /// A roll-out, locked until the end whether it is there or not, and with it all of its mailboxes: nobody writes one
    /// who does not hold this.
    async fn rollout(&mut self, id: &RolloutId) -> Result<Option<Rollout>, StoreError>;
    /// Writes a roll-out, over the one that is there.
    async fn put_rollout(&mut self, id: &RolloutId, rollout: &Rollout) -> Result<(), StoreError>;
    /// Forgets all mailboxes of a roll-out.
    async fn forget_mailboxes(&mut self, id: &RolloutId) -> Result<(), StoreError>;
    /// The mailboxes at these positions, in any order. Where there is none it is left out.
    async fn mailboxes(&mut self, id: &RolloutId, positions: &[u32]) -> Result<Vec<Mailbox>, StoreError>;
    /// Mailboxes in the order of their positions, from the one after `after`.
    async fn mailboxes_after(
        &mut self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError>;
    /// Those of this stage that are due at `by` or before, the longest due first, and of two the one that was added
    /// first. A database that counts in microseconds may give some that are due within the same one. Only stages that
    /// have something due are asked for.
    async fn mailboxes_due(
        &mut self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError>;
    /// Writes mailboxes, over those that are there. Their addresses and positions never change.
    async fn put_mailboxes(&mut self, id: &RolloutId, mailboxes: &[Mailbox]) -> Result<(), StoreError>;
    /// Which of these addresses are there.
    async fn known_addresses(
        &mut self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError>;
    /// The mailbox that is asked for with the state of this wait. Not locked.
    async fn mailbox_of(&mut self, wait: &PendingId) -> Result<Option<(RolloutId, u32)>, StoreError>;
    /// The budget of an application, locked. Asked for after the roll-out.
    async fn budget(&mut self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError>;
    /// Writes a budget, over the one that is there.
    async fn put_budget(&mut self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError>;
}

/// Does as `ask` says. The caller ends the transaction: by writing it where this succeeds, else by taking it back.
pub async fn execute(transaction: &mut impl Transaction, ask: Ask) -> Result<Told, StoreError> {
    Ok(match ask {
        Ask::Grant(id) => Told::Grant(transaction.grant(&id).await?.map(Box::new)),
        Ask::Decide(id, command) => Told::Decided(decide_grant(transaction, id, None, command).await?),
        Ask::Authorize { id, origin, tokens } => {
            let command = grant::Command::Authorize { tokens };
            Told::Decided(decide_grant(transaction, id, Some(origin), command).await?)
        }
        Ask::AuthorizeOver { generation, id, origin, tokens } => {
            let kept = transaction.grant(&id).await?.map_or(0, |kept| kept.generation);
            let command = grant::Command::Authorize { tokens };
            Told::Decided(if kept == generation {
                decide_grant(transaction, id, Some(origin), command).await?
            } else {
                grant::Reply::Stale
            })
        }
        Ask::EndDelegated { through } => Told::Ended(end_delegated(transaction, &through).await?),
        Ask::Grants { after, limit } => Told::Grants(transaction.grants(after.as_ref(), limit).await?),
        Ask::Begin { pending, binding } => {
            Told::Redeemed(begin(transaction, pending, binding.as_ref()).await?)
        }
        Ask::BeginAll(all) => {
            let mut begun = 0;
            for pending in all {
                let reply = begin(transaction, pending, None).await?;
                begun += usize::from(reply == pending::Reply::Begun);
            }
            Told::Begun(begun)
        }
        Ask::Redeem(id, command) => Told::Redeemed(decide_pending(transaction, &id, None, command).await?),
        Ask::Finish { id, grant } => Told::Redeemed(finish(transaction, id, grant).await?),
        Ask::Sweep { limit } => {
            let now = transaction.now().await?;
            Told::Swept(transaction.sweep(now, limit).await?)
        }
        Ask::Rollout(id, command) => Told::Rollout(rollout::command(transaction, id, command).await?),
        Ask::Came { wait, callback } => Told::Rollout(rollout::came(transaction, wait, callback).await?),
    })
}

/// The value of a future that never waits: of [`execute`] on a transaction that blocks.
pub fn at_once<T>(future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => Err(StoreError::Gone),
    }
}

async fn decide_grant(
    transaction: &mut impl Transaction,
    id: GrantId,
    origin: Option<Origin>,
    command: grant::Command<Arc<TokenSet>>,
) -> Result<grant::Reply, StoreError> {
    let kept = transaction.grant(&id).await?;
    let now = transaction.now().await?;
    let row = kept.as_ref().map(Grant::row);
    let (change, reply) = grant::decide(row.as_ref(), command, now);
    if let Change::Write(row) = change
        && let Some(origin) = origin.or(kept.map(|kept| kept.origin))
    {
        transaction.put_grant(&Grant::from_row(id, origin, row)).await?;
    }
    Ok(reply)
}

async fn begin(
    transaction: &mut impl Transaction,
    pending: Pending,
    binding: Option<&Binding>,
) -> Result<pending::Reply<Pending, Outcome>, StoreError> {
    let (id, expires_at) = (pending.id(), pending.expires_at());
    decide_pending(transaction, &id, binding, pending::Command::Begin { pending, expires_at }).await
}

async fn decide_pending(
    transaction: &mut impl Transaction,
    id: &PendingId,
    binding: Option<&Binding>,
    command: pending::Command<Pending, Outcome>,
) -> Result<pending::Reply<Pending, Outcome>, StoreError> {
    let row = transaction.pending(id).await?;
    let now = transaction.now().await?;
    let (change, reply) = pending::decide(row.as_ref(), command, now);
    if let Change::Write(row) = change {
        if let Some(binding) = binding {
            transaction.make_room(binding).await?;
        }
        transaction.put_pending(id, &row, binding).await?;
    }
    Ok(reply)
}

/// The tokens are kept only where the report is taken: of two that redeem one code, the first has the last word.
async fn finish(
    transaction: &mut impl Transaction,
    id: PendingId,
    (grant, origin, tokens): (GrantId, Origin, Arc<TokenSet>),
) -> Result<pending::Reply<Pending, Outcome>, StoreError> {
    let command = pending::Command::Finish { outcome: Outcome::Granted(grant.clone()) };
    let reply = decide_pending(transaction, &id, None, command).await?;
    if reply == pending::Reply::Written {
        let command = grant::Command::Authorize { tokens };
        decide_grant(transaction, grant, Some(origin), command).await?;
    }
    Ok(reply)
}

async fn end_delegated(
    transaction: &mut impl Transaction,
    through: &GrantId,
) -> Result<Vec<Sub>, StoreError> {
    let mut ended = Vec::new();
    for kept in transaction.delegated_from(through).await? {
        if kept.phase == grant::Phase::Revoked {
            continue;
        }
        let phase = grant::Phase::NeedsReauth(grant::Reason::ServiceAccountRevoked);
        // Counted up, so that no refresh under way brings it back.
        let grant = Grant { phase, generation: kept.generation + 1, ..kept };
        transaction.put_grant(&grant).await?;
        ended.push(grant.id.subject);
    }
    Ok(ended)
}
