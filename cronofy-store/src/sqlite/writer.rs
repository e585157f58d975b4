//! The one thread that writes.

use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use super::error::failed;
use crate::store::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) struct Writer {
    jobs: Sender<Job>,
    thread: JoinHandle<Result<(), StoreError>>,
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            for job in queue {
                job(&mut connection);
            }
            connection.close().map_err(|(_, error)| failed("close the file")(error))
        };
        let thread = thread::Builder::new().name("cronofy-store".to_owned()).spawn(work);
        let thread = thread
            .map_err(|error| StoreError::Unavailable { doing: "start its thread", source: error.into() })?;
        Ok(Self { jobs, thread })
    }

    /// Does it, once everything before it is done. Where the thread is gone the job is dropped, and with it
    /// whatever was to be told to somebody.
    pub(super) fn run(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        let _ = self.jobs.send(Box::new(job));
    }

    /// Does it, and waits for what comes of it.
    pub(super) fn run_blocking<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.run(move |connection| {
            let _ = sender.send(job(connection));
        });
        receiver.recv().unwrap_or(Err(StoreError::Gone))
    }

    /// Does what is left to do, and closes the connection.
    pub(super) fn stop(self) -> Result<(), StoreError> {
        drop(self.jobs);
        self.thread.join().unwrap_or(Err(StoreError::Gone))
    }
}
