//! Name, connection and TLS: one time limit, one TLS configuration, and one error that says that nothing was
//! sent.
//!
//! ureq's own connectors would look the name up for every request, on a thread of its own, even where an open
//! connection is at hand; would read the platform's authorities only when they are first needed; and would
//! report a failed handshake in the same words as a connection that breaks later.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use http::Uri;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector as UreqConnector, LazyBuffers, NextTimeout, TcpConnector,
    Transport, TransportAdapter,
};

/// No connection came about: the request has certainly not been sent.
#[derive(Debug, thiserror::Error)]
#[error("no connection came about")]
pub(crate) struct NotConnected(pub(crate) Error);

/// Looks nothing up: the connector does, when it is asked for a connection.
#[derive(Debug)]
pub(crate) struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

pub(crate) struct Connector {
    tcp: TcpConnector,
    tls: Arc<ClientConfig>,
}

impl Connector {
    pub(crate) fn new(tls: Arc<ClientConfig>) -> Self {
        Self { tcp: TcpConnector::default(), tls }
    }

    fn open(&self, details: &ConnectionDetails<'_>) -> Result<Box<dyn Transport>, Error> {
        let addrs = DefaultResolver::default().resolve(details.uri, details.config, details.timeout)?;
        let now = (details.current_time)();
        let found = ConnectionDetails {
            addrs,
            now,
            timeout: left(details, now),
            uri: details.uri,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        // `()` is how ureq says that nothing is connected yet.
        let tcp = UreqConnector::<()>::connect(&self.tcp, &found, None)?.ok_or(Error::ConnectionFailed)?;
        if !details.needs_tls() {
            return Ok(Box::new(tcp));
        }
        let host = details.uri.host().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|_| Error::Tls("the host can have no certificate"))?;
        let mut connection =
            ClientConnection::new(Arc::clone(&self.tls), name).map_err(|error| Error::Other(error.into()))?;
        let mut socket = TransportAdapter::new(tcp.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(left(details, (details.current_time)()));
        connection.complete_io(&mut socket)?;
        let config = details.config;
        Ok(Box::new(Tls {
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
            stream: StreamOwned::new(connection, socket),
        }))
    }
}

impl UreqConnector for Connector {
    type Out = Box<dyn Transport>;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Self::Out>, Error> {
        match self.open(details) {
            Ok(transport) => Ok(Some(transport)),
            Err(error) => Err(Error::Other(Box::new(NotConnected(error)))),
        }
    }
}

/// What is left of the time that connecting may take.
fn left(details: &ConnectionDetails<'_>, now: Instant) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (Duration::Exact(whole), Instant::Exact(then), Instant::Exact(now)) =
        (timeout.after, details.now, now)
    {
        timeout.after = Duration::Exact(whole.saturating_sub(now.saturating_duration_since(then)));
    }
    timeout
}

/// A connection that TLS has been established over.
struct Tls {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for Tls {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}
