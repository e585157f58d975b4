//! The demo's application, as far as it listens: the URL that Cronofy posts outcomes to.
//!
//! `VerifiedBody` is the extractor of `cronofy-webhook`: what reaches the handler was signed by Cronofy.

use std::net::Ipv4Addr;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use cronofy_auth_core::types::{CallbackUrl, ClientSecret};
use cronofy_webhook::{DelegationCallback, Rejection, VerifiedBody, Verifier};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::failure::Failure;

/// Where callbacks arrive.
pub(super) const CALLBACK_PATH: &str = "/cronofy/callback";

/// The sandbox sends within milliseconds, and gives up after four attempts in less than two seconds.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Receiver {
    url: CallbackUrl,
    arrivals: mpsc::Receiver<Arrival>,
}

/// A request to the callback URL, with the status that it was answered with.
pub(super) struct Arrival {
    pub(super) status: u16,
    pub(super) callback: Result<DelegationCallback, String>,
}

#[derive(Clone)]
struct Desk {
    verifier: Verifier,
    arrivals: Sender<Arrival>,
}

impl FromRef<Desk> for Verifier {
    fn from_ref(desk: &Desk) -> Self {
        desk.verifier.clone()
    }
}

impl Receiver {
    pub(super) fn listen(runtime: &Handle, secret: &ClientSecret) -> Result<Self, Failure> {
        let (sender, arrivals) = mpsc::channel();
        let desk = Desk { verifier: Verifier::new(secret), arrivals: sender };
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let url = CallbackUrl::new(format!("http://{}{CALLBACK_PATH}", listener.local_addr()?))?;
        let router = Router::new().route(CALLBACK_PATH, post(receive)).with_state(desk);
        // It ends with the runtime.
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, arrivals })
    }

    pub(super) fn url(&self) -> &CallbackUrl {
        &self.url
    }

    /// The next request that arrives.
    pub(super) fn next(&self) -> Result<Arrival, Failure> {
        self.arrivals.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => {
                Failure::new(format!("no callback came within {} seconds", PATIENCE.as_secs()))
            }
            RecvTimeoutError::Disconnected => Failure::new("the callback receiver has ended"),
        })
    }
}

/// Answers at once, as Cronofy wants it, and leaves the rest to whoever waits.
async fn receive(State(desk): State<Desk>, body: Result<VerifiedBody, Rejection>) -> Response {
    let (response, callback) = match body {
        Err(rejection) => (rejection.into_response(), Err(rejection.to_string())),
        Ok(body) => match body.delegation_callback() {
            Err(error) => (StatusCode::BAD_REQUEST.into_response(), Err(error.to_string())),
            Ok(callback) => (StatusCode::NO_CONTENT.into_response(), Ok(callback)),
        },
    };
    // Nobody waits any more once the flow has ended; the sender still gets its answer.
    let _ = desk.arrivals.send(Arrival { status: response.status().as_u16(), callback });
    response
}
