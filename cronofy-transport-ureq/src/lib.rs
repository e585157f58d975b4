#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod connector;
mod error;
mod outgoing;
mod random;
mod tls;
mod token_source;
mod transport;

pub use builder::{BuildError, UreqTransportBuilder};
pub use error::{Unfit, UreqError};
pub use random::random_state;
pub use tls::Roots;
pub use token_source::{TokenError, TokenSource};
pub use transport::UreqTransport;
