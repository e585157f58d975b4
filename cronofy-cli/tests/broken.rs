//! A flow that does not go as it should is a row of the report, and never a panic.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body, DriveError, Flow, drive_blocking};
use cronofy_cli::demo::{self, Driver, FlowName, TransportName, UreqDriver};
use cronofy_sandbox::Sandbox;
use cronofy_transport_ureq::{SendError, UreqTransport};

/// Sends every request to a port where nobody listens, and does not wait between tries.
struct Misdirected {
    transport: UreqTransport,
    nowhere: http::uri::Authority,
}

impl Misdirected {
    fn new() -> Self {
        // A port below 1024 is given to nobody who asks for any, so that no other test can get it.
        Self { transport: UreqTransport::new().unwrap(), nowhere: "127.0.0.1:1".parse().unwrap() }
    }
}

impl BlockingTransport for Misdirected {
    type Error = SendError;

    fn send(&self, mut request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        let mut parts = request.uri().clone().into_parts();
        parts.authority = Some(self.nowhere.clone());
        *request.uri_mut() = http::Uri::from_parts(parts).unwrap();
        self.transport.send(request)
    }

    fn sleep(&self, _duration: Duration) {}

    fn now(&self) -> Timestamp {
        self.transport.now()
    }
}

impl Driver for Misdirected {
    type Error = SendError;

    fn transport(&self) -> TransportName {
        TransportName::Ureq
    }

    fn drive<F: Flow>(&self, flow: F) -> Result<F::Output, DriveError<SendError>> {
        drive_blocking(self, flow)
    }
}

#[test]
fn a_server_that_cannot_be_reached_fails_every_flow_that_sends() {
    let driver = Misdirected::new();
    for flow in FlowName::ALL {
        let (outcome, _) = demo::play(flow, Sandbox::builder(), &driver, &());
        assert_eq!(outcome.ok, flow == FlowName::IndividualDenied, "{flow}: {}", outcome.detail);
        if !outcome.ok {
            assert!(outcome.detail.starts_with("the request was not sent: "), "{flow}: {}", outcome.detail);
            assert_eq!(outcome.http_requests, 3, "{flow} is tried again where nothing was sent");
        }
    }
}

#[test]
fn what_the_application_may_not_do_is_told() {
    let driver = UreqDriver::new().unwrap();
    let without = Sandbox::builder().business_connect(false);
    let (outcome, _) = demo::play(FlowName::Business, without, &driver, &());
    assert!(!outcome.ok);
    assert_eq!(outcome.detail, "no consent page came, but status 302");
    let (outcome, _) = demo::play(FlowName::Business, Sandbox::builder(), &driver, &());
    assert!(outcome.ok, "{}", outcome.detail);
}
