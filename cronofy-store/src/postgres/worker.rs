//! The store's own runtime. Whoever blocks for an answer drives it meanwhile; for all others a thread does, while there
//! is something to do. Nobody else is woken, then, for what a caller that blocks asks.

use core::future::Future;
use core::pin::{Pin, pin};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use futures_util::future::{Either, select};
use tokio::runtime::{self, Handle, Runtime};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::LocalSet;

use super::server::Server;
use crate::store::StoreError;

type Job = Box<dyn FnOnce(Arc<Server>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

pub(super) struct Worker {
    server: Arc<Server>,
    /// Dropped before the thread is told to end, which so is the last to have it: a runtime must not be dropped where
    /// a task is.
    runtime: Arc<Runtime>,
    jobs: UnboundedSender<Job>,
    thread: JoinHandle<()>,
}

impl Worker {
    pub(super) fn start(server: Server) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Unavailable {
            doing: "start its thread",
            source: error.into(),
        };
        let server = Arc::new(server);
        let runtime = Arc::new(runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?);
        let (jobs, queue) = mpsc::unbounded_channel();
        let thread = thread::Builder::new().name("cronofy-store".to_owned());
        let work = {
            let (runtime, server) = (Arc::clone(&runtime), Arc::clone(&server));
            move || work(&runtime, &server, queue)
        };
        let thread = thread.spawn(work).map_err(failed)?;
        Ok(Self { server, runtime, jobs, thread })
    }

    pub(super) fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// Does it, together with others. Where the thread is gone the job is dropped, and with it whatever was to be
    /// told to somebody.
    pub(super) fn run<F: Future<Output = ()> + 'static>(
        &self,
        job: impl FnOnce(Arc<Server>) -> F + Send + 'static,
    ) {
        let _ = self.jobs.send(Box::new(|server| Box::pin(job(server))));
    }

    /// Does it, and waits for what comes of it: on this thread, unless that is another runtime's.
    pub(super) fn run_blocking<T: Send + 'static, F: Future<Output = Result<T, StoreError>> + 'static>(
        &self,
        job: impl FnOnce(Arc<Server>) -> F + Send + 'static,
    ) -> Result<T, StoreError> {
        if Handle::try_current().is_err() {
            return self.runtime.block_on(job(Arc::clone(&self.server)));
        }
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.run(|server| async move {
            let _ = sender.send(job(server).await);
        });
        receiver.recv().unwrap_or(Err(StoreError::Gone))
    }

    /// Does what is left to do, and closes the connections.
    pub(super) fn stop(self) -> Result<(), StoreError> {
        let Self { server, runtime, jobs, thread } = self;
        drop((server, runtime, jobs));
        thread.join().map_err(|_| StoreError::Gone)
    }
}

fn work(runtime: &Runtime, server: &Arc<Server>, mut queue: UnboundedReceiver<Job>) {
    let mut under_way = LocalSet::new();
    while let Some(job) = queue.blocking_recv() {
        under_way.spawn_local(job(Arc::clone(server)));
        runtime.block_on(async {
            while let Some(job) = next(&mut queue, &mut under_way).await {
                under_way.spawn_local(job(Arc::clone(server)));
            }
            under_way.await;
        });
        under_way = LocalSet::new();
    }
}

/// What is to be done beside what is under way; none once nothing is, or nothing more comes.
async fn next(queue: &mut UnboundedReceiver<Job>, under_way: &mut LocalSet) -> Option<Job> {
    match select(pin!(queue.recv()), under_way).await {
        Either::Left((job, _)) => job,
        Either::Right(_) => None,
    }
}
