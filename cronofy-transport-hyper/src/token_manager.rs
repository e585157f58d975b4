//! What the token manager needs of this transport: its deadline, and tasks of tokio.

use std::time::Duration;

use cronofy_store::manager::{Background, Work};
use tokio::runtime::Handle;

use crate::HyperTransport;

/// Work is a task of the runtime that it is asked for in. Outside of one it is dropped, and whoever waits is told.
impl Background for HyperTransport {
    fn deadline(&self) -> Duration {
        self.deadline()
    }

    fn spawn(&self, work: Work) {
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(work);
        }
    }
}
