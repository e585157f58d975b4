//! What the extractors of all web frameworks share.

use core::fmt;
use core::time::Duration;

use bytes::Bytes;
use cronofy_types::Verified;

use crate::candidates::Candidates;
use crate::{Verifier, VerifyError};

#[cfg(feature = "actix-4")]
mod actix_4;
#[cfg(feature = "axum-0_8")]
mod axum_0_8;

/// The longest body that an extractor reads if nothing else is said: 64 KiB. Cronofy's callbacks have a few
/// hundred bytes.
pub const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

/// How long an extractor waits for a whole body if nothing else is said: five seconds, after which Cronofy
/// is said to give up on a delivery.
pub const DEFAULT_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// What an extractor holds a request to before there is anything to verify.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_limit: DEFAULT_BODY_LIMIT, body_timeout: Some(DEFAULT_BODY_TIMEOUT) }
    }
}

impl Verifier {
    /// The longest body, in bytes, that the extractors read; [`DEFAULT_BODY_LIMIT`] without this. What is
    /// longer is refused with 413 and never held in memory as a whole. [`verify`](Self::verify) has its body
    /// already and asks nothing.
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.limits.body_limit = bytes;
        self
    }

    /// How long the extractors wait for a whole body; [`DEFAULT_BODY_TIMEOUT`] without this.
    ///
    /// `None` waits for ever, for a server that sees to it itself, or for an executor other than tokio with
    /// its timer on, which a timeout needs.
    pub fn with_body_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.limits.body_timeout = timeout;
        self
    }

    pub(crate) fn own(&self, body: Bytes, candidates: &Candidates) -> Result<VerifiedBody, Rejection> {
        self.check(&body, candidates)?;
        Ok(VerifiedBody(body))
    }
}

/// A request body that was verified, owned, byte for byte as it came: an extractor.
///
/// A handler that takes one runs only for requests that Cronofy signed. It needs a [`Verifier`]: in axum as
/// a part of the state (`Verifier: FromRef<State>`), in actix-web by `App::app_data`. What the extractor
/// refuses is answered as [`Rejection`] says; take a `Result<VerifiedBody, Rejection>` to see why.
///
/// An unsigned request is refused before its body is read. A clone shares the bytes.
#[derive(Clone)]
pub struct VerifiedBody(Bytes);

impl VerifiedBody {
    /// The proof that parsing asks for.
    pub fn verified(&self) -> Verified<'_> {
        Verified::vouched_for_elsewhere(&self.0)
    }

    /// The bytes, as they came.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads the outcome of a delegated authorization.
    ///
    /// # Errors
    ///
    /// See [`DelegationCallback::parse`](crate::DelegationCallback::parse).
    #[cfg(feature = "parse")]
    pub fn delegation_callback(&self) -> Result<crate::DelegationCallback, crate::ParseError> {
        crate::DelegationCallback::parse(&self.verified())
    }

    /// Reads a push notification.
    ///
    /// # Errors
    ///
    /// See [`Notification::parse`](crate::Notification::parse).
    #[cfg(feature = "parse")]
    pub fn notification(&self) -> Result<crate::Notification, crate::ParseError> {
        crate::Notification::parse(&self.verified())
    }
}

impl fmt::Debug for VerifiedBody {
    /// Prints the length alone: a callback carries an authorization code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedBody({} bytes)", self.0.len())
    }
}

/// Why an extractor handed out nothing, and the answer that the sender gets.
///
/// `Display` is for our own logs. The answer says less: the same words for every failed verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Not signed by Cronofy: 401.
    Unverified(VerifyError),
    /// Longer than [`Verifier::with_body_limit`] allows: 413.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Not all there in the time that [`Verifier::with_body_timeout`] allows: 408.
    TooSlow,
    /// The body broke off, or its framing was broken: 400.
    BrokenOff,
    /// There is no [`Verifier`] in the application's data, which is a fault of the application: 500.
    NotConfigured,
}

impl Rejection {
    /// The status of the answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unverified(_) => 401,
            Self::TooLarge { .. } => 413,
            Self::TooSlow => 408,
            Self::BrokenOff => 400,
            Self::NotConfigured => 500,
        }
    }

    /// The body of the answer.
    pub const fn message(&self) -> &'static str {
        match self {
            Self::Unverified(_) => "not verified\n",
            Self::TooLarge { .. } => "body too large\n",
            Self::TooSlow => "body too slow\n",
            Self::BrokenOff => "body incomplete\n",
            Self::NotConfigured => "not configured\n",
        }
    }
}

impl From<VerifyError> for Rejection {
    fn from(error: VerifyError) -> Self {
        Self::Unverified(error)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unverified(_) => f.write_str("the callback is not verified"),
            Self::TooLarge { limit } => write!(f, "the callback is longer than the {limit} bytes accepted"),
            Self::TooSlow => f.write_str("the callback did not arrive in time"),
            Self::BrokenOff => f.write_str("the callback broke off"),
            Self::NotConfigured => f.write_str("the application has no verifier in its data"),
        }
    }
}

impl core::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unverified(error) => Some(error),
            _ => None,
        }
    }
}

/// Waits for a body no longer than the verifier says.
async fn in_time<T>(
    timeout: Option<Duration>,
    read: impl Future<Output = Result<T, Rejection>>,
) -> Result<T, Rejection> {
    match timeout {
        None => read.await,
        Some(timeout) => tokio::time::timeout(timeout, read).await.unwrap_or(Err(Rejection::TooSlow)),
    }
}
