//! A store in a schema of a PostgreSQL database, for any number of processes on any number of machines.
//!
//! Callers need no runtime, and those that have one are not blocked. Several questions are under way at once, each on a
//! connection of its own. The server decides what time it is.

mod columns;
mod error;
mod names;
mod options;
mod pool;
mod rekey;
mod rollouts;
mod schema;
mod server;
mod session;
mod transaction;
mod values;
mod worker;

use core::fmt;
use std::sync::Arc;

use cronofy_types::Timestamp;
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::seal::Seal;
use crate::store::{Answer, Ask, Store, StoreError};
pub use options::PostgresOptions;
use server::Server;
use worker::Worker;

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Keeps everything in a PostgreSQL database.
pub struct PostgresStore {
    worker: Worker,
    /// None where it is the server's.
    now: Option<Clock>,
}

impl PostgresStore {
    /// Opens the store at this address, or makes it: [`PostgresOptions`] as they are at first.
    ///
    /// It blocks until the tables are there and up to date. Any number of processes may do so at once.
    ///
    /// # Errors
    ///
    /// Refuses an address of another machine, since it would connect without TLS ([`PostgresOptions::tls`]), a schema
    /// that a newer release made ([`StoreError::Newer`]) and one that holds something else
    /// ([`StoreError::Foreign`]). It changes none of these.
    pub fn open(address: &str, seal: impl Into<Seal>) -> Result<Self, StoreError> {
        PostgresOptions::new(address)?.open(seal)
    }

    fn start(server: Server) -> Result<Self, StoreError> {
        let worker = Worker::start(server)?;
        worker.run_blocking(|server| async move { schema::migrate(&server).await })?;
        Ok(Self { worker, now: None })
    }

    /// On a clock of your own in the place of the server's: a test's.
    pub fn with_clock(self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Some(Arc::new(now)), ..self }
    }

    /// Finishes what it was asked, and closes the connections. A store that is only dropped does so too, and nobody
    /// waits for it.
    pub fn close(self) -> Result<(), StoreError> {
        self.worker.stop()
    }
}

impl Store for PostgresStore {
    fn submit(&self, ask: Ask, answer: Answer) {
        let now = self.now.clone();
        if answer.is_waited_for() {
            let told =
                self.worker.run_blocking(|server| async move { server.answer(ask, now.as_ref()).await });
            return answer.tell(told);
        }
        match (ask, many_threaded()) {
            (Ask::Grant(id), Some(theirs)) => {
                let server = Arc::clone(self.worker.server());
                theirs.spawn(async move { answer.tell(server.answer_there(&id).await) });
            }
            (ask, _) => {
                self.worker.run(|server| async move { answer.tell(server.answer(ask, now.as_ref()).await) });
            }
        }
    }
}

/// The runtime of whoever asks, where it goes on whatever the asker does next: one of a single thread may not.
fn many_threaded() -> Option<Handle> {
    Handle::try_current().ok().filter(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread)
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}
