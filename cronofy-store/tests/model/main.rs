//! Every interleaving of a few workers, crashes, pauses and lost answers, on the code that the stores run.
//!
//! The model has three parts of its own: a clock that ticks, a server in one of three refresh modes, and workers
//! that are the crate's [`Obtain`]. Its store is the crate's `decide`, called on a value. Four broken stores each
//! leave out one thing that the protocol stands on, and each is caught.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod refresh;

use refresh::{Broken, Refresh, Server};
use stateright::{Checker, Model};

/// Explores everything that the size allows, and says how much that was.
fn explore(model: Refresh) -> impl Checker<Refresh> {
    let name = format!("{:?}, {:?}", model.server, model.broken);
    let checker = model.checker().threads(2).spawn_dfs().join();
    let (unique, deepest) = (checker.unique_state_count(), checker.max_depth());
    println_(&format!("{name}: {unique} states, {deepest} steps deep"));
    checker
}

/// The number of states is what a reader of the log looks for.
#[allow(clippy::print_stdout, reason = "the number of states is part of what the test tells")]
fn println_(line: &str) {
    println!("{line}");
}

#[test]
fn nothing_is_lost_overwritten_or_used_twice_on_a_server_that_keeps_the_token() {
    explore(Refresh::new(Server::Stable)).assert_properties();
}

#[test]
fn nothing_is_lost_overwritten_or_used_twice_on_a_server_with_a_grace() {
    explore(Refresh::new(Server::Grace)).assert_properties();
}

#[test]
fn nothing_is_lost_in_silence_on_a_strict_server() {
    explore(Refresh::new(Server::Strict)).assert_properties();
}

#[test]
fn without_a_lock_a_token_is_used_twice() {
    let checker = explore(Refresh::new(Server::Strict).broken(Broken::NoLock));
    checker.assert_any_discovery("no token is used twice without cause");
}

#[test]
fn without_reading_again_a_token_is_used_twice() {
    let checker = explore(Refresh::new(Server::Strict).broken(Broken::NoReRead));
    checker.assert_any_discovery("no token is used twice without cause");
}

#[test]
fn without_a_fence_newer_tokens_are_overwritten() {
    let checker = explore(Refresh::new(Server::Strict).broken(Broken::NoFence));
    checker.assert_any_discovery("newer tokens are never overwritten");
}

#[test]
fn with_a_lease_shorter_than_the_call_a_token_is_used_twice() {
    let checker = explore(Refresh::new(Server::Strict).broken(Broken::ShortLease));
    checker.assert_any_discovery("no token is used twice without cause");
}
