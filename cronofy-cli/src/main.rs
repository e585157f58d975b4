//! The `cronofy` program.
fn main() {}
