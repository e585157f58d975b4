//! Nobody compiles what he does not use, and no store brings a runtime.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::process::Command;

/// Names of the distinct crates in the normal tree, the crate's own among them.
fn tree(features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--offline", "--package", "cronofy-store", "--edges", "normal", "--prefix", "none"])
        .args(features)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[track_caller]
fn holds(features: &[&str], most: usize, never: &[&str]) {
    let crates = tree(features);
    assert!(crates.len() <= most, "{features:?}: {} crates: {crates:?}", crates.len());
    for name in never {
        assert!(!crates.contains(*name), "{features:?} brings {name}");
    }
}

#[test]
fn each_feature_brings_what_it_needs_and_no_more() {
    let bare = "--no-default-features";
    holds(&[bare], 31, &["rusqlite", "chacha20poly1305", "getrandom", "tokio"]);
    holds(&[bare, "--features", "manager"], 34, &["rusqlite", "chacha20poly1305", "tokio", "futures-util"]);
    holds(&[bare, "--features", "sealing"], 43, &["rusqlite", "tokio"]);
    holds(&[bare, "--features", "postgres"], 81, &["rusqlite", "rustls", "native-tls", "tracing"]);
    holds(&[], 52, &["tokio", "tokio-postgres", "async-io", "futures-executor"]);
}
