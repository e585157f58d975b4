//! The limits of a transport, and why they are what they are.

use std::error::Error as StdError;
use std::time::Duration;

use http::header::InvalidHeaderValue;

use crate::tls::{self, Roots};
use crate::{HyperTransport, outgoing};

/// For everything together. A person in front of a browser has given up by then.
const DEADLINE: Duration = Duration::from_secs(30);

/// For name, connection and TLS. Three lost packets in a row are made good within it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A token answer has less than 4 KiB; a page of an organization's members or the calendars of a service
/// account can have hundreds. What is longer than this is no answer to any call of Cronofy authorization.
const BODY_LIMIT: usize = 1024 * 1024;

/// Sets up a [`HyperTransport`]. Every setting has a default that is fit for production.
#[derive(Debug, Clone)]
#[must_use]
pub struct HyperTransportBuilder {
    pub(crate) deadline: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) body_limit: usize,
    application: Option<String>,
    roots: Option<Roots>,
    #[cfg(feature = "rustls-0_23")]
    tls_config: Option<rustls::ClientConfig>,
}

/// Why a transport cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Neither of the features `ring` and `aws-lc-rs` is on.
    #[error("no cryptography is compiled in: turn on the feature `ring` or `aws-lc-rs`")]
    NoProvider,
    /// Neither of the features `platform-verifier` and `webpki-roots` is on, and no roots were given.
    #[error("no authority is trusted: turn on the feature `platform-verifier` or `webpki-roots`")]
    NoRoots,
    /// TLS has no authorities to go by: the platform has none, or one that was given is no certificate.
    #[error("TLS cannot be set up")]
    Tls {
        /// What rustls says.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The application's name cannot stand in a header.
    #[error("the application's name cannot be sent in a header")]
    Application(#[source] InvalidHeaderValue),
}

impl BuildError {
    pub(crate) fn tls(source: rustls::Error) -> Self {
        Self::Tls { source: source.into() }
    }
}

impl Default for HyperTransportBuilder {
    fn default() -> Self {
        Self {
            deadline: DEADLINE,
            connect_timeout: CONNECT_TIMEOUT,
            body_limit: BODY_LIMIT,
            application: None,
            roots: None,
            #[cfg(feature = "rustls-0_23")]
            tls_config: None,
        }
    }
}

impl HyperTransportBuilder {
    /// What one request may take from connecting to the last byte of its answer. 30 seconds, unless set.
    ///
    /// Whoever holds a lease on a token while it is refreshed holds it longer than this.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// What finding the name, connecting and TLS may take together. 10 seconds, unless set, and never more
    /// than half of the deadline: a request that was not sent can be told from one that was not answered.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// The longest body of an answer, in bytes. 1 MiB, unless set.
    pub fn body_limit(mut self, limit: usize) -> Self {
        self.body_limit = limit;
        self
    }

    /// Names the application in the user agent, before this library: `my-app/1.2`.
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// The authorities that a server's certificate has to come from. Unless set, the operating system's.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = Some(roots);
        self
    }

    /// TLS exactly so: client certificates, another provider, another verifier. Overrides
    /// [`roots`](Self::roots); the protocol that is negotiated stays HTTP/1.1.
    #[cfg(feature = "rustls-0_23")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls-0_23")))]
    pub fn tls_config(mut self, config: rustls::ClientConfig) -> Self {
        self.tls_config = Some(config);
        self
    }

    /// The transport.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up, or the application's name is no header value.
    pub fn build(mut self) -> Result<HyperTransport, BuildError> {
        let user_agent =
            outgoing::user_agent(self.application.as_deref()).map_err(BuildError::Application)?;
        #[cfg(feature = "rustls-0_23")]
        let given = self.tls_config.take();
        #[cfg(not(feature = "rustls-0_23"))]
        let given = None;
        let config = match given {
            Some(config) => config,
            None => tls::config(self.roots.take())?,
        };
        Ok(HyperTransport::with(&self, user_agent, tls::only_http1(config)))
    }
}
