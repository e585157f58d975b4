//! Sealing everything anew, while the store is in use.

use tokio_postgres::{Client, Row};

use super::PostgresStore;
use super::columns::{array, column, grant_cells, grant_id, pending_cells};
use super::error::failed;
use super::rollouts::{mailbox_cells, rollout_cells};
use super::server::Server;
use super::values::values;
use crate::PendingId;
use crate::rekey::{BATCH, Batch, Rekeyed, Table, walk};
use crate::rollout::RolloutId;
use crate::seal::Seal;
use crate::store::StoreError;

impl PostgresStore {
    /// Seals anew, with the first key, what is sealed with another one, and blocks until that is done.
    ///
    /// The store can be used meanwhile. It goes from batch to batch and tells `progress` after each; where it is
    /// broken off, or the process is killed, what is done is done, and calling it again does the rest. Give the new
    /// key to every process that uses the database before: one that does not know it cannot read what it seals.
    ///
    /// What was there before stays in the server's files for a while: `VACUUM FULL` takes it out of the tables, and
    /// the server's log and backups keep it as long as they are kept.
    ///
    /// # Errors
    ///
    /// It goes past a row that cannot be opened, and tells the first reason at the end.
    pub fn rekey(&self, progress: impl FnMut(Rekeyed)) -> Result<Rekeyed, StoreError> {
        let left = || self.worker.run_blocking(|server| async move { left(&server).await });
        let batch = |table, after: Option<i64>| {
            self.worker.run_blocking(move |server| async move {
                let work = async |client: &Client| batch(client, &server.seal, table, after).await;
                server.transact(work).await
            })
        };
        walk(left, batch, progress)
    }
}

async fn left(server: &Server) -> Result<u64, StoreError> {
    let count = "SELECT (SELECT count(*) FROM grants WHERE substring(tokens FROM 1 FOR length($1)) <> $1) \
                 + (SELECT count(*) FROM pending WHERE substring(row FROM 1 FOR length($1)) <> $1) \
                 + (SELECT count(*) FROM rollouts WHERE substring(row FROM 1 FOR length($1)) <> $1) \
                 + (SELECT count(*) FROM mailboxes WHERE substring(row FROM 1 FOR length($1)) <> $1)";
    let prefix = server.seal.prefix();
    let count = async |client: &Client| {
        let row = client.query_typed_one(count, values![&*prefix]).await;
        column::<i64>(&row.map_err(failed("count what is to be sealed anew"))?, 0)
    };
    server.transact(count).await.map(i64::cast_unsigned)
}

/// The statements that read a batch, with the rows' numbers at the end, and write it.
macro_rules! statements {
    ($table:literal, $cell:literal, $columns:literal) => {
        (
            concat!(
                "SELECT ",
                $columns,
                ", number FROM ",
                $table,
                " WHERE number > $3 AND substring(",
                $cell,
                " FROM 1 FOR length($1)) <> $1 ORDER BY number LIMIT $2 FOR UPDATE"
            ),
            concat!(
                "UPDATE ",
                $table,
                " SET ",
                $cell,
                " = sealed.cell FROM unnest($1, $2) AS sealed (number, cell) \
                WHERE ",
                $table,
                ".number = sealed.number"
            ),
        )
    };
}

async fn batch(
    client: &Client,
    seal: &Seal,
    table: Table,
    after: Option<i64>,
) -> Result<Batch<i64>, StoreError> {
    let (read, write) = match table {
        Table::Grants => statements!(
            "grants",
            "tokens",
            "through, generation, state, tokens, client_id, data_center, subject"
        ),
        Table::Pending => statements!("pending", "row", "binding, generation, waiting, expires_at, row, id"),
        Table::Rollouts => statements!("rollouts", "row", "generation, row, id"),
        Table::Mailboxes => {
            statements!("mailboxes", "row", "position, address, wait, stage, due, generation, row, rollout")
        }
    };
    let (prefix, after) = (seal.prefix(), after.unwrap_or(i64::MIN));
    let rows = client.query_typed(read, values![&*prefix, BATCH, after]).await.map_err(failed("read"))?;
    let mut batch = Batch::default();
    let (mut numbers, mut cells) = (Vec::new(), Vec::new());
    for row in &rows {
        let number = column(row, row.len() - 1)?;
        batch.last = Some(number);
        match reseal(row, seal, table) {
            Ok(cell) => {
                numbers.push(number);
                cells.push(cell);
            }
            Err(error) => batch.refused = batch.refused.or(Some(error)),
        }
    }
    let cells: Vec<&[u8]> = cells.iter().map(Vec::as_slice).collect();
    batch.done = client.execute_typed(write, values![numbers, cells]).await.map_err(failed("seal anew"))?;
    Ok(batch)
}

fn reseal(row: &Row, seal: &Seal, table: Table) -> Result<Vec<u8>, StoreError> {
    match table {
        Table::Grants => grant_cells(row)?.reseal(&grant_id(row)?, seal),
        Table::Pending => pending_cells(row)?.reseal(&PendingId(array(row, 5)?), seal),
        Table::Rollouts => rollout_cells(row)?.reseal(&RolloutId(array(row, 2)?), seal),
        Table::Mailboxes => mailbox_cells(row)?.reseal(&RolloutId(array(row, 7)?), seal),
    }
}
