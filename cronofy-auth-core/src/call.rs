//! One API call as a flow: send, judge, perhaps wait and send again.
//!
//! ```
//! use bytes::Bytes;
//! use cronofy_auth_core::types::{AccessToken, DataCenter, Timestamp};
//! use cronofy_auth_core::{Body, Credential, Endpoint, Error, Outgoing, read_json};
//!
//! /// An endpoint of your own: `GET /v1/account`.
//! struct Account(AccessToken);
//!
//! impl Endpoint for Account {
//!     type Output = serde_json::Value;
//!
//!     const REPEATABLE: bool = true;
//!
//!     fn request(&self) -> Result<http::Request<Body>, Error> {
//!         Outgoing::get(&DataCenter::Us, "/v1/account").bearer(Credential::Token(&self.0)).build()
//!     }
//!
//!     fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Self::Output, Error> {
//!         read_json("account", &response, now)
//!     }
//! }
//!
//! let call = Account(AccessToken::new("a user's token")?).call();
//! # drop(call);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use core::mem;

use bytes::Bytes;
use cronofy_types::Timestamp;

use crate::error::{Error, Misuse};
use crate::flow::{Fault, Flow, Input, Step};
use crate::{Body, RetryPolicy};

/// One API call: how it is written, how its answer is read, and whether it may be sent twice.
///
/// One endpoint is one file. [`call`](Self::call) makes it a [`Flow`].
pub trait Endpoint {
    /// What its answer says.
    type Output;

    /// Whether sending it again after a fault that may have reached the server does no harm. False for a
    /// code exchange, since codes are single-use, and for whatever would happen twice.
    const REPEATABLE: bool;

    /// The request, written afresh for every try.
    ///
    /// # Errors
    ///
    /// [`Error::Unsendable`] where it cannot be written as HTTP.
    fn request(&self) -> Result<http::Request<Body>, Error>;

    /// Reads an answer of whatever status.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] or [`Error::BadAnswer`].
    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Self::Output, Error>;

    /// The call, with the default [`RetryPolicy`].
    fn call(self) -> Call<Self>
    where
        Self: Sized,
    {
        Call { endpoint: self, policy: RetryPolicy::default(), tried: 0, state: State::Ready }
    }
}

/// An [`Endpoint`] being called.
pub struct Call<E> {
    endpoint: E,
    policy: RetryPolicy,
    tried: u32,
    state: State,
}

/// Named after what it waits for.
enum State {
    Ready,
    Answer,
    Wake,
    Finished,
}

impl<E> Call<E> {
    /// Repeats as this policy says.
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    pub(crate) fn policy(&self) -> RetryPolicy {
        self.policy
    }

    /// What is being called.
    pub fn endpoint(&self) -> &E {
        &self.endpoint
    }
}

impl<E: Endpoint> Call<E> {
    fn send(&mut self) -> Result<Step<E::Output>, Error> {
        let request = self.endpoint.request()?;
        self.tried += 1;
        self.state = State::Answer;
        Ok(Step::Send(request))
    }

    fn again_or_fail(&mut self, error: Error, now: Timestamp) -> Result<Step<E::Output>, Error> {
        let (may_repeat, asked) = match &error {
            Error::Refused(refusal) => {
                let repeatable = E::REPEATABLE && refusal.is_retryable();
                (repeatable || refusal.was_not_acted_on(), refusal.retry_after)
            }
            Error::NoAnswer(Fault::NotSent) => (true, None),
            Error::NoAnswer(Fault::Unknown) => (E::REPEATABLE, None),
            Error::BadAnswer(_) | Error::Unsendable(_) | Error::Misuse(_) => (false, None),
        };
        match self.policy.wait(self.tried, asked, now).filter(|_| may_repeat) {
            Some(wait) => {
                self.state = State::Wake;
                Ok(Step::Sleep(wait))
            }
            None => Err(error),
        }
    }
}

impl<E: Endpoint> Flow for Call<E> {
    type Output = E::Output;

    fn step(&mut self, input: Input, now: Timestamp) -> Result<Step<E::Output>, Error> {
        // Whatever goes wrong below leaves the flow finished.
        match (mem::replace(&mut self.state, State::Finished), input) {
            (State::Ready, Input::Start) | (State::Wake, Input::Woke) => self.send(),
            (State::Answer, Input::Response(response)) => match self.endpoint.read(response, now) {
                Ok(output) => Ok(Step::Done(output)),
                Err(error) => self.again_or_fail(error, now),
            },
            (State::Answer, Input::Fault(fault)) => self.again_or_fail(Error::NoAnswer(fault), now),
            (State::Ready, Input::Response(_) | Input::Fault(_) | Input::Woke)
            | (State::Answer, Input::Start | Input::Woke)
            | (State::Wake, Input::Start | Input::Response(_) | Input::Fault(_)) => {
                Err(Misuse::NotAskedFor.into())
            }
            (State::Finished, _) => Err(Misuse::Finished.into()),
        }
    }
}

impl<E> fmt::Debug for Call<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ready => "ready",
            State::Answer => "waiting for an answer",
            State::Wake => "waiting to send again",
            State::Finished => "finished",
        };
        f.debug_struct("Call").field("state", &state).field("tried", &self.tried).finish_non_exhaustive()
    }
}
