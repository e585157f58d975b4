#![doc = include_str!("../README.md")]

mod api;
mod app;
mod auth;
mod blocking;
mod builder;
mod calendars;
mod callbacks;
mod clock;
mod consent;
mod control;
mod ids;
mod invitations;
mod journal;
mod ledger;
mod oauth;
mod policy;
mod ready;
mod routes;
mod sandbox;
mod scenario;
mod scope;
mod server;
mod snapshots;
mod state;
mod wire;
mod world;

pub use blocking::BlockingSandbox;
pub use builder::Builder;
pub use calendars::{InvitationAnswer, InvitationMailKind, InvitationState, InvitationUnanswerable};
pub use callbacks::{
    Callback, CallbackAttempt, CallbackFault, CallbackKind, CallbackState, UndeliveredCallback, UnknownWord,
};
pub use invitations::{Invitation, InvitationMail};
pub use journal::JournalEntry;
pub use policy::{AutoConsent, RefreshMode};
pub use ready::{
    Ready, ReadyApplication, ReadyMember, ReadyProfile, ReadyRoom, ReadyServiceAccount, ReadyShared,
    ReadyUnit, ReadyUser,
};
pub use sandbox::Sandbox;
pub use scenario::{Scenario, ScenarioError};
pub use snapshots::{Snapshot, TooManySnapshots};
