//! The other side, for tests and for whatever plays Cronofy in them.

use cronofy_types::ClientSecret;

use crate::base64;
use crate::key::Key;

/// The header value that Cronofy would send with a body: base64 of HMAC-SHA256.
///
/// ```
/// use cronofy_webhook::{ClientSecret, Verifier, sign};
///
/// let secret = ClientSecret::new("a secret of a test")?;
/// let header = sign(&secret, b"{}");
/// assert!(Verifier::new(&secret).verify(b"{}", header.as_bytes()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(secret: &ClientSecret, body: &[u8]) -> String {
    base64::encode(Key::new(secret.expose().as_bytes()).tag(body).bytes())
}

/// The header value for an application with several active secrets: one digest each, joined by a comma.
pub fn sign_all<'s>(secrets: impl IntoIterator<Item = &'s ClientSecret>, body: &[u8]) -> String {
    let digests: Vec<String> = secrets.into_iter().map(|secret| sign(secret, body)).collect();
    digests.join(",")
}
