//! Opening the store.

use std::sync::Arc;

use cronofy_auth_core::types::Timestamp;
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::Store;
use cronofy_store::{Rekeyed, SqliteStore, StoreError};

use crate::orders::Place;

impl Place {
    /// Opens it with these keys. Its clock stands still, where that is said and can be.
    pub fn open(&self, keys: &[u8], now: Option<Timestamp>) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(path) => {
                let store = SqliteStore::open(path, of(keys)).unwrap();
                match now {
                    Some(now) => Arc::new(store.with_clock(move || now)),
                    None => Arc::new(store),
                }
            }
        }
    }

    /// Seals all of it with the first of these keys.
    pub(crate) fn rekey(&self, keys: &[u8], mut progress: impl FnMut()) -> Result<Rekeyed, StoreError> {
        match self {
            Self::Sqlite(path) => SqliteStore::open(path, of(keys))?.rekey(|_| progress()),
        }
    }
}

fn of(keys: &[u8]) -> Keys {
    let key = |number: &u8| Key::from_bytes([*number; 32]);
    let (first, others) = keys.split_first().unwrap();
    others.iter().fold(Keys::new(key(first)), |keys, number| keys.and_open(key(number)))
}
