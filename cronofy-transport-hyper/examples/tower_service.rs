//! Any tower service as a `Transport`: a client with one's own layers around it, or a test's function.
//!
//! `cargo run --example tower_service -- ACCESS_TOKEN http://127.0.0.1:PORT` asks a sandbox whose token it is.

use std::error::Error;
use std::future::poll_fn;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::types::{AccessToken, CustomBase, DataCenter, Timestamp};
use cronofy_auth_core::{Body, Endpoint, Fault, Transport, TransportError, drive};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower_service::Service;

/// A service and the limits that it lacks. It is cloned for each request, as services are meant to be.
pub(crate) struct Tower<S> {
    pub(crate) service: S,
    pub(crate) deadline: Duration,
    pub(crate) body_limit: usize,
}

type Cause = Box<dyn Error + Send + Sync>;

impl<S, B> Transport for Tower<S>
where
    S: Service<http::Request<Full<Bytes>>, Response = http::Response<B>> + Clone + Send + Sync,
    S::Future: Send,
    S::Error: Into<Cause> + Send,
    B: hyper::body::Body<Error: Into<Cause>, Data: Send> + Send,
{
    type Error = TowerError;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, TowerError> {
        // Finds out first which of its connections the server has closed: a request on one of those would be lost.
        tokio::task::yield_now().await;
        let mut service = self.service.clone();
        let exchange = async {
            poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
            let answer = service.call(request.map(|body| Full::new(body.into_bytes())));
            let (head, body) = answer.await.map_err(Into::into)?.into_parts();
            let body = Limited::new(body, self.body_limit).collect().await?;
            Ok(http::Response::from_parts(head, body.to_bytes()))
        };
        match tokio::time::timeout(self.deadline, exchange).await {
            Ok(answer) => answer.map_err(TowerError::Service),
            Err(_) => Err(TowerError::Deadline),
        }
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum TowerError {
    #[error("no answer came")]
    Service(#[source] Cause),
    #[error("no answer came in time")]
    Deadline,
}

impl TransportError for TowerError {
    /// A service does not tell, and in doubt the server has acted.
    fn fault(&self) -> Fault {
        Fault::Unknown
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let token = AccessToken::new(std::env::args().nth(1).ok_or("give an access token")?)?;
    let sandbox = std::env::args().nth(2).ok_or("give the origin of a sandbox")?;
    let transport = Tower {
        service: Client::builder(TokioExecutor::new()).build_http(),
        deadline: Duration::from_secs(30),
        body_limit: 1024 * 1024,
    };
    let userinfo = drive(
        &transport,
        UserinfoOf::new(DataCenter::Custom(CustomBase::new(&sandbox, &sandbox)?), token).call(),
    )
    .await?;
    assert!(!userinfo.sub.as_str().is_empty());
    Ok(())
}
