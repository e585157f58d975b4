//! Sealing everything anew, while the store is in use.

use std::sync::Arc;

use rusqlite::{Connection, Params, Row, Transaction, TransactionBehavior};

use super::error::{ending, failed};
use super::rollouts::{mailbox_cells, rollout_cells};
use super::transaction::{column, grant_cells, grant_id, pending_cells};
use super::{SqliteStore, StoreError};
use crate::PendingId;
use crate::rekey::{BATCH, Batch, Rekeyed, Table, walk};
use crate::rollout::RolloutId;
use crate::seal::Seal;

impl SqliteStore {
    /// Seals anew, with the first key, what is sealed with another one, and blocks until that is done.
    ///
    /// The store can be used meanwhile. It goes from batch to batch and tells `progress` after each; where it is
    /// broken off, or the process is killed, what is done is done, and calling it again does the rest. Give the new
    /// key to every process that uses the file before: one that does not know it cannot read what it seals.
    ///
    /// # Errors
    ///
    /// It goes past a row that cannot be opened, and tells the first reason at the end.
    pub fn rekey(&self, progress: impl FnMut(Rekeyed)) -> Result<Rekeyed, StoreError> {
        let batch = |table, after| {
            let seal = Arc::clone(&self.seal);
            self.writer.run_blocking(move |connection| batch(connection, &seal, table, after))
        };
        let rekeyed = walk(|| self.sealed_otherwise(), batch, progress);
        // What was sealed before is still in the log.
        self.writer.run_blocking(|connection| {
            let checkpoint = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
            checkpoint.map_err(failed("empty its log"))
        })?;
        rekeyed
    }

    fn sealed_otherwise(&self) -> Result<u64, StoreError> {
        let prefix = self.seal.prefix();
        self.writer.run_blocking(move |connection| {
            let count = "SELECT (SELECT count(*) FROM grants WHERE substr(tokens, 1, length(?1)) <> ?1) \
                         + (SELECT count(*) FROM pending WHERE substr(row, 1, length(?1)) <> ?1) \
                         + (SELECT count(*) FROM rollouts WHERE substr(row, 1, length(?1)) <> ?1) \
                         + (SELECT count(*) FROM mailboxes WHERE substr(row, 1, length(?1)) <> ?1)";
            let count = connection.query_row(count, [prefix], |row| row.get::<_, i64>(0));
            count.map(i64::cast_unsigned).map_err(failed("count what is to be sealed anew"))
        })
    }
}

fn batch(
    connection: &mut Connection,
    seal: &Seal,
    table: Table,
    after: Option<i64>,
) -> Result<Batch<i64>, StoreError> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(failed("begin a transaction"))?;
    let (read, write) = match table {
        Table::Grants => (
            "SELECT through, generation, state, tokens, client_id, data_center, subject, rowid FROM grants \
             WHERE rowid > ?1 AND substr(tokens, 1, length(?2)) <> ?2 ORDER BY rowid LIMIT ?3",
            "UPDATE grants SET tokens = ?2 WHERE rowid = ?1",
        ),
        Table::Pending => (
            "SELECT binding, generation, waiting, expires_at, row, id, rowid FROM pending \
             WHERE rowid > ?1 AND substr(row, 1, length(?2)) <> ?2 ORDER BY rowid LIMIT ?3",
            "UPDATE pending SET row = ?2 WHERE rowid = ?1",
        ),
        Table::Rollouts => (
            "SELECT generation, row, id, rowid FROM rollouts \
             WHERE rowid > ?1 AND substr(row, 1, length(?2)) <> ?2 ORDER BY rowid LIMIT ?3",
            "UPDATE rollouts SET row = ?2 WHERE rowid = ?1",
        ),
        Table::Mailboxes => (
            "SELECT position, address, wait, stage, due, generation, row, rollout, rowid FROM mailboxes \
             WHERE rowid > ?1 AND substr(row, 1, length(?2)) <> ?2 ORDER BY rowid LIMIT ?3",
            "UPDATE mailboxes SET row = ?2 WHERE rowid = ?1",
        ),
    };
    let mut batch = Batch::default();
    let params = (after.unwrap_or(i64::MIN), seal.prefix(), BATCH);
    let sealed = each(&transaction, read, params, |row| {
        let rowid = row.get("rowid").map_err(failed("read"))?;
        Ok((rowid, reseal(row, seal, table)))
    })?;
    for (rowid, cell) in sealed {
        batch.last = Some(rowid);
        match cell {
            Ok(cell) => {
                let written = transaction.execute(write, (rowid, cell)).map_err(failed("seal anew"))?;
                batch.done += written as u64;
            }
            Err(error) => batch.refused = batch.refused.or(Some(error)),
        }
    }
    transaction.commit().map_err(ending)?;
    Ok(batch)
}

fn reseal(row: &Row<'_>, seal: &Seal, table: Table) -> Result<Vec<u8>, StoreError> {
    match table {
        Table::Grants => grant_cells(row)?.reseal(&grant_id(row)?, seal),
        Table::Pending => pending_cells(row)?.reseal(&PendingId(column(row, 5)?), seal),
        Table::Rollouts => rollout_cells(row)?.reseal(&RolloutId(column(row, 2)?), seal),
        Table::Mailboxes => mailbox_cells(row)?.reseal(&RolloutId(column(row, 7)?), seal),
    }
}

fn each<T>(
    transaction: &Transaction<'_>,
    query: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = transaction.prepare_cached(query).map_err(failed("read"))?;
    let mut rows = statement.query(params).map_err(failed("read"))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed("read"))? {
        all.push(read(row)?);
    }
    Ok(all)
}
