//! Name, connection and TLS, within one time limit.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

type Cause = Box<dyn StdError + Send + Sync>;

/// Whatever it fails with, the request has not been sent.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: HttpsConnector<HttpConnector>,
    limit: Duration,
}

/// The limit has passed.
#[derive(Debug, thiserror::Error)]
#[error("connecting took too long")]
pub(crate) struct TooLate;

impl Connector {
    pub(crate) fn new(config: Arc<ClientConfig>, limit: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        // Plain http was judged before; here it would be refused to TLS as well.
        tcp.enforce_http(false);
        // Requests are written whole: waiting for more to send only delays them.
        tcp.set_nodelay(true);
        Self { inner: HttpsConnector::from((tcp, config)), limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cause>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connected = self.inner.call(uri);
        let limit = self.limit;
        Box::pin(async move {
            match tokio::time::timeout(limit, connected).await {
                Ok(connected) => connected,
                Err(_) => Err(TooLate.into()),
            }
        })
    }
}
