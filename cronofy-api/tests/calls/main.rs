//! Each call to the byte, and what of an answer survives what was added to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod application;
mod availability;
mod batch;
mod bookable_events;
mod bookable_hours;
mod calendars;
mod channels;
mod events;
mod free_busy;
mod identity;
mod organization;
mod other_events;
mod scheduling;
mod scheduling_conversations;
mod scheduling_requests;
mod smart_invites;
mod support;
