//! The conformance shim.
fn main() {}
