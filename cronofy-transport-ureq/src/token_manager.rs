//! What the token manager needs of this transport: its deadline.

use std::time::Duration;

use cronofy_store::manager::blocking::Deadline;

use crate::UreqTransport;

impl Deadline for UreqTransport {
    fn deadline(&self) -> Duration {
        self.deadline()
    }
}
