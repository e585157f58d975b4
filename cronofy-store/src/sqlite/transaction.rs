//! Records in and out of the tables.

use std::collections::BTreeSet;

use cronofy_types::{ClientId, Sub, Timestamp};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use super::error::failed;
use crate::cells::{GrantCells, PendingCells, micros};
use crate::decide::budget;
use crate::execute::{PendingRow, Transaction};
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::seal::Seal;
use crate::store::{Binding, StoreError};
use crate::{Grant, GrantId, PendingId};

pub(super) const READ: &str = "read";
const WRITE: &str = "write";

pub(super) struct SqliteTransaction<'a> {
    pub(super) connection: &'a Connection,
    pub(super) seal: &'a Seal,
    now: Timestamp,
}

impl<'a> SqliteTransaction<'a> {
    pub(super) fn new(connection: &'a Connection, seal: &'a Seal, now: Timestamp) -> Self {
        Self { connection, seal, now }
    }

    fn grants_where(&self, query: &str, params: impl Params) -> Result<Vec<Grant>, StoreError> {
        let mut statement = self.connection.prepare_cached(query).map_err(failed(READ))?;
        let mut rows = statement.query(params).map_err(failed(READ))?;
        let mut grants = Vec::new();
        while let Some(row) = rows.next().map_err(failed(READ))? {
            let (id, cells) = (grant_id(row)?, grant_cells(row)?);
            grants.push(cells.open(id, self.seal)?);
        }
        Ok(grants)
    }

    pub(super) fn write(&self, statement: &str, params: impl Params) -> Result<usize, StoreError> {
        let mut statement = self.connection.prepare_cached(statement).map_err(failed(WRITE))?;
        statement.execute(params).map_err(failed(WRITE))
    }

    fn pending_cells(&self, id: &PendingId) -> Result<Option<PendingCells>, StoreError> {
        let query = "SELECT binding, generation, waiting, expires_at, row FROM pending WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(query).map_err(failed(READ))?;
        let mut rows = statement.query([id.0]).map_err(failed(READ))?;
        rows.next().map_err(failed(READ))?.map(pending_cells).transpose()
    }
}

/// What `read` makes of the row of a grant: of the columns that [`grant_cells`] takes.
pub(super) fn grant_row<T>(
    connection: &Connection,
    id: &GrantId,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let query = "SELECT through, generation, state, tokens FROM grants \
                 WHERE client_id = ?1 AND data_center = ?2 AND subject = ?3";
    let mut statement = connection.prepare_cached(query).map_err(failed(READ))?;
    let params = (id.client_id.as_str(), id.data_center(), id.subject.as_str());
    let mut rows = statement.query(params).map_err(failed(READ))?;
    rows.next().map_err(failed(READ))?.map(read).transpose()
}

impl Transaction for SqliteTransaction<'_> {
    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        Ok(self.now)
    }

    async fn grant(&mut self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let cells = grant_row(self.connection, id, grant_cells)?;
        cells.map(|cells| cells.open(id.clone(), self.seal)).transpose()
    }

    async fn put_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        let cells = GrantCells::seal(grant, self.seal)?;
        self.write(
            "INSERT INTO grants (client_id, data_center, subject, through, generation, state, tokens) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT DO UPDATE SET through = excluded.through, generation = excluded.generation, \
             state = excluded.state, tokens = excluded.tokens",
            params![
                grant.id.client_id.as_str(),
                grant.id.data_center(),
                grant.id.subject.as_str(),
                cells.through,
                cells.generation.cast_signed(),
                cells.state,
                cells.tokens,
            ],
        )?;
        Ok(())
    }

    async fn delegated_from(&mut self, through: &GrantId) -> Result<Vec<Grant>, StoreError> {
        self.grants_where(
            "SELECT through, generation, state, tokens, client_id, data_center, subject FROM grants \
             WHERE client_id = ?1 AND data_center = ?2 AND through = ?3 ORDER BY subject",
            (through.client_id.as_str(), through.data_center(), through.subject.as_str()),
        )
    }

    async fn grants(&mut self, after: Option<&GrantId>, limit: usize) -> Result<Vec<Grant>, StoreError> {
        // No identifier is empty, so every one comes after the empty text.
        let after = after.map_or(("", "", ""), |after| {
            (after.client_id.as_str(), after.data_center(), after.subject.as_str())
        });
        self.grants_where(
            "SELECT through, generation, state, tokens, client_id, data_center, subject FROM grants \
             WHERE (client_id, data_center, subject) > (?1, ?2, ?3) \
             ORDER BY client_id, data_center, subject LIMIT ?4",
            (after.0, after.1, after.2, rows(limit)),
        )
    }

    async fn pending(&mut self, id: &PendingId) -> Result<Option<PendingRow>, StoreError> {
        self.pending_cells(id)?.map(|cells| cells.open(id, self.seal)).transpose()
    }

    async fn put_pending(
        &mut self,
        id: &PendingId,
        row: &PendingRow,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        let query = "SELECT binding, generation FROM pending WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(query).map_err(failed(READ))?;
        let before = statement
            .query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))
            .optional()
            .map_err(failed(READ))?;
        let (bound, generation) = before.unwrap_or((None, 0));
        let binding = binding.map(|binding| binding.hash).or(bound);
        let generation = generation.cast_unsigned() + 1;
        let cells = PendingCells::seal(id, row, binding, generation, self.seal)?;
        self.write(
            "INSERT INTO pending (id, binding, generation, waiting, expires_at, row) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT DO UPDATE SET binding = excluded.binding, generation = excluded.generation, \
             waiting = excluded.waiting, expires_at = excluded.expires_at, row = excluded.row",
            params![
                id.0,
                cells.binding,
                cells.generation.cast_signed(),
                cells.waiting,
                cells.expires_at,
                cells.row,
            ],
        )?;
        Ok(())
    }

    async fn make_room(&mut self, binding: &Binding) -> Result<(), StoreError> {
        self.write(
            "DELETE FROM pending WHERE id IN (SELECT id FROM pending WHERE binding = ?1 AND waiting \
             ORDER BY expires_at DESC, id DESC LIMIT -1 OFFSET ?2)",
            (binding.hash, rows(binding.most.max(1) - 1)),
        )?;
        Ok(())
    }

    async fn sweep(&mut self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.write(
            "DELETE FROM pending WHERE id IN (SELECT id FROM pending WHERE expires_at < ?1 LIMIT ?2)",
            (micros(before), rows(limit)),
        )
    }

    async fn rollout(&mut self, id: &RolloutId) -> Result<Option<Rollout>, StoreError> {
        self.rollout_row(id)
    }

    async fn put_rollout(&mut self, id: &RolloutId, rollout: &Rollout) -> Result<(), StoreError> {
        self.write_rollout(id, rollout)
    }

    async fn forget_mailboxes(&mut self, id: &RolloutId) -> Result<(), StoreError> {
        self.delete_mailboxes(id)
    }

    async fn mailboxes(&mut self, id: &RolloutId, positions: &[u32]) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_at(id, positions)
    }

    async fn mailboxes_after(
        &mut self,
        id: &RolloutId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_from(id, after, limit)
    }

    async fn mailboxes_due(
        &mut self,
        id: &RolloutId,
        stage: Stage,
        by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Mailbox>, StoreError> {
        self.mailboxes_of(id, stage, by, limit)
    }

    async fn put_mailboxes(&mut self, id: &RolloutId, mailboxes: &[Mailbox]) -> Result<(), StoreError> {
        mailboxes.iter().try_for_each(|mailbox| self.write_mailbox(id, mailbox))
    }

    async fn known_addresses(
        &mut self,
        id: &RolloutId,
        addresses: &[AddressHash],
    ) -> Result<BTreeSet<AddressHash>, StoreError> {
        self.addresses_of(id, addresses)
    }

    async fn mailbox_of(&mut self, wait: &PendingId) -> Result<Option<(RolloutId, u32)>, StoreError> {
        self.mailbox_waiting(wait)
    }

    async fn budget(&mut self, id: &BudgetId) -> Result<Option<budget::Row>, StoreError> {
        self.budget_row(id)
    }

    async fn put_budget(&mut self, id: &BudgetId, row: &budget::Row) -> Result<(), StoreError> {
        self.write_budget(id, row)
    }
}

/// The columns `through`, `generation`, `state` and `tokens`.
pub(super) fn grant_cells(row: &Row<'_>) -> Result<GrantCells, StoreError> {
    Ok(GrantCells {
        through: column(row, 0)?,
        generation: column::<i64>(row, 1)?.cast_unsigned(),
        state: column(row, 2)?,
        tokens: column(row, 3)?,
    })
}

/// The three columns after those.
pub(super) fn grant_id(row: &Row<'_>) -> Result<GrantId, StoreError> {
    let unreadable =
        |error| StoreError::Unreadable { what: "the identifier of a grant", source: Box::new(error) };
    let client_id = ClientId::new(column::<Box<str>>(row, 4)?).map_err(unreadable)?;
    let subject = Sub::new(column::<Box<str>>(row, 6)?).map_err(unreadable)?;
    Ok(GrantId::from_parts(client_id, column::<Box<str>>(row, 5)?, subject))
}

/// The columns `binding`, `generation`, `waiting`, `expires_at` and `row`.
pub(super) fn pending_cells(row: &Row<'_>) -> Result<PendingCells, StoreError> {
    Ok(PendingCells {
        binding: column(row, 0)?,
        generation: column::<i64>(row, 1)?.cast_unsigned(),
        waiting: column(row, 2)?,
        expires_at: column(row, 3)?,
        row: column(row, 4)?,
    })
}

/// Fails where somebody else has written something of another type.
pub(super) fn column<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    row.get(index)
        .map_err(|error| StoreError::Unreadable { what: "a column of the database", source: error.into() })
}

pub(super) fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
