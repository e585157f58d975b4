//! An asynchronous transport as a subject: with a runtime of its own.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Endpoint, Transport, TransportError, drive};
use tokio::runtime::{Builder, Runtime};
use transport_exchanges::{Ping, Subject};

pub(crate) struct Asynchronous<T> {
    // Dropped first: its connections end with the runtime.
    pub(crate) transport: T,
    pub(crate) runtime: Runtime,
    pub(crate) user_agent: &'static str,
    pub(crate) ours: bool,
    pub(crate) tells_unsent: bool,
}

impl<T> Asynchronous<T> {
    pub(crate) fn new(transport: T, user_agent: &'static str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { transport, runtime, user_agent, ours: true, tells_unsent: true }
    }
}

impl<T: Transport + Sync> Subject for Asynchronous<T> {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Box<dyn TransportError>> {
        self.runtime.block_on(async {
            let answer = self.transport.send(request).await;
            // The task of the connection lives only while the runtime runs, and has to hear of the end.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            answer.map_err(|error| Box::new(error) as _)
        })
    }

    fn drive(&self, ping: Ping) -> (Result<String, String>, Vec<Duration>) {
        let wakeful = Wakeful(&self.transport, Mutex::default());
        let result = self.runtime.block_on(drive(&wakeful, ping.call()));
        (result.map_err(|error| error.to_string()), wakeful.1.into_inner().unwrap())
    }

    fn user_agent(&self) -> String {
        self.user_agent.to_owned()
    }

    fn tells_unsent(&self) -> bool {
        self.tells_unsent
    }

    fn is_ours(&self) -> bool {
        self.ours
    }
}

/// Writes down what it was to sleep.
struct Wakeful<'a, T>(&'a T, Mutex<Vec<Duration>>);

impl<T: Transport + Sync> Transport for Wakeful<'_, T> {
    type Error = T::Error;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, T::Error> {
        self.0.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        self.1.lock().unwrap().push(duration);
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }
}
