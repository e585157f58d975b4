#![doc = include_str!("../README.md")]

mod complaint;

pub mod demo;
mod paint;
pub mod sandbox_command;
mod sandbox_log;

pub use complaint::{Complaint, Exit};

/// Compiles the examples of the workspace's own README, which need every crate at once.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct WorkspaceReadme;
