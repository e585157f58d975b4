//! The proof that a body came from Cronofy.

use core::fmt;

/// Bytes that were authenticated before anything looked into them.
///
/// Parsing a callback asks for this proof, so that nobody can parse first and verify later.
/// `cronofy_webhook::Verifier` gives it out. Bytes that were authenticated in another way, for example by a
/// secret in the callback URL, which Cronofy's page on callback authentication allows
/// (`developers/push-notifications/authentication`), are vouched for with
/// [`vouched_for_elsewhere`](Self::vouched_for_elsewhere); so are bytes that were verified, and then waited in a queue.
#[derive(Clone, Copy)]
pub struct Verified<'a>(&'a [u8]);

impl<'a> Verified<'a> {
    /// Vouches for bytes without looking at them. Whoever calls this has authenticated them.
    pub const fn vouched_for_elsewhere(body: &'a [u8]) -> Self {
        Self(body)
    }

    /// The bytes, as they came.
    pub const fn bytes(&self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Verified<'_> {
    /// Prints the length alone: a callback carries an authorization code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({} bytes)", self.0.len())
    }
}
