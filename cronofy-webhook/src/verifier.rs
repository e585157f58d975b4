//! The verifier: secrets on our side, digests on theirs, one verdict.

use core::fmt;
use std::sync::Arc;

use cronofy_types::{ClientSecret, Verified};
use ctutils::Choice;

use crate::candidates::Candidates;
use crate::key::Key;
use crate::{TooManySecrets, VerifyError};

/// The header that carries the signature of a callback, in the lower case that `http` and HTTP/2 want.
///
/// Cronofy writes it `Cronofy-HMAC-SHA256` (`developers/push-notifications/authentication`).
pub const SIGNATURE_HEADER: &str = "cronofy-hmac-sha256";

/// The most secrets that one verifier holds. Each of them costs one pass over the body.
pub const MAX_SECRETS: usize = 8;

/// Tells whether a callback was signed with a secret of ours.
///
/// Make it once and keep it: the secrets are prepared, so that a verification hashes the body and little
/// else. It allocates nothing, and a clone shares what was prepared. `Debug` prints how many secrets there
/// are, and the prepared state is zeroed on drop.
///
/// Cronofy signs all its callbacks in the same way: base64 of HMAC-SHA256 over the raw bytes of the body,
/// once for each active secret of the application (`developers/push-notifications/authentication`).
///
/// ```
/// use cronofy_webhook::{ClientSecret, Verifier};
///
/// let secret = ClientSecret::new("CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID")?;
/// let verifier = Verifier::new(&secret);
///
/// let header = b"5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0=";
/// let verified = verifier.verify(br#"{"example":"well-known"}"#, header)?;
/// assert_eq!(verified.bytes(), br#"{"example":"well-known"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<[Key]>,
    #[cfg(any(feature = "axum-0_8", feature = "actix-4"))]
    pub(crate) limits: crate::extract::Limits,
}

impl Verifier {
    /// Prepares the application's secret.
    pub fn new(secret: &ClientSecret) -> Self {
        Self::with_key(Key::new(secret.expose().as_bytes()))
    }

    /// Accepts another secret besides, for the time in which an application has two of them.
    ///
    /// # Errors
    ///
    /// Refuses the ninth secret: see [`MAX_SECRETS`].
    pub fn with_secret(mut self, secret: &ClientSecret) -> Result<Self, TooManySecrets> {
        if self.keys.len() == MAX_SECRETS {
            return Err(TooManySecrets(()));
        }
        let another = Key::new(secret.expose().as_bytes());
        self.keys = self.keys.iter().cloned().chain([another]).collect();
        Ok(self)
    }

    pub(crate) fn with_key(key: Key) -> Self {
        Self {
            keys: Arc::new([key]),
            #[cfg(any(feature = "axum-0_8", feature = "actix-4"))]
            limits: crate::extract::Limits::default(),
        }
    }

    /// Verifies a body against the value of its one [`SIGNATURE_HEADER`].
    ///
    /// The value is a list of base64 digests with commas between; spaces around them and empty parts are of
    /// no account, and what is no base64 of 32 bytes matches nothing. One digest that one of the secrets
    /// made is enough. All digests are compared with all secrets whatever is found, in constant time.
    ///
    /// The body is the bytes as they came off the wire. A body that was decoded and written anew is another
    /// body, and it does not verify.
    ///
    /// # Errors
    ///
    /// Says why not. Answer every one of them with the same 401.
    pub fn verify<'a>(&self, body: &'a [u8], header: &[u8]) -> Result<Verified<'a>, VerifyError> {
        self.verify_headers(body, [header])
    }

    /// Verifies a body against all lines of its [`SIGNATURE_HEADER`]: a proxy may have split the list.
    ///
    /// No line at all is [`VerifyError::Missing`]. The limit of [`MAX_DIGESTS`](crate::MAX_DIGESTS) holds
    /// over all lines together.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub fn verify_headers<'a, 'h>(
        &self,
        body: &'a [u8],
        headers: impl IntoIterator<Item = &'h [u8]>,
    ) -> Result<Verified<'a>, VerifyError> {
        let mut candidates = Candidates::new();
        candidates.read(headers)?;
        self.check(body, &candidates)
    }

    /// The second half of a verification, for those who read the header before there is a body.
    pub(crate) fn check<'a>(
        &self,
        body: &'a [u8],
        candidates: &Candidates,
    ) -> Result<Verified<'a>, VerifyError> {
        let mut found = Choice::FALSE;
        for key in self.keys.iter() {
            let tag = key.tag(body);
            for digest in candidates.digests() {
                found |= tag.matches(digest);
            }
        }
        if found.to_bool() { Ok(Verified::vouched_for_elsewhere(body)) } else { Err(VerifyError::Mismatch) }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("secrets", &self.keys.len()).finish_non_exhaustive()
    }
}
