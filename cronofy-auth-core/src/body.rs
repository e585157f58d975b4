//! The body of a request, which is where the client secret travels.

use core::fmt;

use bytes::Bytes;
use zeroize::Zeroizing;

/// The bytes of a request's body: hidden in `Debug`, because `http::Request` prints its body, and zeroed when
/// dropped.
#[derive(Default)]
pub struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// A body of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self::zeroizing(Zeroizing::new(bytes))
    }

    pub(crate) fn zeroizing(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes. They hold secrets: they belong on the connection and nowhere else.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as HTTP clients like them: shared, and zeroed once the last of them is done.
    pub fn into_bytes(self) -> Bytes {
        if self.0.is_empty() { Bytes::new() } else { Bytes::from_owner(self.0) }
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}
