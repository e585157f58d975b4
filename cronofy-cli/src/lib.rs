#![doc = include_str!("../README.md")]

mod complaint;

pub mod demo;
pub mod sandbox_command;

pub use complaint::{Complaint, Exit};
