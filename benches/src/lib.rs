//! What the libraries cost, beside what a user would pick instead and beside the least that the work can cost.
//!
//! The cases are data ([`GROUPS`]), so that the same ones are timed (`benches/ratios.rs`, `benches/time.rs`)
//! and counted (`src/bin/gate`). README.md holds the figures and the commands.

pub mod allocations;
pub mod authorize;
mod case;
pub mod events;
pub mod exchange;
pub mod inputs;
pub mod kept;
pub mod loopback;
pub mod request;
pub mod response;
pub mod rollout;
pub mod webhook;

pub use case::{Case, Group, Runner, each};

/// Everything that is measured. The first case of a group is what the others are compared with.
pub const GROUPS: &[Group] = &[
    webhook::B120,
    webhook::KIB1,
    webhook::KIB64,
    webhook::MIB1,
    authorize::URL,
    request::TOKEN_REQUEST,
    response::TOKEN_RESPONSE,
    exchange::EXCHANGE,
    events::PAGE,
    loopback::HYPER,
    loopback::UREQ,
    kept::CACHED,
    #[cfg(feature = "store")]
    kept::SQLITE,
];

/// The case of this name, `group/case`.
pub fn find(name: &str) -> Option<&'static Case> {
    let (group, case) = name.split_once('/')?;
    let group = GROUPS.iter().find(|known| known.name == group)?;
    group.cases.iter().find(|known| known.name == case)
}
