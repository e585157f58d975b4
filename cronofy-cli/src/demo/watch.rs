//! A flow wrapped in another that looks on: it writes down what is sent and what comes back.
//!
//! It stands between the flow and whoever drives it, so it is written once for every transport, and what it
//! counts is what the transport was asked to send.

use std::fmt::Debug;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Error, Flow, Input, Step};
use cronofy_sandbox::Sandbox;

use super::narrate::{Actor, Script};

/// Sees all that the library is given and gives: for a test that looks for secrets in it.
pub trait Witness {
    /// A request before it is sent.
    fn request(&self, _request: &http::Request<Body>) {}

    /// An answer before it is read.
    fn response(&self, _response: &http::Response<Bytes>) {}

    /// A value that an application might log.
    fn value(&self, _value: &dyn Debug) {}
}

/// Nobody looks.
impl Witness for () {}

pub(super) struct Watched<'a, F> {
    pub(super) flow: F,
    pub(super) script: &'a mut Script,
    /// The flow lives in the sandbox's time, so that the demo can move it.
    pub(super) clock: &'a Sandbox,
    pub(super) witness: &'a dyn Witness,
}

impl<F: Flow> Flow for Watched<'_, F> {
    type Output = F::Output;

    fn step(&mut self, input: Input, _now: Timestamp) -> Result<Step<F::Output>, Error> {
        self.witness.value(&input);
        match &input {
            Input::Response(response) => {
                self.witness.response(response);
                self.script.answered(response.status().as_u16());
            }
            Input::Fault(fault) => self.script.fact(fault.to_string()),
            Input::Start | Input::Woke => {}
        }
        let step = self.flow.step(input, self.clock.now().into())?;
        self.witness.value(&step);
        if let Step::Send(request) = &step {
            self.witness.value(request);
            self.witness.request(request);
            self.script.asked(Actor::Library, request.method().as_str(), request.uri().path());
        }
        Ok(step)
    }
}
