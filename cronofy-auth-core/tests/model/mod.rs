//! What flows and sessions promise, as programs that play any script against them and hold them to it.
//!
//! The scripts come from elsewhere: from proptest in `interleavings.rs`, and from the fuzzer, which includes this
//! folder.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub(crate) mod acts;
pub(crate) mod every_flow;
pub(crate) mod flow;
pub(crate) mod session;
mod tokens;
