//! What must not come near the core and what stands below it: runtimes, clients, clocks, and weight.
//!
//! No target without std I/O is at hand on every machine that runs the tests, so the sources and the trees are
//! looked at instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Names of the distinct crates in the normal tree of a package, its own among them.
fn tree(package: &str, more: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
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

#[track_caller]
fn holds(package: &str, more: &[&str], most: usize, never: &[&str]) {
    let crates = tree(package, more);
    assert!(
        crates.len() <= most,
        "{package} {more:?} has {} crates, more than {most}: {crates:?}",
        crates.len()
    );
    for name in never {
        assert!(!crates.contains(*name), "{package} {more:?} depends on {name}");
    }
}

const RUNTIMES_AND_CLIENTS: &[&str] = &[
    "tokio",
    "hyper",
    "ureq",
    "reqwest",
    "rand",
    "getrandom",
    "rustls",
    "url",
    "chrono",
    "time",
    "jiff",
    "mio",
    "libc",
];

#[test]
fn the_core_stays_light_and_without_a_runtime() {
    holds("cronofy-auth-core", &[], 26, RUNTIMES_AND_CLIENTS);
}

#[test]
fn the_types_stay_tiny() {
    holds("cronofy-types", &[], 18, RUNTIMES_AND_CLIENTS);
    holds("cronofy-types", &[], 18, &["http", "bytes"]);
    holds("cronofy-types", &["--no-default-features"], 4, &["serde", "serde_json"]);
}

#[test]
fn the_sources_touch_no_clock_socket_thread_or_random_source() {
    let forbidden = [
        "Instant::now",
        "SystemTime::now",
        "thread::",
        "std::net::Tcp",
        "std::net::Udp",
        "std::fs",
        "std::env",
        "std::process",
        "io::stdin",
        "io::stdout",
        "io::stderr",
        "println!",
        "rand::",
        "async fn main",
        "unsafe ",
    ];
    for package in ["cronofy-types", "cronofy-auth-core", "cronofy-api", "cronofy-webhook"] {
        let mut seen = 0;
        for file in sources(&workspace().join(package).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            for word in forbidden {
                assert!(!code.contains(word), "{} mentions {word}", file.display());
            }
            seen += 1;
        }
        assert!(seen > 0, "no sources in {package}");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
