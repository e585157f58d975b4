//! What the store's thread does with the server: whole transactions, tried again where it is certain that nothing of
//! them happened.

use core::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Row};

use super::Clock;
use super::columns::{grant_cells, is_as, text};
use super::error::{Said, ending, failed, is_passing};
use super::names::Names;
use super::pool::{Connection, Pool, within};
use super::transaction::{PostgresTransaction, READ};
use super::values::values;
use crate::execute::execute;
use crate::opened::{Found, Opened};
use crate::seal::Seal;
use crate::store::{Ask, StoreError, Told};
use crate::{Grant, GrantId};

/// How long a transaction, or its end, may take.
const LIMIT: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

pub(super) struct Server {
    pool: Pool,
    pub(super) names: Names,
    pub(super) seal: Seal,
    begin: String,
    patience: Duration,
    /// Whether the statement that reads a grant is prepared, once for each connection.
    prepares: bool,
    opened: Opened,
}

impl Server {
    pub(super) fn new(pool: Pool, names: Names, seal: Seal, patience: Duration, prepares: bool) -> Self {
        // For this transaction alone: the connection may be a pooler's, and the next one somebody else's.
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path = {}, pg_temp; \
             SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = {}; \
             SET LOCAL idle_in_transaction_session_timeout = {}",
            names.schema(),
            patience.as_millis().clamp(1, 1_000_000_000),
            LIMIT.as_millis(),
        );
        Self { pool, names, seal, begin, patience, prepares, opened: Opened::default() }
    }

    pub(super) async fn answer(&self, ask: Ask, now: Option<&Clock>) -> Result<Told, StoreError> {
        if let Ask::Grant(id) = &ask {
            let grant = self.patiently(async || self.grant(id).await).await?;
            return Ok(Told::Grant(grant.map(Box::new)));
        }
        let work = async |client: &Client| {
            execute(&mut PostgresTransaction::new(client, &self.names, &self.seal, now), ask.clone()).await
        };
        self.transact(work).await
    }

    /// One statement: what it reads is of one instant without a transaction around it.
    async fn grant(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let known = self.opened.find(id);
        let connection = self.pool.connection().await?;
        let row = within(LIMIT, self.grant_row(&connection, id)).await?;
        connection.give_back();
        let found = row.map(|row| Found::read(&row, known.as_deref(), is_as, grant_cells)).transpose()?;
        found.map(|found| self.opened.open(id, found, &self.seal)).transpose()
    }

    async fn grant_row(&self, connection: &Connection<'_>, id: &GrantId) -> Result<Option<Row>, StoreError> {
        let (query, [client_id, data_center, subject]) = (self.names.read_grant(), text(id));
        let read = if self.prepares {
            let statement = connection.read_grant(query).await.map_err(failed(READ))?;
            connection.query_opt(&statement, &[&client_id, &data_center, &subject]).await
        } else {
            connection.query_typed_opt(query, values![client_id, data_center, subject]).await
        };
        read.map_err(failed(READ))
    }

    /// Does some work in one transaction, as a whole or not at all.
    pub(super) async fn transact<T>(
        &self,
        work: impl AsyncFn(&Client) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.patiently(async || {
            let connection = self.pool.connection().await?;
            let done = within(LIMIT, async {
                connection.batch_execute(&self.begin).await.map_err(failed("begin a transaction"))?;
                work(&connection).await
            })
            .await?;
            match timeout(LIMIT, connection.batch_execute("COMMIT")).await {
                Ok(committed) => committed.map_err(ending)?,
                Err(_) => return Err(StoreError::Unknown(Said::late())),
            }
            connection.give_back();
            Ok(done)
        })
        .await
    }

    /// Tries until it is done, or failed for a reason that stays, or patience is at its end.
    async fn patiently<T>(&self, attempt: impl AsyncFn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            match attempt().await {
                Err(error) if is_passing(&error) && begun.elapsed() + pause < self.patience => {
                    sleep(pause).await;
                }
                done => return done,
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }
}
