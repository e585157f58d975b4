//! Sealing everything anew, while the store is in use.

use tokio_postgres::{Client, Row};

use super::PostgresStore;
use super::error::failed;
use super::server::Server;
use super::transaction::{column, grant_cells, grant_id, pending_cells, text};
use super::values::values;
use crate::rekey::{BATCH, Batch, Rekeyed, Table, walk};
use crate::seal::Seal;
use crate::store::StoreError;
use crate::{GrantId, PendingId};

/// What rows are in the order of.
#[derive(Clone)]
enum Key {
    Grant(GrantId),
    Pending(PendingId),
}

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
        let batch = |table, after: Option<Key>| {
            self.worker.run_blocking(move |server| async move {
                server
                    .transact(async |client: &Client| {
                        batch(client, &server.seal, table, after.as_ref()).await
                    })
                    .await
            })
        };
        walk(left, batch, progress)
    }
}

async fn left(server: &Server) -> Result<u64, StoreError> {
    let count = "SELECT (SELECT count(*) FROM grants WHERE substring(tokens FROM 1 FOR length($1)) <> $1) \
                 + (SELECT count(*) FROM pending WHERE substring(row FROM 1 FOR length($1)) <> $1)";
    let prefix = server.seal.prefix();
    let count = async |client: &Client| {
        let row = client.query_typed_one(count, values![&*prefix]).await;
        column::<i64>(&row.map_err(failed("count what is to be sealed anew"))?, 0)
    };
    server.transact(count).await.map(i64::cast_unsigned)
}

async fn batch(
    client: &Client,
    seal: &Seal,
    table: Table,
    after: Option<&Key>,
) -> Result<Batch<Key>, StoreError> {
    let mut batch = Batch::default();
    for row in rows(client, seal, table, after).await? {
        let (key, cell) = match table {
            Table::Grants => {
                let id = grant_id(&row)?;
                let cell = grant_cells(&row).and_then(|cells| cells.reseal(&id, seal));
                (Key::Grant(id), cell)
            }
            Table::Pending => {
                let id = pending_id(&row)?;
                let cell = pending_cells(&row).and_then(|cells| cells.reseal(&id, seal));
                (Key::Pending(id), cell)
            }
            // It has no tables for these yet.
            Table::Rollouts | Table::Mailboxes => continue,
        };
        match cell {
            Ok(cell) => batch.done += write(client, &key, &cell).await?,
            Err(error) => batch.refused = batch.refused.or(Some(error)),
        }
        batch.last = Some(key);
    }
    Ok(batch)
}

/// Some that are sealed with another key, locked.
async fn rows(
    client: &Client,
    seal: &Seal,
    table: Table,
    after: Option<&Key>,
) -> Result<Vec<Row>, StoreError> {
    let prefix = seal.prefix();
    let rows = match (table, after) {
        (Table::Grants, after) => {
            let [client_id, data_center, subject] = match after {
                Some(Key::Grant(id)) => text(id),
                _ => [""; 3],
            };
            let query = "SELECT through, generation, state, tokens, client_id, data_center, subject FROM grants \
                         WHERE (client_id, data_center, subject) > ($3, $4, $5) \
                         AND substring(tokens FROM 1 FOR length($1)) <> $1 \
                         ORDER BY client_id, data_center, subject LIMIT $2 FOR UPDATE";
            client.query_typed(query, values![&*prefix, BATCH, client_id, data_center, subject]).await
        }
        (Table::Pending, after) => {
            let id = match after {
                Some(Key::Pending(id)) => &id.0[..],
                _ => &[],
            };
            let query = "SELECT binding, generation, waiting, expires_at, row, id FROM pending \
                         WHERE id > $3 AND substring(row FROM 1 FOR length($1)) <> $1 \
                         ORDER BY id LIMIT $2 FOR UPDATE";
            client.query_typed(query, values![&*prefix, BATCH, id]).await
        }
        (Table::Rollouts | Table::Mailboxes, _) => return Ok(Vec::new()),
    };
    rows.map_err(failed("read"))
}

async fn write(client: &Client, key: &Key, cell: &[u8]) -> Result<u64, StoreError> {
    let written = match key {
        Key::Grant(id) => {
            let [client_id, data_center, subject] = text(id);
            let write =
                "UPDATE grants SET tokens = $1 WHERE client_id = $2 AND data_center = $3 AND subject = $4";
            client.execute_typed(write, values![cell, client_id, data_center, subject]).await
        }
        Key::Pending(id) => {
            client.execute_typed("UPDATE pending SET row = $1 WHERE id = $2", values![cell, &id.0[..]]).await
        }
    };
    written.map_err(failed("seal anew"))
}

fn pending_id(row: &Row) -> Result<PendingId, StoreError> {
    let id = column::<&[u8]>(row, 5)?.try_into();
    id.map(PendingId).map_err(|_| StoreError::Unreadable {
        what: "the identifier of a pending authorization",
        source: "another length".into(),
    })
}
