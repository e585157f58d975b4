//! The tables, and how older ones become newer ones: forward, one step at a time, all of them in one transaction.

use tokio_postgres::Client;

use super::columns::column;
use super::error::failed;
use super::names::Names;
use super::server::Server;
use super::transaction::lock;
use super::values::values;
use crate::store::StoreError;

const READ: &str = "read its version";
const MIGRATE: &str = "migrate";

/// Each brings the tables from the version of its place to the next. None is ever changed once released.
const MIGRATIONS: &[&str] =
    &[include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

/// Brings the tables up to date, or finds that they are.
pub(super) async fn migrate(server: &Server) -> Result<(), StoreError> {
    server
        .transact(async |client: &Client| {
            let known = MIGRATIONS.len();
            if version(client, &server.names).await? == Some(known) {
                return Ok(());
            }
            lock(client, server.names.lock("migration", &[])).await?;
            // Again: another process may have done it meanwhile.
            let found = version(client, &server.names).await?;
            if found == Some(known) {
                return Ok(());
            }
            if found.is_none() {
                begin(client, &server.names).await?;
            }
            for step in &MIGRATIONS[found.unwrap_or_default()..] {
                client.batch_execute(step).await.map_err(failed(MIGRATE))?;
            }
            let done = format!("UPDATE cronofy_store SET version = {known}");
            client.batch_execute(&done).await.map_err(failed(MIGRATE))
        })
        .await
}

/// Makes the schema, unless an administrator has made it, and the table that tells its version.
async fn begin(client: &Client, names: &Names) -> Result<(), StoreError> {
    let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    let there = client.query_typed_opt(there, values![names.plain()]).await.map_err(failed(READ))?;
    if there.is_none() {
        let make = format!("CREATE SCHEMA {}", names.schema());
        client.batch_execute(&make).await.map_err(failed(MIGRATE))?;
    }
    let version =
        "CREATE TABLE cronofy_store (version bigint NOT NULL); INSERT INTO cronofy_store VALUES (0)";
    client.batch_execute(version).await.map_err(failed(MIGRATE))
}

/// Which version the tables have: never more than is known, and none where there are no tables.
async fn version(client: &Client, names: &Names) -> Result<Option<usize>, StoreError> {
    let count = "SELECT count(*), count(*) FILTER (WHERE relname = 'cronofy_store' AND relkind = 'r') \
                 FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)";
    let row = client.query_typed_one(count, values![names.plain()]).await.map_err(failed(READ))?;
    match (column::<i64>(&row, 0)?, column::<i64>(&row, 1)?) {
        (0, _) => return Ok(None),
        (_, 0) => return Err(StoreError::Foreign),
        _ => {}
    }
    let rows = client.query_typed("SELECT * FROM cronofy_store", &[]).await.map_err(failed(READ))?;
    let [row] = &*rows else { return Err(StoreError::Foreign) };
    let found = column::<i64>(row, 0).map_err(|_| StoreError::Foreign)?;
    match usize::try_from(found) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(Some(version)),
        _ => Err(StoreError::Newer { found, known: i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX) }),
    }
}
