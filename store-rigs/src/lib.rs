//! Processes that share a store, and what becomes of tokens when they stop and die.
//!
//! The sandbox runs in the test's process; each worker is a child of it, over real HTTP and on a real database. A worker
//! is told what to do and where to die, and says what it has seen ([`orders`]).
#![allow(clippy::missing_panics_doc, reason = "panicking is what a failed test does")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

pub mod orders;
pub mod rig;

mod chance;
mod place;
mod points;
mod server;
mod watched;
mod way;
mod work;
mod worker;

pub use chance::Chance;
pub use server::address;
pub use work::work;
pub use worker::Worker;

/// The variable that tells a worker how it is set up.
pub const SETUP: &str = "CRONOFY_RIGS_WORKER";
