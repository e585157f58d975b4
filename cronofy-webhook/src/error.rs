//! Why a callback was refused.

use core::fmt;

use crate::{MAX_DIGESTS, MAX_SECRETS};

/// A body was not verified.
///
/// The distinction is for our own logs and counters. Whoever sent the request is told one thing in all
/// cases, 401: more would help only those who are trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no signature header. A sender that is not Cronofy, or a proxy that dropped it.
    Missing,
    /// The header is there and holds nothing.
    Empty,
    /// The header holds more than [`MAX_DIGESTS`] digests, or very many parts; none of them was tried.
    TooMany,
    /// Nothing in the header is the base64 of 32 bytes.
    NoDigest,
    /// No digest in the header was made with one of our secrets over these bytes. Apart from a forgery: a
    /// secret that is not ours (any more), or a body that something on the way decoded and wrote anew.
    Mismatch,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the signature header is missing"),
            Self::Empty => f.write_str("the signature header is empty"),
            Self::TooMany => {
                write!(f, "the signature header holds more than {MAX_DIGESTS} digests, or too many parts")
            }
            Self::NoDigest => f.write_str("the signature header holds no base64 of 32 bytes"),
            Self::Mismatch => f.write_str("no digest in the signature header matches the body"),
        }
    }
}

impl core::error::Error for VerifyError {}

/// A verifier was given more than [`MAX_SECRETS`] secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManySecrets(pub(crate) ());

impl fmt::Display for TooManySecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a verifier holds at most {MAX_SECRETS} secrets")
    }
}

impl core::error::Error for TooManySecrets {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        for (error, text) in [
            (VerifyError::Missing, "the signature header is missing"),
            (VerifyError::Empty, "the signature header is empty"),
            (VerifyError::TooMany, "the signature header holds more than 8 digests, or too many parts"),
            (VerifyError::NoDigest, "the signature header holds no base64 of 32 bytes"),
            (VerifyError::Mismatch, "no digest in the signature header matches the body"),
        ] {
            assert_eq!(error.to_string(), text);
        }
        assert_eq!(TooManySecrets(()).to_string(), "a verifier holds at most 8 secrets");
    }
}
