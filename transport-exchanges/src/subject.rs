//! What is tested.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::{Body, Fault, TransportError};

use crate::{Ping, Server};

/// A transport under test, asynchronous ones with a runtime of their own.
pub trait Subject {
    /// Sends one request.
    ///
    /// # Errors
    ///
    /// What the transport says.
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Box<dyn TransportError>>;

    /// Drives a flow with the transport's own loop, writing down each sleep instead of sleeping. The result
    /// is the output or the error's text, and the sleeps.
    fn drive(&self, ping: Ping) -> (Result<String, String>, Vec<Duration>);

    /// What it calls itself. Empty where it does not.
    fn user_agent(&self) -> String;

    /// Whether it tells a request that was not sent from one that was not answered.
    fn tells_unsent(&self) -> bool {
        true
    }

    /// Whether it is a transport of this workspace, which judges URLs, and whose messages are known.
    fn is_ours(&self) -> bool {
        true
    }
}

/// How the subject is to be set up.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For everything.
    pub deadline: Duration,
    /// For connecting.
    pub connect: Duration,
    /// The longest body.
    pub body: usize,
    /// The authorities to trust, in DER.
    pub roots: Vec<Vec<u8>>,
}

impl Default for Limits {
    /// Limits that no exchange meets by accident, however slow the machine.
    fn default() -> Self {
        let long = Duration::from_secs(60);
        Self { deadline: long, connect: long, body: 1024, roots: Vec::new() }
    }
}

/// Makes a subject.
pub type Make<'a> = &'a dyn Fn(&Limits) -> Box<dyn Subject>;

/// What no message may hold: every request has it in its query, in a header and in its body.
pub(crate) const CANARY: &str = "canary";

/// A request with a secret wherever one can be.
pub(crate) fn secret_request(url: &str) -> http::Request<Body> {
    http::Request::post(format!("{url}/oauth/token?secret={CANARY}"))
        .header("authorization", format!("Bearer {CANARY}"))
        .header("content-type", "application/json")
        .body(Body::new(CANARY.into()))
        .unwrap()
}

/// Sends a secret request, which is to go unanswered in that way; in ours with that message.
#[track_caller]
pub(crate) fn unanswered(subject: &dyn Subject, url: &str, expected: Fault, message: &str) {
    let error = subject.send(secret_request(url)).unwrap_err();
    let expected = if subject.tells_unsent() { expected } else { Fault::Unknown };
    assert_eq!(error.fault(), expected, "{error:?}");
    let all = refusal(&*error);
    assert!(!all.contains(CANARY), "{all}");
    assert!(!subject.is_ours() || error.to_string() == message, "{all}");
}

/// Sends a secret request, which is to be answered.
#[track_caller]
pub(crate) fn answered(subject: &dyn Subject, server: &Server) -> http::Response<Bytes> {
    subject.send(secret_request(&server.url())).unwrap_or_else(|error| panic!("{}", refusal(&*error)))
}

/// All that can be read from an error: its message, those of its causes, and `Debug`.
pub fn refusal(error: &dyn TransportError) -> String {
    let mut all = vec![format!("{error}; {error:?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        all.push(format!("{cause}; {cause:?}"));
        source = Error::source(cause);
    }
    all.join("; ")
}
