//! Where the database is, and how it is used.

use core::fmt;
use core::time::Duration;
use std::net::IpAddr;

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};

use super::PostgresStore;
use super::error::Said;
use super::names::Names;
use super::pool::Connector;
use super::server::{Server, Settings};
use crate::seal::Seal;
use crate::store::StoreError;

/// Where a [`PostgresStore`] is, and how it is used.
pub struct PostgresOptions {
    config: Config,
    schema: Box<str>,
    connections: usize,
    patience: Duration,
    prepares: bool,
    channel: Channel,
}

/// What connections go through.
enum Channel {
    /// None but those that do not leave this machine.
    Local,
    Tls(Box<dyn FnOnce(Config) -> Connector + Send>),
    Plain,
}

impl PostgresOptions {
    /// The database at this address: `postgres://user:password@host/database`, or in the other ways that
    /// [`tokio_postgres::Config`] reads. The user needs a schema, or the right to make one.
    ///
    /// # Errors
    ///
    /// Refuses what is no address. What it says holds nothing of it.
    pub fn new(address: &str) -> Result<Self, StoreError> {
        let refused = |why| StoreError::Unavailable { doing: "read the address", source: Said::plainly(why) };
        let mut config: Config =
            address.parse().map_err(|_| refused("it is no address of a PostgreSQL database"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(refused("it names no host"));
        }
        if config.get_application_name().is_none() {
            config.application_name("cronofy-store");
        }
        let patience = Duration::from_secs(5);
        let (schema, channel) = ("cronofy".into(), Channel::Local);
        Ok(Self { config, schema, connections: 8, patience, prepares: false, channel })
    }

    /// The schema that the tables are in: `cronofy` unless told otherwise. It is the store's own, and holds nothing
    /// else.
    pub fn schema(self, name: impl Into<Box<str>>) -> Self {
        Self { schema: name.into(), ..self }
    }

    /// How many connections there are at most, from one: 8 unless told otherwise. They are made when they are needed,
    /// and kept. As many again are for the tasks of multi-threaded tokio runtimes, which read grants on connections of
    /// their own.
    pub fn connections(self, most: usize) -> Self {
        Self { connections: most, ..self }
    }

    /// How long a question waits for a connection, for a lock and for a server that cannot be reached: 5 seconds
    /// unless told otherwise. A server that has a connection and says nothing more is given up after 30 seconds,
    /// whatever this is: it may be doing what it was asked.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Prepares the statement that reads a grant, once for each connection, which spares the server more than half of the
    /// work. Not for a pooler that hands out connections by the transaction, unless it looks after prepared statements
    /// (`max_prepared_statements` of `PgBouncer` 1.21): it would run a statement of somebody else's.
    pub fn prepared(self) -> Self {
        Self { prepares: true, ..self }
    }

    /// Connects by TLS, and by nothing else: `connector` checks who the server is. There are ready ones on
    /// crates.io, for rustls among others.
    pub fn tls<T>(self, connector: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Self { channel: Channel::Tls(Box::new(|config| Connector::new(config, connector))), ..self }
    }

    /// Connects to other machines without TLS: whoever is on the way reads what an unsealed store keeps, and can be
    /// the server.
    pub fn without_tls(self) -> Self {
        Self { channel: Channel::Plain, ..self }
    }

    /// Connects, makes the tables or brings them up to date, and blocks until that is done.
    ///
    /// # Errors
    ///
    /// As [`PostgresStore::open`].
    pub fn open(mut self, seal: impl Into<Seal>) -> Result<PostgresStore, StoreError> {
        let names = Names::new(self.schema)?;
        let connector = match self.channel {
            Channel::Tls(connect) => {
                self.config.ssl_mode(SslMode::Require);
                connect(self.config)
            }
            Channel::Local if !is_local(&self.config) => {
                let source = Said::plainly("give it a connector, or say that it shall do without");
                return Err(StoreError::Unavailable {
                    doing: "connect to another machine without TLS",
                    source,
                });
            }
            Channel::Local | Channel::Plain => Connector::new(self.config, NoTls),
        };
        let Self { connections, patience, prepares, .. } = self;
        let settings = Settings { connector, connections, patience, prepares };
        PostgresStore::start(Server::new(settings, names, seal.into())?)
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("connections", &self.connections)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// Whether all that it connects to is on this machine.
fn is_local(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    let local = |host: &Host| match host {
        #[cfg(unix)]
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
    };
    // An address goes before the name beside it.
    if addresses.is_empty() {
        config.get_hosts().iter().all(local)
    } else {
        addresses.iter().all(IpAddr::is_loopback)
    }
}
