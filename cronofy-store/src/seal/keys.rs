//! Keys: where they come from, and how they are told apart.

use core::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

const LENGTH: usize = 32;

/// Keys of a store: the first seals, all open. So a new key is put before the old ones, and an old one is taken away
/// once nothing is sealed with it any more.
#[derive(Debug)]
pub struct Keys {
    first: Key,
    others: Vec<Key>,
}

impl Keys {
    /// One key, which seals and opens.
    pub fn new(first: Key) -> Self {
        Self { first, others: Vec::new() }
    }

    /// And one that opens what it sealed before.
    pub fn and_open(mut self, other: Key) -> Self {
        self.others.push(other);
        self
    }

    /// Keys in base64, one in a line, the one that seals first. Blank lines are passed over, and those that begin
    /// with `#`. A `String` given here is zeroed.
    pub fn from_base64(text: impl Into<String>) -> Result<Self, KeyError> {
        let text = Zeroizing::new(text.into());
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let mut keys = lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(line, text)| Key::from_line(line, text));
        let first = keys.next().ok_or(KeyError::None)??;
        Ok(Self { first, others: keys.collect::<Result<_, _>>()? })
    }

    /// Keys out of a file, written as [`from_base64`](Self::from_base64) reads them. It should be readable for
    /// the application alone, and be kept apart from backups of the database.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|source| KeyError::File { path: path.display().to_string().into(), source })?;
        Self::from_base64(text)
    }

    pub(super) fn first(&self) -> &Key {
        &self.first
    }

    pub(super) fn find(&self, id: KeyId) -> Option<&Key> {
        core::iter::once(&self.first).chain(&self.others).find(|key| key.id == id)
    }
}

/// A key of 32 bytes from a secure random source, as `openssl rand -base64 32` makes them. Zeroed when dropped.
pub struct Key {
    id: KeyId,
    cipher: XChaCha20Poly1305,
}

impl Key {
    /// Takes a key as it is. The copy that is made of it here is zeroed; yours is yours.
    pub fn from_bytes(mut bytes: [u8; LENGTH]) -> Self {
        let key = Self { id: KeyId::of(&bytes), cipher: XChaCha20Poly1305::new((&bytes).into()) };
        bytes.zeroize();
        key
    }

    fn from_line(line: usize, text: &str) -> Result<Self, KeyError> {
        let bytes = BASE64_STANDARD.decode(text).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| KeyError::NotBase64 { line })?;
        let found = bytes.len();
        let bytes = <[u8; LENGTH]>::try_from(bytes.as_slice());
        bytes.map(Self::from_bytes).map_err(|_| KeyError::Length { line, found })
    }

    /// What it is called.
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn cipher(&self) -> &XChaCha20Poly1305 {
        &self.cipher
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// What a key is called: a hash of it, so that nobody has to name keys, or can name two of them alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(super) [u8; 8]);

impl KeyId {
    fn of(key: &[u8; LENGTH]) -> Self {
        let hash = Sha256::new().chain_update("cronofy-store key id").chain_update(key).finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Why there are no keys. It never holds any of the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is none in it.
    #[error("there is no key in the text")]
    None,
    /// A line is no base64.
    #[error("line {line} is no key in base64")]
    NotBase64 {
        /// Which line, from one.
        line: usize,
    },
    /// A line holds something of another length.
    #[error("line {line} is a key of {found} bytes; it has to be 32")]
    Length {
        /// Which line, from one.
        line: usize,
        /// How many bytes it has.
        found: usize,
    },
    /// The file cannot be read.
    #[error("the key file {path} cannot be read")]
    File {
        /// Which file.
        path: Box<str>,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}
