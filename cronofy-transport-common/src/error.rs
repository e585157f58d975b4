//! Why no answer came, and whether the server may have acted all the same.

use std::error::Error as StdError;
use std::time::Duration;

use cronofy_auth_core::{Fault, TransportError};

use crate::Unfit;

/// Why a request went unanswered. No message holds a URL, a header or a body.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The URL is none that credentials may be sent to.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// No connection came about: the name was not found, nobody listens, or TLS failed.
    #[error("the server cannot be reached")]
    Unreachable {
        /// What failed.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// No connection came about in time.
    #[error("the server was not reached within {} ms", limit.as_millis())]
    ConnectTimeout {
        /// What was allowed for name, connection and TLS together.
        limit: Duration,
    },
    /// The answer was not all there in time; the connection is closed.
    #[error("no whole answer came within {} ms", limit.as_millis())]
    Deadline {
        /// What was allowed for everything together.
        limit: Duration,
    },
    /// What came cannot be read as HTTP, or its head is too long; the connection is closed.
    #[error("the answer is not HTTP, or its head is longer than {limit} bytes")]
    BadHead {
        /// The longest that is read.
        limit: usize,
        /// What is wrong with it.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The body of the answer is too long; the connection is closed.
    #[error("the body of the answer is longer than {limit} bytes")]
    BodyTooLong {
        /// The longest that is read.
        limit: usize,
    },
    /// The connection broke.
    #[error("the connection failed before a whole answer came")]
    Broken {
        /// What failed.
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl TransportError for SendError {
    fn fault(&self) -> Fault {
        match self {
            Self::Unfit(_) | Self::Unreachable { .. } | Self::ConnectTimeout { .. } => Fault::NotSent,
            // A connection was there, and what was written to it may have been read.
            Self::Deadline { .. } | Self::BadHead { .. } | Self::BodyTooLong { .. } | Self::Broken { .. } => {
                Fault::Unknown
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_faults() {
        let limit = Duration::from_millis(1500);
        let source = || "canary".into();
        for (error, message, fault) in [
            (Unfit::NoHost.into(), "the URL names no host", Fault::NotSent),
            (Unfit::Userinfo.into(), "the URL holds a user name", Fault::NotSent),
            (Unfit::Scheme.into(), "the URL is neither https nor http", Fault::NotSent),
            (Unfit::NotSecure.into(), "plain http is for this machine only", Fault::NotSent),
            (SendError::Unreachable { source: source() }, "the server cannot be reached", Fault::NotSent),
            (
                SendError::ConnectTimeout { limit },
                "the server was not reached within 1500 ms",
                Fault::NotSent,
            ),
            (SendError::Deadline { limit }, "no whole answer came within 1500 ms", Fault::Unknown),
            (
                SendError::BadHead { limit: 7, source: source() },
                "the answer is not HTTP, or its head is longer than 7 bytes",
                Fault::Unknown,
            ),
            (
                SendError::BodyTooLong { limit: 7 },
                "the body of the answer is longer than 7 bytes",
                Fault::Unknown,
            ),
            (
                SendError::Broken { source: source() },
                "the connection failed before a whole answer came",
                Fault::Unknown,
            ),
        ] {
            assert_eq!((error.to_string().as_str(), error.fault()), (message, fault));
        }
    }
}
