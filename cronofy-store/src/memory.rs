//! A store that is gone with the process: for tests, and for programs that can ask their users again.

mod rollouts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use cronofy_types::Timestamp;

use crate::decide::budget;
use crate::execute::{PendingRow, Transaction, at_once, execute};
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::store::{Answer, Ask, Binding, Store, StoreError};
use crate::{Grant, GrantId, Origin, PendingId};
use rollouts::Rollouts;

/// Keeps everything in memory.
#[derive(Clone)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

#[derive(Default)]
struct Kept {
    grants: BTreeMap<GrantId, Grant>,
    /// Boxed, since the nodes of a tree are a third empty.
    pending: BTreeMap<PendingId, Box<PendingRow>>,
    /// The browsers of those that were begun in one.
    bindings: BTreeMap<PendingId, [u8; 32]>,
    rollouts: Rollouts,
    budgets: BTreeMap<BudgetId, budget::Row>,
}

impl Kept {
    fn forget(&mut self, id: &PendingId) {
        self.pending.remove(id);
        self.bindings.remove(id);
    }
}

impl MemoryStore {
    /// An empty one, on the system's clock.
    pub fn new() -> Self {
        Self::with_clock(|| Timestamp::from(std::time::SystemTime::now()))
    }

    /// An empty one, on a clock of your own: a test's.
    pub fn with_clock(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { kept: Arc::default(), now: Arc::new(now) }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn submit(&self, ask: Ask, answer: Answer) {
        let now = (self.now)();
        let told = {
            // Nothing here fails halfway, so there is nothing to take back.
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            at_once(execute(&mut InMemory { kept: &mut kept, now }, ask))
        };
        answer.tell(told);
    }
}

struct InMemory<'a> {
    kept: &'a mut Kept,
    now: Timestamp,
}

impl Transaction for InMemory<'_> {
    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        Ok(self.now)
    }

    async fn grant(&mut self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        Ok(self.kept.grants.get(id).cloned())
    }

    async fn put_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        self.kept.grants.insert(grant.id.clone(), grant.clone());
        Ok(())
    }

    async fn delegated_from(&mut self, through: &GrantId) -> Result<Vec<Grant>, StoreError> {
        let made = |grant: &&Grant| {
            matches!(&grant.origin, Origin::Delegated { through: sub } if *sub == through.subject)
                && grant.id.client_id == through.client_id
                && grant.id.data_center() == through.data_center()
        };
        Ok(self.kept.grants.values().filter(made).cloned().collect())
    }

    async fn grants(&mut self, after: Option<&GrantId>, limit: usize) -> Result<Vec<Grant>, StoreError> {
        let grants = self.kept.grants.iter();
        let later = grants.skip_while(|(id, _)| after.is_some_and(|after| *id <= after));
        Ok(later.take(limit).map(|(_, grant)| grant.clone()).collect())
    }

    async fn pending(&mut self, id: &PendingId) -> Result<Option<PendingRow>, StoreError> {
        Ok(self.kept.pending.get(id).map(|row| PendingRow::clone(row)))
    }

    async fn put_pending(
        &mut self,
        id: &PendingId,
        row: &PendingRow,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        if let Some(binding) = binding {
            self.kept.bindings.insert(*id, binding.hash);
        }
        self.kept.pending.insert(*id, Box::new(row.clone()));
        Ok(())
    }

    async fn make_room(&mut self, binding: &Binding) -> Result<(), StoreError> {
        let pending = &self.kept.pending;
        let bound = self.kept.bindings.iter().filter(|(_, hash)| **hash == binding.hash);
        let bound = bound.filter_map(|(id, _)| pending.get(id).map(|row| (row, *id)));
        let mut waiting: Vec<(Timestamp, PendingId)> =
            bound.filter(|(row, _)| row.is_waiting()).map(|(row, id)| (row.expires_at, id)).collect();
        waiting.sort_unstable();
        let surplus = (waiting.len() + 1).saturating_sub(binding.most.max(1));
        for (_, id) in waiting.into_iter().take(surplus) {
            self.kept.forget(&id);
        }
        Ok(())
    }

    async fn sweep(&mut self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let expired = self.kept.pending.iter().filter(|(_, row)| row.expires_at < before);
        let expired: Vec<PendingId> = expired.map(|(id, _)| *id).take(limit).collect();
        for id in &expired {
            self.kept.forget(id);
        }
        Ok(expired.len())
    }

    async fn rollout(&mut self, id: &RolloutId) -> Result<Option<Rollout>, StoreError> {
        Ok(self.kept.rollouts.get(id))
    }

    async fn put_rollout(&mut self, id: &RolloutId, rollout: &Rollout) -> Result<(), StoreError> {
        self.kept.rollouts.put(*id, rollout);
        Ok(())
    }

    async fn forget_mailboxes(&mut self, id: &RolloutId) -> Result<(), StoreError> {
        self.kept.rollouts.forget(id);
        Ok(())
    }

    async fn mailboxes(&mut self, id: &RolloutId, positions: &[u32]) -> Result<Vec<Mailbox>, StoreError> {
        Ok(self.kept.rollouts.mailboxes(id, positions))
    }

    async fn mailboxes_after(
        &mut self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        Ok(self.kept.rollouts.after(id, after, limit))
    }

    async fn mailboxes_due(
        &mut self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        Ok(self.kept.rollouts.due(id, stage, by, limit))
    }

    async fn put_mailboxes(&mut self, id: &RolloutId, mailboxes: &[Mailbox]) -> Result<(), StoreError> {
        for mailbox in mailboxes {
            self.kept.rollouts.put_mailbox(id, mailbox);
        }
        Ok(())
    }

    async fn known_addresses(
        &mut self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError> {
        Ok(self.kept.rollouts.known(id, addresses))
    }

    async fn mailbox_of(&mut self, wait: &PendingId) -> Result<Option<(RolloutId, u32)>, StoreError> {
        Ok(self.kept.rollouts.waiting(wait))
    }

    async fn budget(&mut self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError> {
        Ok(self.kept.budgets.get(id).copied())
    }

    async fn put_budget(&mut self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError> {
        self.kept.budgets.insert(*id, *row);
        Ok(())
    }
}
