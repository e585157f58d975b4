#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connector;
mod outgoing;
mod token_source;
mod transport;

pub use cronofy_transport_common::{BuildError, Builder, Roots, SendError, TokenError, Unfit, random_state};
pub use token_source::TokenSource;
pub use transport::UreqTransport;
