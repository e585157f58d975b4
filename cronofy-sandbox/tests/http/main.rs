//! The sandbox over real HTTP, asked by a client that shares no code with it.

mod application;
mod availability;
mod availability_refusals;
mod business;
mod callback_faults;
mod callbacks;
mod clock;
mod consent_page;
mod consent_refusals;
mod embedding;
mod enterprise;
mod events;
mod free_busy;
mod identity;
mod individual;
mod linking;
mod organization;
mod properties;
mod races;
mod refresh;
mod revoke;
mod scenario;
mod sdk_oddities;
mod support;
mod token_refusals;
