//! Connections, each used for one question at a time. All of it is on the store's one thread.

use core::future::Future;
use core::ops::Deref;
use core::pin::Pin;
use core::time::Duration;
use std::cell::{OnceCell, RefCell};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::timeout;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, Socket, Statement};

use super::error::{Said, failed};
use crate::store::StoreError;

/// Makes connections.
pub(super) type Connect = Box<dyn Fn() -> Connecting + Send>;
type Connecting = Pin<Box<dyn Future<Output = Result<Session, Error>>>>;

/// A connection, and what drives it. Dropped, it is closed at once, whatever it waits for.
pub(super) struct Session {
    client: Client,
    driver: AbortHandle,
    /// The statement that reads a grant, once it was prepared.
    read_grant: OnceCell<Statement>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

pub(super) fn connect<T>(config: Config, tls: T) -> Connect
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: 'static,
{
    Box::new(move || {
        let (config, tls) = (config.clone(), tls.clone());
        Box::pin(async move {
            let (client, connection) = config.connect(tls).await?;
            // Why it ended is told to whoever waits for an answer.
            let driver = spawn_local(async { drop(connection.await) }).abort_handle();
            Ok(Session { client, driver, read_grant: OnceCell::new() })
        })
    })
}

pub(super) struct Pool {
    connect: Connect,
    free: Semaphore,
    idle: RefCell<Vec<Session>>,
    patience: Duration,
}

impl Pool {
    pub(super) fn new(connect: Connect, most: usize, patience: Duration) -> Self {
        let free = Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS));
        Self { connect, free, idle: RefCell::default(), patience }
    }

    /// One that nobody else uses.
    pub(super) async fn connection(&self) -> Result<Connection<'_>, StoreError> {
        let permit = match timeout(self.patience, self.free.acquire()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(StoreError::Gone),
            Err(_) => return Err(StoreError::Busy(Said::plainly("all connections are in use"))),
        };
        let session = match self.idle() {
            Some(session) => session,
            None => {
                within(self.patience, async { (self.connect)().await.map_err(failed("connect")) }).await?
            }
        };
        Ok(Connection { session, pool: self, _permit: permit })
    }

    /// The one that was used last, and that is open as far as is known.
    fn idle(&self) -> Option<Session> {
        let mut idle = self.idle.borrow_mut();
        idle.retain(|session| !session.client.is_closed());
        idle.pop()
    }
}

/// A connection in use. Dropped, it is closed, and the server takes back what was not ended.
pub(super) struct Connection<'a> {
    session: Session,
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
}

impl Connection<'_> {
    /// The statement that reads a grant, prepared on this connection.
    pub(super) async fn read_grant(&self, query: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.session.read_grant.get() {
            return Ok(statement.clone());
        }
        let statement =
            self.session.client.prepare_typed(query, &[Type::TEXT, Type::TEXT, Type::TEXT]).await?;
        Ok(self.session.read_grant.get_or_init(|| statement).clone())
    }

    /// Nothing is under way on it: others may use it.
    pub(super) fn give_back(self) {
        self.pool.idle.borrow_mut().push(self.session);
    }
}

impl Deref for Connection<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.session.client
    }
}

/// Waits for the server no longer than that: one that is gone without a word is found out by it.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let late =
        |_| Err(StoreError::Unavailable { doing: "wait any longer for the server", source: Said::late() });
    timeout(limit, work).await.unwrap_or_else(late)
}
