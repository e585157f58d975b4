//! The two loops that drive a flow. They hold no policy: send, sleep, return.

use core::future::Future;
use core::time::Duration;

use bytes::Bytes;
use cronofy_types::Timestamp;

use crate::Body;
use crate::error::Error;
use crate::flow::{Fault, Flow, Input, Step};

/// Somebody's HTTP client, asynchronous.
///
/// It passes every method, status and header through, follows no redirect, bounds the body, and gives up
/// after a deadline: credentials are on the way. The futures are `Send`, so that a flow can be spawned.
pub trait Transport {
    /// Why a request went unanswered.
    type Error: TransportError;

    /// Sends one request and reads the whole answer.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Self::Error>> + Send;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Reads the clock.
    fn now(&self) -> Timestamp;
}

impl<T: Transport> Transport for &T {
    type Error = T::Error;

    fn send(
        &self,
        request: http::Request<Body>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Self::Error>> + Send {
        T::send(self, request)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        T::sleep(self, duration)
    }

    fn now(&self) -> Timestamp {
        T::now(self)
    }
}

/// Somebody's HTTP client, blocking. The same three, and the same rules, as [`Transport`].
pub trait BlockingTransport {
    /// Why a request went unanswered.
    type Error: TransportError;

    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// Where no whole answer came.
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Self::Error>;

    /// Waits.
    fn sleep(&self, duration: Duration);

    /// Reads the clock.
    fn now(&self) -> Timestamp;
}

/// Why a request went unanswered, in the words of a transport.
pub trait TransportError: core::error::Error + Send + Sync + 'static {
    /// Whether anything of the request can have reached the server. In doubt, it can.
    fn fault(&self) -> Fault;
}

/// Why a driven flow failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError<T: TransportError> {
    /// The server refused or broke its contract.
    #[error(transparent)]
    Flow(Error),
    /// Nobody answered.
    #[error("{fault}")]
    NoAnswer {
        /// Whether the server may have acted.
        fault: Fault,
        /// What the transport says of it.
        source: T,
    },
}

impl<T: TransportError> DriveError<T> {
    fn new(error: Error, unanswered: Option<T>) -> Self {
        match (error, unanswered) {
            (Error::NoAnswer(fault), Some(source)) => Self::NoAnswer { fault, source },
            (error, _) => Self::Flow(error),
        }
    }

    /// The flow's own error, where an answer came.
    pub fn flow(&self) -> Option<&Error> {
        match self {
            Self::Flow(error) => Some(error),
            Self::NoAnswer { .. } => None,
        }
    }

    /// What is left when the transport's words are dropped.
    pub fn into_flow(self) -> Error {
        match self {
            Self::Flow(error) => error,
            Self::NoAnswer { fault, .. } => Error::NoAnswer(fault),
        }
    }
}

/// Drives a flow to its end over an asynchronous transport.
///
/// # Errors
///
/// What the flow says; where nobody answered, with the transport's own error as the source.
pub async fn drive<T, F>(transport: &T, mut flow: F) -> Result<F::Output, DriveError<T::Error>>
where
    T: Transport,
    F: Flow,
{
    let mut input = Input::Start;
    let mut unanswered = None;
    loop {
        let step = match flow.step(input, transport.now()) {
            Ok(step) => step,
            Err(error) => return Err(DriveError::new(error, unanswered)),
        };
        input = match step {
            Step::Done(output) => return Ok(output),
            Step::Sleep(duration) => {
                transport.sleep(duration).await;
                Input::Woke
            }
            Step::Send(request) => match transport.send(request).await {
                Ok(response) => Input::Response(response),
                Err(error) => {
                    let fault = error.fault();
                    unanswered = Some(error);
                    Input::Fault(fault)
                }
            },
        };
    }
}

/// Drives a flow to its end over a blocking transport.
///
/// # Errors
///
/// As [`drive`].
pub fn drive_blocking<T, F>(transport: &T, mut flow: F) -> Result<F::Output, DriveError<T::Error>>
where
    T: BlockingTransport,
    F: Flow,
{
    let mut input = Input::Start;
    let mut unanswered = None;
    loop {
        let step = match flow.step(input, transport.now()) {
            Ok(step) => step,
            Err(error) => return Err(DriveError::new(error, unanswered)),
        };
        input = match step {
            Step::Done(output) => return Ok(output),
            Step::Sleep(duration) => {
                transport.sleep(duration);
                Input::Woke
            }
            Step::Send(request) => match transport.send(request) {
                Ok(response) => Input::Response(response),
                Err(error) => {
                    let fault = error.fault();
                    unanswered = Some(error);
                    Input::Fault(fault)
                }
            },
        };
    }
}
