//! The one thread that speaks with the server, for callers that block and for those that do not.

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;
use std::thread::{self, JoinHandle};

use tokio::runtime::{self, Runtime};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{LocalSet, spawn_local};

use super::server::Server;
use crate::store::StoreError;

type Job = Box<dyn FnOnce(Rc<Server>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

pub(super) struct Worker {
    jobs: UnboundedSender<Job>,
    thread: JoinHandle<()>,
}

impl Worker {
    pub(super) fn start(server: Server) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Unavailable {
            doing: "start its thread",
            source: error.into(),
        };
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (jobs, queue) = mpsc::unbounded_channel();
        let thread = thread::Builder::new().name("cronofy-store".to_owned());
        let thread = thread.spawn(move || work(&runtime, server, queue)).map_err(failed)?;
        Ok(Self { jobs, thread })
    }

    /// Does it, together with others. Where the thread is gone the job is dropped, and with it whatever was to be
    /// told to somebody.
    pub(super) fn run<F: Future<Output = ()> + 'static>(
        &self,
        job: impl FnOnce(Rc<Server>) -> F + Send + 'static,
    ) {
        let _ = self.jobs.send(Box::new(|server| Box::pin(job(server))));
    }

    /// Does it, and waits for what comes of it.
    pub(super) fn run_blocking<T: Send + 'static, F: Future<Output = Result<T, StoreError>> + 'static>(
        &self,
        job: impl FnOnce(Rc<Server>) -> F + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.run(|server| async move {
            let _ = sender.send(job(server).await);
        });
        receiver.recv().unwrap_or(Err(StoreError::Gone))
    }

    /// Does what is left to do, and closes the connections.
    pub(super) fn stop(self) -> Result<(), StoreError> {
        drop(self.jobs);
        self.thread.join().map_err(|_| StoreError::Gone)
    }
}

fn work(runtime: &Runtime, server: Server, mut queue: UnboundedReceiver<Job>) {
    let local = LocalSet::new();
    local.block_on(runtime, async move {
        let server = Rc::new(server);
        while let Some(job) = queue.recv().await {
            spawn_local(job(Rc::clone(&server)));
        }
    });
    // What is still under way.
    runtime.block_on(local);
}
