//! A sandbox for programs without a runtime.

use std::io;
use std::ops::Deref;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::sync::oneshot;

use crate::{Builder, Sandbox};

/// A [`Sandbox`] that is served by a thread of its own, until this is shut down or dropped.
///
/// All methods of [`Sandbox`] are there by dereference, except its asynchronous shutdown.
#[derive(Debug)]
pub struct BlockingSandbox {
    sandbox: Option<Sandbox>,
    stop: Option<oneshot::Sender<Sandbox>>,
    thread: Option<JoinHandle<()>>,
}

impl BlockingSandbox {
    pub(crate) fn start_with(builder: Builder) -> io::Result<Self> {
        let (started, start) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel::<Sandbox>();
        let body = move || {
            let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(started.send(Err(error))),
            };
            runtime.block_on(async {
                // If nobody waits for the answer any more, nobody has the sandbox: it is dropped here.
                if started.send(builder.start().await).is_ok()
                    && let Ok(sandbox) = stopped.await
                {
                    sandbox.shutdown().await;
                }
            });
        };
        let thread = thread::Builder::new().name("cronofy-sandbox".to_owned()).spawn(body)?;
        let sandbox = start.recv().map_err(|_| io::Error::other("the sandbox's thread ended"))??;
        Ok(Self { sandbox: Some(sandbox), stop: Some(stop), thread: Some(thread) })
    }

    /// Waits until no callback is due or in flight, as [`Sandbox::callbacks_settled`] does.
    pub fn callbacks_settled(&self) -> bool {
        self.wait_for_callbacks()
    }

    /// Stops listening, lets answers under way finish for at most two seconds, and returns. Dropping does the same.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Deref for BlockingSandbox {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        // It is taken in `drop` only, and nobody can dereference after that.
        self.sandbox.as_ref().expect("the sandbox is there until it is dropped")
    }
}

impl Drop for BlockingSandbox {
    fn drop(&mut self) {
        if let (Some(stop), Some(sandbox)) = (self.stop.take(), self.sandbox.take()) {
            // If the thread is gone, so is the server.
            let _ = stop.send(sandbox);
        }
        if let Some(thread) = self.thread.take() {
            // A panic over there has been printed; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}
