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
mod dashboard;
mod faults;
mod ids;
mod invitations;
mod journal;
mod ledger;
mod limits;
mod nearest;
mod oauth;
mod pipeline;
mod policy;
mod ready;
mod routes;
mod sandbox;
mod scenario;
mod scope;
mod server;
mod snapshots;
mod state;
mod tenants;
mod wire;
mod world;

pub use blocking::BlockingSandbox;
pub use builder::Builder;
pub use calendars::{InvitationAnswer, InvitationMailKind, InvitationState, InvitationUnanswerable};
pub use callbacks::{
    Callback, CallbackAttempt, CallbackFault, CallbackFaultOn, CallbackKind, CallbackState,
    PlacedCallbackFault, UndeliveredCallback, UnknownWord,
};
pub use faults::{Fault, FaultOn, InvalidFault, PlacedFault};
pub use invitations::{Invitation, InvitationMail};
pub use journal::{Expectation, JournalEntry, JournalFault, Unmet, Watch};
pub use limits::RateLimits;
pub use policy::{AutoConsent, RefreshMode};
pub use ready::{
    Ready, ReadyApplication, ReadyMember, ReadyProfile, ReadyRoom, ReadyServiceAccount, ReadyShared,
    ReadyUnit, ReadyUser,
};
pub use sandbox::Sandbox;
pub use scenario::{Scenario, ScenarioError};
pub use snapshots::{Snapshot, TooManySnapshots};
