//! Records in and out of the tables.
//!
//! Statements are sent with the types of their values, parsed and planned by the server each time: none of these is
//! prepared, so nothing of ours is left on a connection, which a pooler may give to somebody else after the transaction.
//!
//! A row is locked by its name before it is read, since one that is not there yet cannot be locked by itself. The lock
//! ends with the transaction. What is under the lock is asked for together: the server does one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use cronofy_types::Timestamp;
use futures_util::future::join3;
use tokio_postgres::{Client, Row};

use super::Clock;
use super::columns::{column, grant_cells, grant_id, pending_cells, rows, text};
use super::error::failed;
use super::names::Names;
use super::values::{Values, values};
use crate::cells::{GrantCells, PendingCells, micros};
use crate::decide::budget;
use crate::execute::{PendingRow, Transaction};
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::seal::Seal;
use crate::store::{Binding, StoreError};
use crate::{Grant, GrantId, PendingId};

pub(super) const READ: &str = "read";
const WRITE: &str = "write";

pub(super) struct PostgresTransaction<'a> {
    pub(super) client: &'a Client,
    pub(super) names: &'a Names,
    pub(super) seal: &'a Seal,
    clock: Option<&'a Clock>,
    /// When the last row was locked.
    now: Option<Timestamp>,
    /// What was read of waits that goes into their cells when they are written: browsers and generations.
    bound: BTreeMap<PendingId, (Option<[u8; 32]>, u64)>,
    /// And of roll-outs: generations.
    pub(super) rollouts: BTreeMap<RolloutId, u64>,
}

impl<'a> PostgresTransaction<'a> {
    pub(super) fn new(
        client: &'a Client,
        names: &'a Names,
        seal: &'a Seal,
        clock: Option<&'a Clock>,
    ) -> Self {
        Self { client, names, seal, clock, now: None, bound: BTreeMap::new(), rollouts: BTreeMap::new() }
    }

    /// The row that `query` finds, once nobody else works on what has this name.
    pub(super) async fn locked(
        &mut self,
        name: i64,
        query: &str,
        values: &Values<'_>,
    ) -> Result<Option<Row>, StoreError> {
        let locked = lock(self.client, name);
        let read = self.client.query_typed(query, values);
        let (locked, read, now) = join3(locked, read, self.ask_clock()).await;
        locked?;
        let row = read.map_err(failed(READ))?.pop();
        self.now = Some(now?);
        Ok(row)
    }

    async fn ask_clock(&self) -> Result<Timestamp, StoreError> {
        if let Some(clock) = self.clock {
            return Ok(clock());
        }
        let asked = self.client.query_typed_one("SELECT clock_timestamp()", &[]).await;
        column::<SystemTime>(&asked.map_err(failed("ask for the time"))?, 0).map(Timestamp::from)
    }

    async fn grants_where(&self, query: &str, values: &Values<'_>) -> Result<Vec<Grant>, StoreError> {
        let rows = self.client.query_typed(query, values).await.map_err(failed(READ))?;
        rows.iter().map(|row| grant_cells(row)?.open(grant_id(row)?, self.seal)).collect()
    }

    pub(super) async fn write(&self, statement: &str, values: &Values<'_>) -> Result<u64, StoreError> {
        self.client.execute_typed(statement, values).await.map_err(failed(WRITE))
    }
}

/// Waits until nobody else has what has this name.
pub(super) async fn lock(client: &Client, name: i64) -> Result<(), StoreError> {
    let locked = client.execute_typed("SELECT pg_advisory_xact_lock($1)", values![name]).await;
    locked.map(drop).map_err(failed("lock a row"))
}

impl Transaction for PostgresTransaction<'_> {
    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        match self.now {
            Some(now) => Ok(now),
            None => self.ask_clock().await,
        }
    }

    async fn grant(&mut self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let [client_id, data_center, subject] = text(id);
        let row = self
            .locked(
                self.names.lock("grant", &text(id).map(str::as_bytes)),
                "SELECT through, generation, state, tokens FROM grants \
             WHERE client_id = $1 AND data_center = $2 AND subject = $3 FOR UPDATE",
                values![client_id, data_center, subject],
            )
            .await?;
        row.map(|row| grant_cells(&row)?.open(id.clone(), self.seal)).transpose()
    }

    async fn put_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        let cells = GrantCells::seal(grant, self.seal)?;
        let [client_id, data_center, subject] = text(&grant.id);
        self.write(
            "INSERT INTO grants (client_id, data_center, subject, through, generation, state, tokens) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (client_id, data_center, subject) DO UPDATE SET through = excluded.through, \
             generation = excluded.generation, state = excluded.state, tokens = excluded.tokens",
            values![
                client_id,
                data_center,
                subject,
                cells.through.as_deref(),
                cells.generation.cast_signed(),
                &*cells.state,
                &*cells.tokens,
            ],
        )
        .await
        .map(drop)
    }

    async fn delegated_from(&mut self, through: &GrantId) -> Result<Vec<Grant>, StoreError> {
        let [client_id, data_center, subject] = text(through);
        self.grants_where(
            "SELECT through, generation, state, tokens, client_id, data_center, subject FROM grants \
             WHERE client_id = $1 AND data_center = $2 AND through = $3 ORDER BY subject FOR UPDATE",
            values![client_id, data_center, subject],
        )
        .await
    }

    async fn grants(&mut self, after: Option<&GrantId>, limit: usize) -> Result<Vec<Grant>, StoreError> {
        // No identifier is empty, so every one comes after the empty text.
        let [client_id, data_center, subject] = after.map_or([""; 3], text);
        self.grants_where(
            "SELECT through, generation, state, tokens, client_id, data_center, subject FROM grants \
             WHERE (client_id, data_center, subject) > ($1, $2, $3) \
             ORDER BY client_id, data_center, subject LIMIT $4",
            values![client_id, data_center, subject, rows(limit)],
        )
        .await
    }

    async fn pending(&mut self, id: &PendingId) -> Result<Option<PendingRow>, StoreError> {
        let query =
            "SELECT binding, generation, waiting, expires_at, row FROM pending WHERE id = $1 FOR UPDATE";
        let row = self.locked(self.names.lock("pending", &[&id.0]), query, values![&id.0[..]]).await?;
        let cells = row.as_ref().map(pending_cells).transpose()?;
        let bound = cells.as_ref().map(|cells| (cells.binding, cells.generation));
        self.bound.insert(*id, bound.unwrap_or_default());
        cells.map(|cells| cells.open(id, self.seal)).transpose()
    }

    async fn put_pending(
        &mut self,
        id: &PendingId,
        row: &PendingRow,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        if !self.bound.contains_key(id) {
            self.pending(id).await?;
        }
        let (bound, generation) = self.bound.get(id).copied().unwrap_or_default();
        let binding = binding.map(|binding| binding.hash).or(bound);
        let cells = PendingCells::seal(id, row, binding, generation + 1, self.seal)?;
        self.bound.insert(*id, (binding, cells.generation));
        self.write(
            "INSERT INTO pending (id, binding, generation, waiting, expires_at, row) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (id) DO UPDATE SET binding = excluded.binding, generation = excluded.generation, \
             waiting = excluded.waiting, expires_at = excluded.expires_at, row = excluded.row",
            values![
                &id.0[..],
                cells.binding.as_ref().map(|hash| &hash[..]),
                cells.generation.cast_signed(),
                cells.waiting,
                cells.expires_at,
                &*cells.row,
            ],
        )
        .await
        .map(drop)
    }

    async fn make_room(&mut self, binding: &Binding) -> Result<(), StoreError> {
        // Else two that begin at once would each count without the other.
        lock(self.client, self.names.lock("binding", &[&binding.hash])).await?;
        self.write(
            // Told to be waiting twice: one may have been taken by the time that it can be deleted.
            "DELETE FROM pending WHERE waiting AND id = ANY (ARRAY(SELECT id FROM pending \
             WHERE binding = $1 AND waiting ORDER BY expires_at DESC, id DESC OFFSET $2))",
            values![&binding.hash[..], rows(binding.most.max(1) - 1)],
        )
        .await
        .map(drop)
    }

    async fn sweep(&mut self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        // What somebody works on is left to the next time.
        let swept = self
            .write(
                "DELETE FROM pending WHERE id = ANY (ARRAY(SELECT id FROM pending WHERE expires_at < $1 \
             LIMIT $2 FOR UPDATE SKIP LOCKED))",
                values![micros(before), rows(limit)],
            )
            .await?;
        Ok(usize::try_from(swept).unwrap_or(usize::MAX))
    }

    async fn rollout(&mut self, id: &RolloutId) -> Result<Option<Rollout>, StoreError> {
        self.rollout_row(id).await
    }

    async fn put_rollout(&mut self, id: &RolloutId, rollout: &Rollout) -> Result<(), StoreError> {
        self.write_rollout(id, rollout).await
    }

    async fn forget_mailboxes(&mut self, id: &RolloutId) -> Result<(), StoreError> {
        self.delete_mailboxes(id).await
    }

    async fn mailboxes(&mut self, id: &RolloutId, positions: &[u32]) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_at(id, positions).await
    }

    async fn mailboxes_after(
        &mut self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_from(id, after, limit).await
    }

    async fn mailboxes_due(
        &mut self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_of(id, stage, by, limit).await
    }

    async fn put_mailboxes(&mut self, id: &RolloutId, mailboxes: &[Mailbox]) -> Result<(), StoreError> {
        self.write_mailboxes(id, mailboxes).await
    }

    async fn known_addresses(
        &mut self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError> {
        self.addresses_of(id, addresses).await
    }

    async fn mailbox_of(&mut self, wait: &PendingId) -> Result<Option<(RolloutId, u32)>, StoreError> {
        self.mailbox_waiting(wait).await
    }

    async fn budget(&mut self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError> {
        self.budget_row(id).await
    }

    async fn put_budget(&mut self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError> {
        self.write_budget(id, row).await
    }
}
