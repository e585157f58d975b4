#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod app;
mod body;
mod call;
mod drive;
mod error;
mod flow;
mod page;
mod request;
mod retry;
#[cfg(feature = "serde")]
mod stored;

pub mod application;
pub mod authorize;
pub mod delegate;
pub mod discovery;
pub mod token;

pub use answer::{read_json, read_nothing, read_with};
pub use app::App;
pub use body::Body;
pub use call::{Call, Endpoint};
pub use drive::{BlockingTransport, DriveError, Transport, TransportError, drive, drive_blocking};
pub use error::{BadAnswer, BadAnswerReason, Error, Limit, Misuse, Refusal, RefusalKind, Rule, Unsendable};
pub use flow::{Fault, Flow, Input, Step};
pub use page::{
    All, AsyncPages, BlockingItems, BlockingPages, NextPage, Page, Paged, Place, pages, pages_blocking,
};
pub use request::{Credential, Outgoing};
pub use retry::RetryPolicy;

pub use cronofy_types as types;
