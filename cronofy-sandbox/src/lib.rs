#![doc = include_str!("../README.md")]

mod api;
mod auth;
mod blocking;
mod builder;
mod callbacks;
mod clock;
mod consent;
mod ids;
mod journal;
mod oauth;
mod ready;
mod sandbox;
mod scope;
mod server;
mod state;
mod wire;
mod world;

pub use blocking::BlockingSandbox;
pub use builder::{AutoConsent, Builder, RefreshMode};
pub use callbacks::UndeliveredCallback;
pub use journal::JournalEntry;
pub use ready::{
    Ready, ReadyMember, ReadyProfile, ReadyRoom, ReadyServiceAccount, ReadyShared, ReadyUnit, ReadyUser,
};
pub use sandbox::Sandbox;
