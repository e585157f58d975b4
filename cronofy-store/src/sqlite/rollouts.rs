//! Roll-outs, their mailboxes and budgets in and out of the tables.

use std::collections::BTreeSet;

use cronofy_types::Timestamp;
use rusqlite::{Params, Row, params};

use super::error::failed;
use super::transaction::{READ, SqliteTransaction, column, rows};
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

impl SqliteTransaction<'_> {
    pub(super) fn rollout_row(&self, id: &RolloutId) -> Result<Option<Rollout>, StoreError> {
        let query = "SELECT generation, row FROM rollouts WHERE id = ?1";
        let cells = self.first(query, [id.0], rollout_cells)?;
        cells.map(|cells| cells.open(id, self.seal)).transpose()
    }

    pub(super) fn write_rollout(&self, id: &RolloutId, rollout: &Rollout) -> Result<(), StoreError> {
        let generation: Option<i64> =
            self.first("SELECT generation FROM rollouts WHERE id = ?1", [id.0], |row| column(row, 0))?;
        let generation = generation.unwrap_or_default().cast_unsigned() + 1;
        let cells = RolloutCells::seal(id, rollout, generation, self.seal)?;
        self.write(
            "INSERT INTO rollouts (id, generation, row) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO UPDATE SET generation = excluded.generation, row = excluded.row",
            params![id.0, cells.generation.cast_signed(), cells.row],
        )?;
        Ok(())
    }

    pub(super) fn delete_mailboxes(&self, id: &RolloutId) -> Result<(), StoreError> {
        self.write("DELETE FROM mailboxes WHERE rollout = ?1", [id.0])?;
        Ok(())
    }

    pub(super) fn mailboxes_at(&self, id: &RolloutId, positions: &[u32]) -> Result<Vec<Mailbox>, StoreError> {
        let mut all = Vec::with_capacity(positions.len());
        for position in positions {
            all.extend(self.mailboxes_where(
                mailboxes!("WHERE rollout = ?1 AND position = ?2"),
                id,
                (id.0, position),
            )?);
        }
        Ok(all)
    }

    pub(super) fn mailboxes_from(
        &self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let after = after.map_or(-1, i64::from);
        let query = mailboxes!("WHERE rollout = ?1 AND position > ?2 ORDER BY position LIMIT ?3");
        self.mailboxes_where(query, id, (id.0, after, rows(limit)))
    }

    pub(super) fn mailboxes_of(
        &self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let query =
            mailboxes!("WHERE rollout = ?1 AND stage = ?2 AND due <= ?3 ORDER BY due, position LIMIT ?4");
        self.mailboxes_where(query, id, (id.0, stage_name(stage), micros(by), rows(limit)))
    }

    pub(super) fn write_mailbox(&self, id: &RolloutId, mailbox: &Mailbox) -> Result<(), StoreError> {
        let cells = MailboxCells::seal(id, mailbox, self.seal)?;
        self.write(
            "INSERT INTO mailboxes (rollout, position, address, wait, stage, due, generation, row) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
             ON CONFLICT (rollout, position) DO UPDATE SET wait = excluded.wait, stage = excluded.stage, \
             due = excluded.due, generation = excluded.generation, row = excluded.row",
            params![
                id.0,
                cells.position,
                cells.address,
                cells.wait,
                cells.stage,
                cells.due,
                cells.generation.cast_signed(),
                cells.row,
            ],
        )?;
        Ok(())
    }

    pub(super) fn addresses_of(
        &self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError> {
        let mut known = BTreeSet::new();
        for address in addresses {
            let query = "SELECT 1 FROM mailboxes WHERE rollout = ?1 AND address = ?2";
            known.extend(self.first(query, (id.0, address.0), |_| Ok(*address))?);
        }
        Ok(known)
    }

    pub(super) fn mailbox_waiting(&self, wait: &PendingId) -> Result<Option<(RolloutId, u32)>, StoreError> {
        let query = "SELECT rollout, position FROM mailboxes WHERE wait = ?1";
        self.first(query, [wait.0], |row| Ok((RolloutId(column(row, 0)?), column(row, 1)?)))
    }

    pub(super) fn budget_row(&self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError> {
        let cell: Option<Box<str>> =
            self.first("SELECT row FROM budgets WHERE id = ?1", [id.0], |row| column(row, 0))?;
        cell.map(|cell| open_budget(&cell)).transpose()
    }

    pub(super) fn write_budget(&self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO budgets (id, row) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET row = excluded.row",
            (id.0, budget_cell(row)?),
        )?;
        Ok(())
    }

    fn mailboxes_where(
        &self,
        query: &str,
        id: &RolloutId,
        params: impl Params,
    ) -> Result<Vec<Mailbox>, StoreError> {
        let mut statement = self.connection.prepare_cached(query).map_err(failed(READ))?;
        let mut rows = statement.query(params).map_err(failed(READ))?;
        let mut mailboxes = Vec::new();
        while let Some(row) = rows.next().map_err(failed(READ))? {
            mailboxes.push(mailbox_cells(row)?.open(id, self.seal)?);
        }
        Ok(mailboxes)
    }

    /// What `read` makes of the first row, if there is one.
    fn first<T>(
        &self,
        query: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(query).map_err(failed(READ))?;
        let mut rows = statement.query(params).map_err(failed(READ))?;
        rows.next().map_err(failed(READ))?.map(read).transpose()
    }
}

/// The columns `generation` and `row`.
pub(super) fn rollout_cells(row: &Row<'_>) -> Result<RolloutCells, StoreError> {
    Ok(RolloutCells { generation: column::<i64>(row, 0)?.cast_unsigned(), row: column(row, 1)? })
}

/// The columns `position`, `address`, `wait`, `stage`, `due`, `generation` and `row`.
pub(super) fn mailbox_cells(row: &Row<'_>) -> Result<MailboxCells, StoreError> {
    Ok(MailboxCells {
        position: column(row, 0)?,
        address: column(row, 1)?,
        wait: column(row, 2)?,
        stage: column(row, 3)?,
        due: column(row, 4)?,
        generation: column::<i64>(row, 5)?.cast_unsigned(),
        row: column(row, 6)?,
    })
}
