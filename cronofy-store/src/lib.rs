#![cfg_attr(feature = "sqlite", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "sqlite"),
    doc = "Tokens and pending authorizations of Cronofy that nothing loses."
)]

pub mod blocking;
#[cfg(feature = "sqlite")]
mod cells;
pub mod decide;
pub mod drive;
pub mod execute;
mod grant;
#[cfg(feature = "manager")]
pub mod manager;
mod memory;
pub mod obtain;
#[cfg(feature = "sqlite")]
mod opened;
mod pending;
pub mod redeem;
#[cfg(feature = "sqlite")]
mod rekey;
pub mod rollout;
#[cfg(feature = "sealing")]
pub mod seal;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod store;
#[cfg(feature = "sealing")]
pub mod stored;
#[cfg(feature = "suite")]
pub mod suite;

pub use grant::{Grant, GrantId, Origin};
pub use memory::MemoryStore;
pub use pending::{Outcome, Pending, PendingId, code_hash};
#[cfg(feature = "sqlite")]
pub use rekey::Rekeyed;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Store, StoreError};
