//! The schema that the tables are in, as statements name it, and what is locked by name.

use sha2::{Digest as _, Sha256};

use super::error::Said;
use crate::store::StoreError;

/// The server cuts off what is longer.
const LONGEST: usize = 63;

pub(super) struct Names {
    plain: Box<str>,
    quoted: Box<str>,
    read_grant: Box<str>,
}

impl Names {
    pub(super) fn new(schema: Box<str>) -> Result<Self, StoreError> {
        if schema.is_empty() || schema.len() > LONGEST || schema.contains('\0') {
            let source = Said::plainly("it has to be between 1 and 63 bytes long, without a zero");
            return Err(StoreError::Unavailable { doing: "use this name of a schema", source });
        }
        let quoted = format!("\"{}\"", schema.replace('"', "\"\"")).into_boxed_str();
        let read_grant = format!(
            "SELECT through, generation, state, tokens FROM {quoted}.grants \
             WHERE client_id = $1 AND data_center = $2 AND subject = $3"
        );
        Ok(Self { plain: schema, quoted, read_grant: read_grant.into() })
    }

    /// As it is.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// As statements name it.
    pub(super) fn schema(&self) -> &str {
        &self.quoted
    }

    /// Outside of a transaction, where no search path is set.
    pub(super) fn read_grant(&self) -> &str {
        &self.read_grant
    }

    /// A number that others who use the same database will hardly lock, nor two things of ours. Where they do, one
    /// waits for the other.
    pub(super) fn lock(&self, what: &str, parts: &[&[u8]]) -> i64 {
        let mut hash = Sha256::new();
        for part in [b"cronofy-store", self.plain.as_bytes(), what.as_bytes()].iter().chain(parts) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let (number, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
        i64::from_le_bytes(*number)
    }
}
