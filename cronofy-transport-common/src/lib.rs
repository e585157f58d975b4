#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod destination;
mod error;
mod random;
mod tls;
mod token_error;

pub use builder::{BuildError, Builder, FromPrepared, Prepared};
pub use destination::{Unfit, check};
pub use error::SendError;
pub use random::random_state;
pub use tls::Roots;
pub use token_error::{Cause, TokenError};
