//! How much an application compiles with this crate, and what it never does.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::collections::BTreeSet;
use std::process::Command;

/// Crates in the normal tree with default features, this one included. Raising it is a decision.
const MOST: usize = 64;

/// And this many more with the feature `store`.
const MOST_FOR_THE_STORE: usize = 10;

/// Names with versions. For one target, so that every machine counts the same.
fn tree(features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--package", env!("CARGO_PKG_NAME")])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).unwrap();
    listing.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn no_more_crates_than_that() {
    let tree = tree(&[]);
    assert!(tree.len() <= MOST, "{} crates: {tree:?}", tree.len());
}

#[test]
fn the_store_is_there_for_whoever_asks_and_brings_little() {
    assert!(!tree(&[]).iter().any(|line| line.starts_with("cronofy-store ")));
    let (without, with) = (tree(&[]), tree(&["--features", "store"]));
    assert!(with.iter().any(|line| line.starts_with("cronofy-store ")));
    let more: BTreeSet<_> = with.difference(&without).collect();
    assert!(more.len() <= MOST_FOR_THE_STORE, "{more:?}");
}

#[test]
fn none_of_those_that_weigh() {
    for name in ["url", "idna", "h2", "rand", "aws-lc-sys", "openssl-sys", "chrono"] {
        assert!(
            !tree(&["--features", "store"]).iter().any(|line| line.starts_with(&format!("{name} "))),
            "{name}"
        );
    }
}
