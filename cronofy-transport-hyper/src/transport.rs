//! Sending over hyper's pooled client.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Transport};
use cronofy_transport_common::{BuildError, Builder, FromPrepared, Prepared, SendError};
use http::header::HeaderValue;
use hyper::body::{Body as _, Incoming};
use hyper_util::client::legacy::{self, Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::connector::{Connector, TooLate};
use crate::outgoing::{self, Whole};

/// The longest head of an answer; hyper looks at the length between two reads. Cronofy's have about one
/// kibibyte.
const HEAD_LIMIT: usize = 64 * 1024;

/// How long an unused connection is kept. Servers close theirs after a minute or more; one that does so just
/// when a code is on the way leaves nobody knowing whether the code is spent.
const IDLE: Duration = Duration::from_secs(15);

/// How many unused connections are kept for each host.
const IDLE_PER_HOST: usize = 32;

/// Cronofy over hyper: a [`Transport`] for tokio.
///
/// A clone is cheap and shares the connections. They belong to the tokio runtime that they were opened in, so
/// a program with several runtimes has a transport for each.
///
/// # Panics
///
/// A request that is made outside of a tokio runtime, or in one without I/O or timers (`enable_all` has both).
#[derive(Clone)]
pub struct HyperTransport(Arc<Inner>);

struct Inner {
    client: Client<Connector, Whole>,
    user_agent: HeaderValue,
    deadline: Duration,
    connect_timeout: Duration,
    body_limit: usize,
}

impl HyperTransport {
    /// A transport as it should be in production.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up: an image without certificate files has nobody to trust.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// A transport with other limits.
    pub fn builder() -> Builder<Self> {
        Builder::default()
    }

    /// What one request may take, from connecting to the last byte of its answer.
    pub fn deadline(&self) -> Duration {
        self.0.deadline
    }
}

impl FromPrepared for HyperTransport {
    const CLIENT: &'static str = "hyper";

    fn from_prepared(prepared: Prepared) -> Self {
        let Prepared { deadline, connect_timeout, body_limit, user_agent, tls, .. } = prepared;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .http1_max_buf_size(HEAD_LIMIT)
            .build(Connector::new(tls, connect_timeout));
        Self(Arc::new(Inner { client, user_agent, deadline, connect_timeout, body_limit }))
    }
}

impl Transport for HyperTransport {
    type Error = SendError;

    async fn send(&self, mut request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        cronofy_transport_common::check(request.uri())?;
        outgoing::complete(&mut request, &self.0.user_agent);
        // A runtime of one thread looks at no socket between two calls of `block_on`: now it finds out which of the
        // connections that are kept the server has closed.
        tokio::task::yield_now().await;
        let answer = self.0.client.request(request.map(Whole::new));
        // Dropping the exchange closes its connection, so that nothing late is taken for an answer.
        match tokio::time::timeout(self.0.deadline, self.0.read(answer)).await {
            Ok(answer) => answer,
            Err(_) => Err(SendError::Deadline { limit: self.0.deadline }),
        }
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

impl Inner {
    async fn read(&self, answer: ResponseFuture) -> Result<http::Response<Bytes>, SendError> {
        let (head, body) = answer.await.map_err(|error| self.unanswered(error))?.into_parts();
        let body = whole(body, self.body_limit).await?;
        Ok(http::Response::from_parts(head, body))
    }

    fn unanswered(&self, error: legacy::Error) -> SendError {
        if !error.is_connect() {
            return match find::<hyper::Error>(&error) {
                Some(cause) if cause.is_parse() => {
                    SendError::BadHead { limit: HEAD_LIMIT, source: error.into() }
                }
                _ => SendError::Broken { source: error.into() },
            };
        }
        match find::<TooLate>(&error) {
            Some(_) => SendError::ConnectTimeout { limit: self.connect_timeout },
            None => SendError::Unreachable { source: error.into() },
        }
    }
}

/// Reads a body that may be no longer than that. One that comes in one piece is not copied.
async fn whole(mut body: Incoming, limit: usize) -> Result<Bytes, SendError> {
    if usize::try_from(body.size_hint().lower()).map_or(true, |least| least > limit) {
        return Err(SendError::BodyTooLong { limit });
    }
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| SendError::Broken { source: error.into() })?;
        // A frame that is not data holds trailers, which mean nothing to Cronofy.
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - first.len() - joined.len() {
            return Err(SendError::BodyTooLong { limit });
        }
        if first.is_empty() && joined.is_empty() {
            first = data;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut first));
            joined.extend_from_slice(&data);
        }
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("user_agent", &self.0.user_agent)
            .field("deadline", &self.0.deadline)
            .field("connect_timeout", &self.0.connect_timeout)
            .field("body_limit", &self.0.body_limit)
            .finish()
    }
}
