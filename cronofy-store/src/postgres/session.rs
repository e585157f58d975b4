//! One connection, carried out by whoever waits for an answer on it: no task has to be woken for what another one
//! sends or waits for.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Connection, Error, Socket, Statement};

/// A connection. Dropped, it is closed at once.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) wire: Wire,
    /// The statement that reads a grant, once it was prepared.
    read_grant: Option<Statement>,
}

/// What sends and receives; none once it has ended.
pub(super) struct Wire(Option<Carrying>);
type Carrying = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Session {
    pub(super) fn new<S>(client: Client, connection: Connection<Socket, S>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        Self { client, wire: Wire(Some(Box::pin(connection))), read_grant: None }
    }

    /// The statement that reads a grant, prepared on this connection.
    pub(super) async fn read_grant(&mut self, query: &str) -> Result<Statement, Error> {
        if let Some(statement) = &self.read_grant {
            return Ok(statement.clone());
        }
        let prepare = self.client.prepare_typed(query, &[Type::TEXT, Type::TEXT, Type::TEXT]);
        let statement = self.wire.carry(prepare).await?;
        Ok(self.read_grant.insert(statement).clone())
    }
}

impl Wire {
    /// As far as is known: what happens to a connection is seen when it is used.
    pub(super) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Does some work with this connection's client.
    pub(super) async fn carry<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            // What the work has to send goes out now, and what has come in is there for it. Dropped, it tells the work
            // that nobody answers any more.
            if self.0.as_mut().is_some_and(|wire| wire.as_mut().poll(context).is_ready()) {
                self.0 = None;
            }
            work.as_mut().poll(context)
        })
        .await
    }
}
