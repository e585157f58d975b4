#![cfg_attr(feature = "sqlite", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "sqlite"),
    doc = "Tokens and pending authorizations of Cronofy that nothing loses."
)]

pub mod blocking;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod cells;
pub mod decide;
pub mod drive;
pub mod execute;
mod grant;
#[cfg(feature = "manager")]
pub mod manager;
mod memory;
pub mod obtain;
#[cfg(feature = "manager")]
pub mod onboarding;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod opened;
mod pending;
#[cfg(feature = "postgres")]
mod postgres;
pub mod redeem;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
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
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use rekey::Rekeyed;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Store, StoreError};
