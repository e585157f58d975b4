//! Roll-outs, their mailboxes and budgets in and out of the tables. Whoever works on mailboxes holds their roll-out, so
//! they need no locks of their own.

use std::collections::{BTreeMap, BTreeSet};

use cronofy_types::Timestamp;
use tokio_postgres::Row;

use super::columns::{array, column, rows};
use super::error::failed;
use super::transaction::{PostgresTransaction, READ};
use super::values::{Values, values};
use crate::PendingId;
use crate::cells::{MailboxCells, RolloutCells, budget_cell, micros, open_budget, stage_name};
use crate::decide::budget;
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::store::StoreError;

/// What [`mailbox_cells`] takes.
macro_rules! mailboxes {
    ($rest:literal) => {
        concat!("SELECT position, address, wait, stage, due, generation, row FROM mailboxes ", $rest)
    };
}

impl PostgresTransaction<'_> {
    pub(super) async fn rollout_row(&mut self, id: &RolloutId) -> Result<Option<Rollout>, StoreError> {
        let query = "SELECT generation, row FROM rollouts WHERE id = $1 FOR UPDATE";
        let row = self.locked(self.names.lock("rollout", &[&id.0]), query, values![&id.0[..]]).await?;
        let cells = row.as_ref().map(rollout_cells).transpose()?;
        self.rollouts.insert(*id, cells.as_ref().map_or(0, |cells| cells.generation));
        cells.map(|cells| cells.open(id, self.seal)).transpose()
    }

    pub(super) async fn write_rollout(
        &mut self,
        id: &RolloutId,
        rollout: &Rollout,
    ) -> Result<(), StoreError> {
        if !self.rollouts.contains_key(id) {
            self.rollout_row(id).await?;
        }
        let generation = self.rollouts.get(id).copied().unwrap_or_default() + 1;
        let cells = RolloutCells::seal(id, rollout, generation, self.seal)?;
        self.rollouts.insert(*id, generation);
        self.write(
            "INSERT INTO rollouts (id, generation, row) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, row = excluded.row",
            values![&id.0[..], cells.generation.cast_signed(), &*cells.row],
        )
        .await
        .map(drop)
    }

    pub(super) async fn delete_mailboxes(&self, id: &RolloutId) -> Result<(), StoreError> {
        self.write("DELETE FROM mailboxes WHERE rollout = $1", values![&id.0[..]]).await.map(drop)
    }

    pub(super) async fn mailboxes_at(
        &self,
        id: &RolloutId,
        positions: &[u32],
    ) -> Result<Vec<Mailbox>, StoreError> {
        let positions: Vec<i64> = positions.iter().copied().map(i64::from).collect();
        let query = mailboxes!("WHERE rollout = $1 AND position = ANY ($2)");
        self.mailboxes_where(query, id, values![&id.0[..], positions]).await
    }

    pub(super) async fn mailboxes_from(
        &self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let after = after.map_or(-1, i64::from);
        let query = mailboxes!("WHERE rollout = $1 AND position > $2 ORDER BY position LIMIT $3");
        self.mailboxes_where(query, id, values![&id.0[..], after, rows(limit)]).await
    }

    pub(super) async fn mailboxes_of(
        &self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let query =
            mailboxes!("WHERE rollout = $1 AND stage = $2 AND due <= $3 ORDER BY due, position LIMIT $4");
        let (stage, by) = (stage_name(stage), micros(by));
        self.mailboxes_where(query, id, values![&id.0[..], stage, by, rows(limit)]).await
    }

    /// In one statement, however many. Of two at one position the later one counts.
    pub(super) async fn write_mailboxes(
        &self,
        id: &RolloutId,
        mailboxes: &[Mailbox],
    ) -> Result<(), StoreError> {
        let by_position: BTreeMap<u32, &Mailbox> =
            mailboxes.iter().map(|mailbox| (mailbox.position, mailbox)).collect();
        let cells = by_position.into_values().map(|mailbox| MailboxCells::seal(id, mailbox, self.seal));
        let cells: Vec<MailboxCells> = cells.collect::<Result<_, _>>()?;
        self.write(
            "INSERT INTO mailboxes (rollout, position, address, wait, stage, due, generation, row) \
             SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (rollout, position) DO UPDATE SET wait = excluded.wait, stage = excluded.stage, \
             due = excluded.due, generation = excluded.generation, row = excluded.row",
            values![
                &id.0[..],
                each(&cells, |cells| i64::from(cells.position)),
                each(&cells, |cells| &cells.address[..]),
                each(&cells, |cells| &cells.wait[..]),
                each(&cells, |cells| &*cells.stage),
                each(&cells, |cells| cells.due),
                each(&cells, |cells| cells.generation.cast_signed()),
                each(&cells, |cells| &*cells.row),
            ],
        )
        .await
        .map(drop)
    }

    pub(super) async fn addresses_of(
        &self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError> {
        let query = "SELECT address FROM mailboxes WHERE rollout = $1 AND address = ANY ($2)";
        let addresses = each(addresses, |address| &address.0[..]);
        let rows =
            self.client.query_typed(query, values![&id.0[..], addresses]).await.map_err(failed(READ))?;
        rows.iter().map(|row| array(row, 0).map(AddressHash)).collect()
    }

    pub(super) async fn mailbox_waiting(
        &self,
        wait: &PendingId,
    ) -> Result<Option<(RolloutId, u32)>, StoreError> {
        let query = "SELECT rollout, position FROM mailboxes WHERE wait = $1";
        let row = self.client.query_typed_opt(query, values![&wait.0[..]]).await.map_err(failed(READ))?;
        row.map(|row| Ok((RolloutId(array(&row, 0)?), position(&row, 1)?))).transpose()
    }

    pub(super) async fn budget_row(&mut self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError> {
        let query = "SELECT row FROM budgets WHERE id = $1 FOR UPDATE";
        let row = self.locked(self.names.lock("budget", &[&id.0]), query, values![&id.0[..]]).await?;
        row.map(|row| open_budget(column(&row, 0)?)).transpose()
    }

    pub(super) async fn write_budget(&self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO budgets (id, row) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET row = excluded.row",
            values![&id.0[..], &*budget_cell(row)?],
        )
        .await
        .map(drop)
    }

    async fn mailboxes_where(
        &self,
        query: &str,
        id: &RolloutId,
        values: &Values<'_>,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let rows = self.client.query_typed(query, values).await.map_err(failed(READ))?;
        rows.iter().map(|row| mailbox_cells(row)?.open(id, self.seal)).collect()
    }
}

fn each<'a, R, T>(records: &'a [R], column: impl Fn(&'a R) -> T) -> Vec<T> {
    records.iter().map(column).collect()
}

/// The columns `generation` and `row`.
pub(super) fn rollout_cells(row: &Row) -> Result<RolloutCells, StoreError> {
    Ok(RolloutCells {
        generation: column::<i64>(row, 0)?.cast_unsigned(),
        row: column::<&[u8]>(row, 1)?.into(),
    })
}

/// The columns `position`, `address`, `wait`, `stage`, `due`, `generation` and `row`.
pub(super) fn mailbox_cells(row: &Row) -> Result<MailboxCells, StoreError> {
    Ok(MailboxCells {
        position: position(row, 0)?,
        address: array(row, 1)?,
        wait: array(row, 2)?,
        stage: column::<&str>(row, 3)?.into(),
        due: column(row, 4)?,
        generation: column::<i64>(row, 5)?.cast_unsigned(),
        row: column::<&[u8]>(row, 6)?.into(),
    })
}

fn position(row: &Row, index: usize) -> Result<u32, StoreError> {
    let position = u32::try_from(column::<i64>(row, index)?);
    position.map_err(|error| StoreError::Unreadable { what: "a position in a list", source: error.into() })
}
