#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connector;
mod outgoing;
mod pages;
#[cfg(feature = "store")]
mod token_manager;
mod token_source;
mod transport;

#[cfg(feature = "store")]
#[cfg_attr(docsrs, doc(cfg(feature = "store")))]
pub use cronofy_store::manager::TokenManager;
pub use cronofy_transport_common::{BuildError, Builder, Roots, SendError, TokenError, Unfit, random_state};
pub use pages::{ItemStream, PageStream};
pub use token_source::TokenSource;
pub use transport::HyperTransport;
