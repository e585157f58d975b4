//! Encryption at rest: a cell of a database that only those who have the key can read, and that fits in one place.
//!
//! ```text
//!   1 | key id, 8 bytes | nonce, 24 bytes | ciphertext and tag     XChaCha20-Poly1305
//!   0 | plain text                                                 only where it was asked for by name
//! ```
//!
//! What the ciphertext is bound to ([`Place`]) is not stored with it: a cell that is put into another row, or into
//! the same row of another generation, does not open.

mod keys;

pub use keys::{Key, KeyError, KeyId, Keys};

use core::fmt;

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead as _, Payload};
use zeroize::Zeroizing;

use crate::store::StoreError;

const PLAIN: u8 = 0;
const SEALED: u8 = 1;
const NONCE: usize = 24;

/// How the cells of a store are sealed.
pub struct Seal {
    keys: Option<Keys>,
    opens_plaintext: bool,
}

impl Seal {
    /// With the first of these keys. All of them open.
    pub fn new(keys: Keys) -> Self {
        Self { keys: Some(keys), opens_plaintext: false }
    }

    /// Not at all: whoever reads the database, or a backup of it, has every token.
    pub fn plaintext() -> Self {
        Self { keys: None, opens_plaintext: true }
    }

    /// Opens what was stored in plain text, too: for a store that was begun without keys, until it is re-keyed.
    /// Before and after, a cell in plain text is one that somebody else put there, and is refused.
    pub fn opening_plaintext(mut self) -> Self {
        self.opens_plaintext = true;
        self
    }

    /// Seals a cell for this place.
    pub fn seal(&self, plain: &[u8], place: &Place<'_>) -> Result<Vec<u8>, SealError> {
        let Some(key) = self.keys.as_ref().map(Keys::first) else {
            return Ok([&[PLAIN], plain].concat());
        };
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandom)?;
        let payload = Payload { msg: plain, aad: &place.associated(key.id()) };
        let sealed = key.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::TooLong)?;
        Ok([&[SEALED], &key.id().0[..], &nonce, &sealed].concat())
    }

    /// Opens a cell that was found in this place.
    pub fn open(&self, cell: &[u8], place: &Place<'_>) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match cell.split_first() {
            Some((&PLAIN, plain)) if self.opens_plaintext => Ok(Zeroizing::new(plain.to_vec())),
            Some((&PLAIN, _)) => Err(SealError::NotSealed),
            Some((&SEALED, rest)) => {
                let (id, rest) = rest.split_first_chunk().ok_or(SealError::NoEnvelope)?;
                let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(SealError::NoEnvelope)?;
                let id = KeyId(*id);
                let key = self.keys.as_ref().and_then(|keys| keys.find(id));
                let key = key.ok_or(SealError::MissingKey(id))?;
                let payload = Payload { msg, aad: &place.associated(id) };
                let plain = key.cipher().decrypt(&XNonce::from(*nonce), payload);
                plain.map(Zeroizing::new).map_err(|_| SealError::NotAuthentic)
            }
            Some(_) | None => Err(SealError::NoEnvelope),
        }
    }

    /// What every cell begins with that need not be sealed again.
    pub fn prefix(&self) -> Vec<u8> {
        match &self.keys {
            Some(keys) => [&[SEALED], &keys.first().id().0[..]].concat(),
            None => vec![PLAIN],
        }
    }
}

impl From<Keys> for Seal {
    fn from(keys: Keys) -> Self {
        Self::new(keys)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Where a cell is: what is sealed for one place opens in no other. A store that leaves out a part of it leaves a way
/// to swap cells.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's key, in parts.
    pub row: &'a [&'a [u8]],
    /// How often the row was changed.
    pub generation: u64,
    /// The other columns, which are not sealed, in parts: changed ones do not go with the cell.
    pub beside: &'a [&'a [u8]],
}

impl Place<'_> {
    /// Every part with its length before it, so that no two places are written alike.
    fn associated(&self, key: KeyId) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        let mut part = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        };
        for name in ["cronofy-store", self.table, self.column] {
            part(name.as_bytes());
        }
        part(&key.0);
        part(&self.generation.to_le_bytes());
        for parts in [self.row, self.beside] {
            part(&(parts.len() as u64).to_le_bytes());
            for bytes in parts {
                part(bytes);
            }
        }
        bytes
    }
}

/// Why a cell was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// It was sealed with a key that is not at hand.
    #[error("it is sealed with key {0}, which was not given")]
    MissingKey(KeyId),
    /// It is in plain text, and keys were given.
    #[error("it is in plain text, where only sealed text is taken")]
    NotSealed,
    /// It was changed, or belongs elsewhere, or to an earlier state of its row.
    #[error("it was changed, or was not written to this place")]
    NotAuthentic,
    /// It is no envelope of a version that is known here.
    #[error("it is no envelope of a known version")]
    NoEnvelope,
    /// It is longer than can be sealed.
    #[error("it is too long to be sealed")]
    TooLong,
    /// The system gave no random bytes.
    #[error("the system has no random bytes")]
    NoRandom,
}

impl SealError {
    /// As a store says it of `what`.
    pub fn about(self, what: &'static str) -> StoreError {
        match self {
            Self::MissingKey(key) => StoreError::MissingKey { what, key: key.to_string().into() },
            Self::TooLong | Self::NoRandom => {
                StoreError::Unavailable { doing: "seal what it keeps", source: self.into() }
            }
            Self::NotSealed | Self::NotAuthentic | Self::NoEnvelope => {
                StoreError::Unreadable { what, source: self.into() }
            }
        }
    }
}
