//! What is done with the server: whole transactions, tried again where it is certain that nothing of them happened.

use core::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Row};

use super::Clock;
use super::columns::{grant_cells, is_as, text};
use super::error::{Said, ending, failed, is_passing};
use super::names::Names;
use super::pool::{Connector, Pool, within};
use super::session::Session;
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
    /// On the store's own runtime.
    own: Pool,
    /// On the runtimes of those who ask, for reading alone: what is written must not end with one of them.
    theirs: Pool,
    pub(super) names: Names,
    pub(super) seal: Seal,
    begin: String,
    patience: Duration,
    /// Whether the statement that reads a grant is prepared, once for each connection.
    prepares: bool,
    opened: Opened,
}

/// How a server is reached and used.
pub(super) struct Settings {
    pub(super) connector: Connector,
    pub(super) connections: usize,
    pub(super) patience: Duration,
    pub(super) prepares: bool,
}

impl Server {
    pub(super) fn new(settings: Settings, names: Names, seal: Seal) -> Result<Self, StoreError> {
        let Settings { connector, connections, patience, prepares } = settings;
        // For this transaction alone: the connection may be a pooler's, and the next one somebody else's.
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path = {}, pg_temp; \
             SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = {}; \
             SET LOCAL idle_in_transaction_session_timeout = {}",
            names.schema(),
            patience.as_millis().clamp(1, 1_000_000_000),
            LIMIT.as_millis(),
        );
        let own = Pool::new(connector.clone(), connections, patience)?;
        let theirs = Pool::new(connector, connections, patience)?;
        Ok(Self { own, theirs, names, seal, begin, patience, prepares, opened: Opened::default() })
    }

    /// Answers on the store's own runtime.
    pub(super) async fn answer(&self, ask: Ask, now: Option<&Clock>) -> Result<Told, StoreError> {
        if let Ask::Grant(id) = &ask {
            return self.read(&self.own, id).await;
        }
        let work = async |client: &Client| {
            execute(&mut PostgresTransaction::new(client, &self.names, &self.seal, now), ask.clone()).await
        };
        // It is large, and reading has no need of it.
        Box::pin(self.transact(work)).await
    }

    /// Answers on the runtime of whoever asks.
    pub(super) async fn answer_there(&self, id: &GrantId) -> Result<Told, StoreError> {
        self.read(&self.theirs, id).await
    }

    async fn read(&self, pool: &Pool, id: &GrantId) -> Result<Told, StoreError> {
        let mut tries = Tries::new(self.patience);
        loop {
            match self.grant(pool, id).await {
                Err(error) if tries.again(&error, pool).await => {}
                read => return read.map(|grant| Told::Grant(grant.map(Box::new))),
            }
        }
    }

    /// One statement: what it reads is of one instant without a transaction around it.
    async fn grant(&self, pool: &Pool, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let known = self.opened.find(id);
        let mut connection = pool.connection().await?;
        let row = within(LIMIT, self.grant_row(connection.session()?, id)).await?;
        connection.give_back();
        let found = row.map(|row| Found::read(&row, known.as_deref(), is_as, grant_cells)).transpose()?;
        found.map(|found| self.opened.open(id, found, &self.seal)).transpose()
    }

    async fn grant_row(&self, session: &mut Session, id: &GrantId) -> Result<Option<Row>, StoreError> {
        let (query, [client_id, data_center, subject]) = (self.names.read_grant(), text(id));
        let read = if self.prepares {
            let statement = session.read_grant(query).await.map_err(failed(READ))?;
            let Session { client, wire, .. } = session;
            wire.carry(client.query_opt(&statement, &[&client_id, &data_center, &subject])).await
        } else {
            let Session { client, wire, .. } = session;
            wire.carry(client.query_typed_opt(query, values![client_id, data_center, subject])).await
        };
        read.map_err(failed(READ))
    }

    /// Does some work in one transaction, as a whole or not at all.
    pub(super) async fn transact<T>(
        &self,
        work: impl AsyncFn(&Client) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tries = Tries::new(self.patience);
        loop {
            match self.attempt(&work).await {
                Err(error) if tries.again(&error, &self.own).await => {}
                done => return done,
            }
        }
    }

    async fn attempt<T>(
        &self,
        work: &impl AsyncFn(&Client) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.own.connection().await?;
        let Session { client, wire, .. } = connection.session()?;
        let begun_and_done = async {
            client.batch_execute(&self.begin).await.map_err(failed("begin a transaction"))?;
            work(client).await
        };
        let done = wire.carry(within(LIMIT, begun_and_done)).await?;
        match wire.carry(timeout(LIMIT, client.batch_execute("COMMIT"))).await {
            Ok(committed) => committed.map_err(ending)?,
            Err(_) => return Err(StoreError::Unknown(Said::late())),
        }
        connection.give_back();
        Ok(done)
    }
}

/// Tries until it is done, or failed for a reason that stays, or patience is at its end.
struct Tries {
    begun: Instant,
    patience: Duration,
    pause: Duration,
}

impl Tries {
    fn new(patience: Duration) -> Self {
        Self { begun: Instant::now(), patience, pause: Duration::ZERO }
    }

    /// Whether to try again, once it has waited for a while.
    async fn again(&mut self, error: &StoreError, pool: &Pool) -> bool {
        if !is_passing(error) || self.begun.elapsed() + self.pause >= self.patience {
            return false;
        }
        // What has closed one connection has closed the others too, as a rule.
        pool.forget_idle();
        sleep(self.pause).await;
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        true
    }
}
