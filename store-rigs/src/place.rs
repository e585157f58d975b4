//! Opening the store.

use std::sync::Arc;

use cronofy_auth_core::types::Timestamp;
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::Store;
use cronofy_store::{PostgresOptions, PostgresStore, SqliteStore, StoreError};

use crate::orders::Place;
use crate::server;

impl Place {
    /// Opens it with these keys. Its clock stands still, where that is said.
    pub fn open(&self, keys: &[u8], now: Option<Timestamp>) -> Arc<dyn Store> {
        match (self, now) {
            (Self::Sqlite(path), None) => Arc::new(SqliteStore::open(path, of(keys)).unwrap()),
            (Self::Sqlite(path), Some(now)) => {
                Arc::new(SqliteStore::open(path, of(keys)).unwrap().with_clock(move || now))
            }
            (Self::Postgres { address, schema }, None) => Arc::new(postgres(address, schema, keys).unwrap()),
            (Self::Postgres { address, schema }, Some(now)) => {
                Arc::new(postgres(address, schema, keys).unwrap().with_clock(move || now))
            }
        }
    }

    /// Takes it back to what the first release made.
    pub fn make_old(&self) {
        let tables = "DROP TABLE rollouts; DROP TABLE mailboxes; DROP TABLE budgets";
        match self {
            Self::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.execute_batch(&format!("{tables}; PRAGMA user_version = 1")).unwrap();
            }
            Self::Postgres { address, schema } => {
                let version = "UPDATE cronofy_store SET version = 1";
                server::run(address, &format!("SET search_path TO {schema}; {tables}; {version}"));
            }
        }
    }

    /// Seals all of it with the first of these keys, and tells how much is left.
    pub(crate) fn rekey(&self, keys: &[u8], mut progress: impl FnMut()) -> Result<u64, StoreError> {
        let rekeyed = match self {
            Self::Sqlite(path) => SqliteStore::open(path, of(keys))?.rekey(|_| progress()),
            Self::Postgres { address, schema } => postgres(address, schema, keys)?.rekey(|_| progress()),
        };
        Ok(rekeyed?.left)
    }
}

fn postgres(address: &str, schema: &str, keys: &[u8]) -> Result<PostgresStore, StoreError> {
    PostgresOptions::new(address)?.schema(schema).open(of(keys))
}

fn of(keys: &[u8]) -> Keys {
    let key = |number: &u8| Key::from_bytes([*number; 32]);
    let (first, others) = keys.split_first().unwrap();
    others.iter().fold(Keys::new(key(first)), |keys, number| keys.and_open(key(number)))
}
