//! A server, and schemas of it for tests.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicUsize, Ordering};

use cronofy_store::seal::Seal;
use cronofy_store::{PostgresOptions, PostgresStore};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// The environment variable with the server's address.
pub(crate) const ADDRESS: &str = "CRONOFY_TEST_POSTGRES";

pub(crate) fn address() -> Option<String> {
    std::env::var(ADDRESS).ok()
}

/// Where the server listens.
pub(crate) fn server() -> SocketAddr {
    let address = address().unwrap();
    let (_, place_and_database) = address.rsplit_once('@').unwrap();
    let (place, _) = place_and_database.split_once('/').unwrap();
    place.to_socket_addrs().unwrap().next().unwrap()
}

/// Somebody else who is connected to the database, and may do everything.
pub(crate) struct Database {
    runtime: Runtime,
    client: Client,
}

impl Database {
    pub(crate) fn connect() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&address().unwrap(), NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        Self { runtime, client }
    }

    pub(crate) fn run(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).unwrap();
    }

    /// Everything that a query finds, as text.
    pub(crate) fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let told = self.runtime.block_on(self.client.simple_query(query)).unwrap();
        let row = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|index| row.get(index).unwrap_or("NULL").to_owned()).collect())
            }
            _ => None,
        };
        told.into_iter().filter_map(row).collect()
    }

    /// The one value that a query finds.
    pub(crate) fn value(&self, query: &str) -> String {
        self.rows(query)[0][0].clone()
    }
}

/// A schema of one test.
pub(crate) struct Schema {
    pub(crate) name: String,
    pub(crate) database: Database,
}

impl Schema {
    /// One that is not there yet.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        Self { name, database: Database::connect() }
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        PostgresOptions::new(&address().unwrap()).unwrap().schema(self.name.as_str())
    }

    /// The same, by way of another address.
    pub(crate) fn options_at(&self, place: SocketAddr) -> PostgresOptions {
        let address = address().unwrap();
        let (user, place_and_database) = address.rsplit_once('@').unwrap();
        let (_, database) = place_and_database.split_once('/').unwrap();
        PostgresOptions::new(&format!("{user}@{place}/{database}")).unwrap().schema(self.name.as_str())
    }

    pub(crate) fn open(&self, seal: impl Into<Seal>) -> PostgresStore {
        self.options().open(seal).unwrap().with_clock(|| crate::support::NOW)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.database.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
    }
}
