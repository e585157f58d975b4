//! What the application says where it is not set up.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Command;

#[test]
fn what_is_missing_is_named() {
    let mut application = Command::new(env!("CARGO_BIN_EXE_example-axum"));
    let output = application.env_clear().env("CRONOFY_URL", "http://127.0.0.1:9").output().unwrap();
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "Error: \"LISTEN is not set\"\n");
}
