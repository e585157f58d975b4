//! The transport as a subject.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body, Endpoint, TransportError, drive_blocking};
use cronofy_transport_ureq::{SendError, UreqTransport};
use transport_exchanges::{Ping, Subject};

pub(crate) struct Blocking(pub(crate) UreqTransport);

impl Subject for Blocking {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Box<dyn TransportError>> {
        self.0.send(request).map_err(|error| Box::new(error) as _)
    }

    fn drive(&self, ping: Ping) -> (Result<String, String>, Vec<Duration>) {
        let wakeful = Wakeful(&self.0, Mutex::default());
        let result = drive_blocking(&wakeful, ping.call()).map_err(|error| error.to_string());
        (result, wakeful.1.into_inner().unwrap())
    }

    fn user_agent(&self) -> String {
        format!("cronofy-rust/{} (ureq)", env!("CARGO_PKG_VERSION"))
    }
}

/// Writes down what it was to sleep.
struct Wakeful<'a>(&'a UreqTransport, Mutex<Vec<Duration>>);

impl BlockingTransport for Wakeful<'_> {
    type Error = SendError;

    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        self.0.send(request)
    }

    fn sleep(&self, duration: Duration) {
        self.1.lock().unwrap().push(duration);
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }
}
