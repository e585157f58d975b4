//! What was written, sent and read again, with the sandbox for a server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod availability;
mod invites;
mod reads;
mod scheduling;
mod writes;
