//! Connections, each used for one question at a time.

use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult};
use deadpool::managed::{Pool as Managed, TimeoutType};
use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, Error, Socket};

use super::error::{Said, failed};
use super::session::Session;
use crate::store::StoreError;

/// The most that any server takes.
const MOST: usize = 262_143;

/// Makes connections, which belong to the runtime that they are made on.
#[derive(Clone)]
pub(super) struct Connector(Arc<dyn Fn() -> Connecting + Send + Sync>);
type Connecting = Pin<Box<dyn Future<Output = Result<Session, Error>> + Send>>;

impl Connector {
    pub(super) fn new<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Self(Arc::new(move || {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, connection) = config.connect(tls).await?;
                Ok(Session::new(client, connection))
            })
        }))
    }
}

impl Manager for Connector {
    type Type = Session;
    type Error = Error;

    async fn create(&self) -> Result<Session, Error> {
        (self.0)().await
    }

    async fn recycle(&self, session: &mut Session, _: &Metrics) -> RecycleResult<Error> {
        if session.wire.is_open() { Ok(()) } else { Err(RecycleError::message("it is closed")) }
    }
}

pub(super) struct Pool(Managed<Connector>);

impl Pool {
    pub(super) fn new(connector: Connector, most: usize, patience: Duration) -> Result<Self, StoreError> {
        let pool = Managed::builder(connector)
            .max_size(most.clamp(1, MOST))
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .runtime(Runtime::Tokio1)
            .build();
        let impossible =
            |error| StoreError::Unavailable { doing: "make a pool of connections", source: Box::new(error) };
        pool.map(Self).map_err(impossible)
    }

    /// One that nobody else uses.
    pub(super) async fn connection(&self) -> Result<Connection, StoreError> {
        let object = self.0.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => {
                StoreError::Busy(Said::plainly("all connections are in use"))
            }
            PoolError::Timeout(_) => late(),
            PoolError::Backend(error) => failed("connect")(error),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                StoreError::Gone
            }
        })?;
        Ok(Connection(Some(object)))
    }

    /// Closes those that nobody uses.
    pub(super) fn forget_idle(&self) {
        self.0.retain(|_, _| false);
    }
}

/// A connection in use. Dropped, it is closed at once, whatever it waits for, and the server takes back what was not
/// ended.
pub(super) struct Connection(Option<Object<Connector>>);

impl Connection {
    /// None never: it is there until it is given back.
    pub(super) fn session(&mut self) -> Result<&mut Session, StoreError> {
        self.0.as_deref_mut().ok_or(StoreError::Gone)
    }

    /// Nothing is under way on it: others may use it.
    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Dropped as it is, it would go back.
        drop(self.0.take().map(Object::take));
    }
}

/// Waits for the server no longer than that: one that is gone without a word is found out by it.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(late()))
}

fn late() -> StoreError {
    StoreError::Unavailable { doing: "wait any longer for the server", source: Said::late() }
}
