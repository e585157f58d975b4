//! The one shape that everything with HTTP in it has here.
//!
//! A flow is a run of HTTP, seconds long and in one process. Whoever drives it knows three things: send,
//! sleep, done. It never waits for a person: where it would, it ends, and its output is a pending value.
//!
//! ```text
//!             Start                     Response | Fault
//!   (new) ------------> Step::Send ------------------------> Step::Done
//!                          ^                |
//!                          |  Woke          v
//!                          +----------- Step::Sleep
//! ```

use core::fmt;
use core::time::Duration;

use bytes::Bytes;
use cronofy_types::Timestamp;

use crate::{Body, Error};

/// A run of HTTP as a state machine: one input gives exactly one output.
///
/// [`drive`](crate::drive) and [`drive_blocking`](crate::drive_blocking) are the two loops that feed it.
/// After `Done` or an error it is finished, and any further input is answered with
/// [`Misuse::Finished`](crate::Misuse::Finished).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no flow",
    note = "an endpoint becomes one by `.call()`, with `cronofy_auth_core::Endpoint` in scope"
)]
pub trait Flow {
    /// What comes out at the end.
    type Output;

    /// Takes what happened and says what to do next; `now` is the driver's clock.
    ///
    /// # Errors
    ///
    /// The flow has failed, or was fed something that it did not ask for. Either way it is finished.
    fn step(&mut self, input: Input, now: Timestamp) -> Result<Step<Self::Output>, Error>;
}

/// What happened.
pub enum Input {
    /// Nothing yet: begin.
    Start,
    /// The request was answered, with whatever status.
    Response(http::Response<Bytes>),
    /// The request was not answered.
    Fault(Fault),
    /// The sleep is over.
    Woke,
}

/// What to do next.
#[allow(
    clippy::large_enum_variant,
    reason = "a step is moved once, from the flow to its driver; a box would cost every request an allocation"
)]
pub enum Step<O> {
    /// Send this, and come back with [`Input::Response`] or [`Input::Fault`].
    Send(http::Request<Body>),
    /// Wait that long, and come back with [`Input::Woke`].
    Sleep(Duration),
    /// Finished.
    Done(O),
}

/// How a request went unanswered. The difference decides whether it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Certainly nothing of it reached the server: no connection came about.
    NotSent,
    /// The server may have acted on it.
    Unknown,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the request was not sent",
            Self::Unknown => "the request may have been acted on, and no answer came",
        })
    }
}

impl fmt::Debug for Input {
    /// Leaves out the body of a response: it may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Response(response) => {
                write!(f, "Response({}, {} bytes)", response.status(), response.body().len())
            }
            Self::Fault(fault) => f.debug_tuple("Fault").field(fault).finish(),
            Self::Woke => f.write_str("Woke"),
        }
    }
}

impl<O> fmt::Debug for Step<O> {
    /// Leaves out the query of a request and what a finished flow holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => write!(f, "Send({} {})", request.method(), request.uri().path()),
            Self::Sleep(duration) => f.debug_tuple("Sleep").field(duration).finish(),
            Self::Done(_) => f.write_str("Done"),
        }
    }
}
