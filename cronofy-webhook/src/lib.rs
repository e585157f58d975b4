#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base64;
mod candidates;
mod error;
mod fingerprint;
mod key;
mod sign;
mod verifier;

#[cfg(any(feature = "axum-0_8", feature = "actix-4"))]
mod extract;
#[cfg(feature = "parse")]
mod notification;

pub use candidates::MAX_DIGESTS;
pub use cronofy_types::{ClientSecret, Verified};
pub use error::{TooManySecrets, VerifyError};
pub use fingerprint::fingerprint;
pub use sign::{sign, sign_all};
pub use verifier::{MAX_SECRETS, SIGNATURE_HEADER, Verifier};

#[cfg(feature = "parse")]
pub use cronofy_types::{
    Channel, DelegationCallback, DelegationFailure, DelegationOutcome, Filters, NotificationKind, ParseError,
    ParseProblem,
};
#[cfg(any(feature = "axum-0_8", feature = "actix-4"))]
pub use extract::{DEFAULT_BODY_LIMIT, DEFAULT_BODY_TIMEOUT, Rejection, VerifiedBody};
#[cfg(feature = "parse")]
pub use notification::Notification;
