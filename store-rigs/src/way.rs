//! The way to the sandbox: requests are points where a process can die.

use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body};
use cronofy_store::manager::blocking::Deadline;
use cronofy_transport_ureq::{Roots, SendError, UreqTransport};

use crate::points::point;

/// A transport whose clock may stand still.
#[derive(Debug)]
pub(crate) struct Way {
    transport: UreqTransport,
    now: Option<Timestamp>,
}

impl Way {
    pub(crate) fn new(now: Option<Timestamp>, deadline: Option<Duration>) -> Self {
        // Nobody is met over TLS here, and reading the system's authorities takes longer than all the rest.
        let mut builder = UreqTransport::builder().roots(Roots::Only(Vec::new()));
        if let Some(deadline) = deadline {
            builder = builder.deadline(deadline);
        }
        Self { transport: builder.build().unwrap(), now }
    }
}

impl BlockingTransport for Way {
    type Error = SendError;

    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        point();
        let answer = self.transport.send(request);
        point();
        answer
    }

    fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration);
    }

    fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| self.transport.now())
    }
}

impl Deadline for Way {
    fn deadline(&self) -> Duration {
        self.transport.deadline()
    }
}
