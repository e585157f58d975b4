//! Sending over an agent of ureq.

use std::error::Error as StdError;
use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body};
use cronofy_transport_common::{BuildError, Builder, FromPrepared, Prepared, SendError};
use http::Method;
use http::header::HeaderValue;
use ureq::Agent;
use ureq::config::AutoHeaderValue;

use crate::connector::{Connector, Later, NotConnected};
use crate::outgoing;

/// The longest head of an answer. Cronofy's have about one kibibyte.
const HEAD_LIMIT: usize = 64 * 1024;

/// How long an unused connection is kept. Servers close theirs after a minute or more; one that does so just
/// when a code is on the way leaves nobody knowing whether the code is spent.
const IDLE: Duration = Duration::from_secs(15);

/// How many unused connections are kept.
const IDLE_CONNECTIONS: usize = 32;

/// Cronofy over ureq: a [`BlockingTransport`].
///
/// A clone is cheap and shares the connections, between threads as well.
#[derive(Clone)]
pub struct UreqTransport(Arc<Inner>);

struct Inner {
    agent: Agent,
    user_agent: HeaderValue,
    deadline: Duration,
    connect_timeout: Duration,
    body_limit: usize,
}

impl UreqTransport {
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

impl FromPrepared for UreqTransport {
    const CLIENT: &'static str = "ureq";

    fn from_prepared(prepared: Prepared) -> Self {
        let Prepared { deadline, connect_timeout, body_limit, user_agent, tls, .. } = prepared;
        let config = Agent::config_builder()
            // A refusal is an answer, and says more than its number.
            .http_status_as_error(false)
            // Credentials follow no redirect: it comes through as the answer that it is.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The environment does not decide where credentials go.
            .proxy(None)
            // Whether the URL is fit was judged before; here loopback would be refused as well.
            .https_only(false)
            .timeout_global(Some(deadline))
            .timeout_connect(Some(connect_timeout))
            .max_response_header_size(HEAD_LIMIT)
            .max_idle_age(IDLE)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            // What is sent is what the flow wrote, and our own user agent.
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .build();
        Self(Arc::new(Inner {
            agent: Agent::with_parts(config, Connector::new(tls), Later),
            user_agent,
            deadline,
            connect_timeout,
            body_limit,
        }))
    }
}

impl BlockingTransport for UreqTransport {
    type Error = SendError;

    fn send(&self, mut request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        cronofy_transport_common::check(request.uri())?;
        outgoing::complete(&mut request, &self.0.user_agent);
        self.0.exchange(request)
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

impl Inner {
    fn exchange(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        let (head, body) = request.into_parts();
        let bodiless =
            body.as_bytes().is_empty() && !matches!(head.method, Method::POST | Method::PUT | Method::PATCH);
        let answer = if bodiless {
            self.agent.run(http::Request::from_parts(head, ()))
        } else {
            self.agent.run(http::Request::from_parts(head, body.as_bytes()))
        };
        let (head, body) = answer.map_err(|error| self.unanswered(error))?.into_parts();
        Ok(http::Response::from_parts(head, self.read(body)?))
    }

    /// Reads a body that may be no longer than the limit.
    fn read(&self, body: ureq::Body) -> Result<Bytes, SendError> {
        let too_long = SendError::BodyTooLong { limit: self.body_limit };
        let announced = usize::try_from(body.content_length().unwrap_or(0));
        let Some(announced) = announced.ok().filter(|length| *length <= self.body_limit) else {
            return Err(too_long);
        };
        let mut bytes = Vec::with_capacity(announced);
        // One more than is allowed tells what is too long from what just fits.
        let limit = u64::try_from(self.body_limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut reader = body.into_with_config().limit(u64::MAX).reader().take(limit);
        reader.read_to_end(&mut bytes).map_err(|error| self.cut_short(error.into()))?;
        if bytes.len() > self.body_limit { Err(too_long) } else { Ok(bytes.into()) }
    }

    fn unanswered(&self, error: ureq::Error) -> SendError {
        match error {
            ureq::Error::Other(error) => match error.downcast::<NotConnected>() {
                Ok(never) => self.unconnected(never.0),
                Err(source) => SendError::Broken { source },
            },
            ureq::Error::LargeResponseHeader(..) | ureq::Error::Protocol(_) => {
                SendError::BadHead { limit: HEAD_LIMIT, source: error.into() }
            }
            error => self.cut_short(error),
        }
    }

    fn cut_short(&self, error: ureq::Error) -> SendError {
        match error {
            ureq::Error::Timeout(_) => SendError::Deadline { limit: self.deadline },
            error => SendError::Broken { source: cause(error) },
        }
    }

    fn unconnected(&self, error: ureq::Error) -> SendError {
        match error {
            ureq::Error::Timeout(_) => SendError::ConnectTimeout { limit: self.connect_timeout },
            error => SendError::Unreachable { source: cause(error) },
        }
    }
}

/// ureq names no source, and writes it into its message instead.
fn cause(error: ureq::Error) -> Box<dyn StdError + Send + Sync> {
    match error {
        ureq::Error::Io(error) => error.into(),
        ureq::Error::Other(error) => error,
        error => error.into(),
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport")
            .field("user_agent", &self.0.user_agent)
            .field("deadline", &self.0.deadline)
            .field("connect_timeout", &self.0.connect_timeout)
            .field("body_limit", &self.0.body_limit)
            .finish()
    }
}
