//! The limits of a transport, and why they are what they are.

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::InvalidHeaderValue;
use rustls::ClientConfig;

use crate::tls::{self, Roots};

/// For everything together. A person in front of a browser has given up by then.
const DEADLINE: Duration = Duration::from_secs(30);

/// For name, connection and TLS. Three lost packets in a row are made good within it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A token answer has less than 4 KiB; a page of an organization's members or the calendars of a service
/// account can have hundreds. What is longer than this is no answer to any call of Cronofy authorization.
const BODY_LIMIT: usize = 1024 * 1024;

/// Sets up a transport. Every setting has a default that is fit for production.
#[must_use]
pub struct Builder<T> {
    deadline: Duration,
    connect_timeout: Duration,
    body_limit: usize,
    application: Option<String>,
    roots: Option<Roots>,
    #[cfg(feature = "rustls-0_23")]
    tls_config: Option<ClientConfig>,
    transport: PhantomData<fn() -> T>,
}

/// A transport that a [`Builder`] makes.
pub trait FromPrepared {
    /// The name of its HTTP client, for the user agent.
    const CLIENT: &'static str;

    /// Makes it of settings that hold together.
    fn from_prepared(prepared: Prepared) -> Self;
}

/// What a transport is made of.
#[derive(Debug)]
#[non_exhaustive]
pub struct Prepared {
    /// What one request may take, from connecting to the last byte of its answer.
    pub deadline: Duration,
    /// What connecting may take of it: no more than half.
    pub connect_timeout: Duration,
    /// The longest body of an answer, in bytes.
    pub body_limit: usize,
    /// Who asks.
    pub user_agent: HeaderValue,
    /// TLS, for HTTP/1.1.
    pub tls: Arc<ClientConfig>,
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

impl<T> Default for Builder<T> {
    fn default() -> Self {
        Self {
            deadline: DEADLINE,
            connect_timeout: CONNECT_TIMEOUT,
            body_limit: BODY_LIMIT,
            application: None,
            roots: None,
            #[cfg(feature = "rustls-0_23")]
            tls_config: None,
            transport: PhantomData,
        }
    }
}

impl<T: FromPrepared> Builder<T> {
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
    pub fn tls_config(mut self, config: ClientConfig) -> Self {
        self.tls_config = Some(config);
        self
    }

    /// The transport.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up, or the application's name is no header value.
    pub fn build(mut self) -> Result<T, BuildError> {
        let user_agent =
            user_agent(self.application.as_deref(), T::CLIENT).map_err(BuildError::Application)?;
        #[cfg(feature = "rustls-0_23")]
        let given = self.tls_config.take();
        #[cfg(not(feature = "rustls-0_23"))]
        let given = None;
        let config = match given {
            Some(config) => config,
            None => tls::config(self.roots.take())?,
        };
        Ok(T::from_prepared(Prepared {
            deadline: self.deadline,
            connect_timeout: self.connect_timeout.min(self.deadline / 2),
            body_limit: self.body_limit,
            user_agent,
            tls: tls::only_http1(config),
        }))
    }
}

/// The more significant product comes first (RFC 9110 section 10.1.5).
fn user_agent(application: Option<&str>, client: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let ours = format!("cronofy-rust/{} ({client})", env!("CARGO_PKG_VERSION"));
    match application {
        None => HeaderValue::from_str(&ours),
        Some(application) => HeaderValue::from_str(&format!("{application} {ours}")),
    }
}

impl<T> fmt::Debug for Builder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("deadline", &self.deadline)
            .field("connect_timeout", &self.connect_timeout)
            .field("body_limit", &self.body_limit)
            .field("application", &self.application)
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::user_agent;

    #[test]
    fn the_application_comes_first() {
        let ours = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (hyper)");
        assert_eq!(user_agent(None, "hyper").unwrap(), ours);
        assert_eq!(user_agent(Some("my-app/1.2"), "hyper").unwrap(), format!("my-app/1.2 {ours}").as_str());
        assert!(user_agent(Some("my\napp"), "hyper").is_err());
    }
}
