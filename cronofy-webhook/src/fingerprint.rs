//! A key to tell a repeated delivery by.

use cronofy_types::Verified;
use sha2::{Digest, Sha256};

/// SHA-256 of a verified body: the same for the same delivery sent again.
///
/// Nothing that Cronofy signs says when a callback was sent, and it has no delivery id, so a copy of an old
/// one verifies for as long as its secret does. Handlers must therefore be idempotent, and this is a key to
/// keep what was done under, for as long as a repetition matters.
///
/// - A **delegation callback** carries a single-use code: skip a fingerprint that was handled.
/// - A **change notification** is a hint without content, and two changes within a second may give two equal
///   bodies. Never skip one for good: fetching what changed since is idempotent already. At most merge those
///   that wait in the same queue.
///
/// How many keys to keep is the application's to bound: Cronofy is said to repeat a failed push notification
/// for a day, and whoever replays one is bound by nothing.
///
/// ```
/// use cronofy_webhook::{Verified, fingerprint};
///
/// let [first, again, other] = ["{}", "{}", "{ }"]
///     .map(|body| fingerprint(&Verified::vouched_for_elsewhere(body.as_bytes())));
/// assert_eq!(first, again);
/// assert_ne!(first, other);
/// ```
pub fn fingerprint(body: &Verified<'_>) -> [u8; 32] {
    Sha256::digest(body.bytes()).into()
}
