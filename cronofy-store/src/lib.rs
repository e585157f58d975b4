#![doc = include_str!("../README.md")]

pub mod decide;
pub mod execute;
mod grant;
mod memory;
pub mod obtain;
mod pending;
pub mod redeem;
pub mod store;

pub use grant::{Grant, GrantId, Origin};
pub use memory::MemoryStore;
pub use pending::{Outcome, Pending, PendingId, code_hash};
pub use store::{Store, StoreError};
