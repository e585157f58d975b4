//! A transport whose time is the sandbox's: whoever sleeps moves the clock, so that hours pass in minutes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Transport};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_store::manager::{Background, Work};
use cronofy_transport_hyper::{HyperTransport, SendError};

/// Sends by another transport, and lives in the sandbox's time, which stands still unless somebody sleeps here.
#[derive(Clone)]
pub(super) struct Simulated {
    pub(super) transport: HyperTransport,
    pub(super) sandbox: Arc<BlockingSandbox>,
}

impl Transport for Simulated {
    type Error = SendError;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        self.transport.send(request).await
    }

    /// No time passes while a callback is under way.
    async fn sleep(&self, duration: Duration) {
        let until = self.now().saturating_add(duration);
        let sandbox: &Sandbox = &self.sandbox;
        sandbox.callbacks_settled().await;
        sandbox.advance(until.saturating_since(self.now()));
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }
}

impl Background for Simulated {
    fn deadline(&self) -> Duration {
        self.transport.deadline()
    }

    fn spawn(&self, work: Work) {
        self.transport.spawn(work);
    }
}
