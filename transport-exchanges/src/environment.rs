//! What the environment has no say in.

use std::process::Command;

/// Runs a test of the calling program once more, in an environment that sends everything through a proxy
/// that is not there.
pub fn behind_a_proxy(test: &str) {
    let mut program = Command::new(std::env::current_exe().unwrap());
    for variable in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "http_proxy", "https_proxy"] {
        program.env(variable, "http://127.0.0.1:1");
    }
    let output =
        program.args(["--exact", test]).env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
