//! Every interleaving of a few workers, crashes, pauses and lost answers, on the code that the stores run.
//!
//! The model has three parts of its own: a clock that ticks, a server in one of three refresh modes, and workers
//! that are the crate's [`Obtain`]. Its store is the crate's `decide`, called on a value. Four broken stores each
//! leave out one thing that the protocol stands on, and each is caught.

#![cfg(test)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod redeem;
mod refresh;

use redeem::Redemption;
use refresh::{Broken, Refresh, Server};
use stateright::{Checker, HasDiscoveries, Model};

const USED_TWICE: &str = "no token is used twice without cause";
const OVERWRITTEN: &str = "newer tokens are never overwritten";

/// Two workers meet every danger that the protocol knows. CI has a third one.
fn workers() -> usize {
    std::env::var("CRONOFY_MODEL_WORKERS").ok().and_then(|count| count.parse().ok()).unwrap_or(2)
}

/// Explores everything that the size allows, and says how much that was.
#[allow(clippy::print_stdout, reason = "the number of states is part of what the test tells")]
fn holds(server: Server) {
    let checker = Refresh::new(server, workers()).checker().threads(2).spawn_dfs().join();
    println!("{server:?}, {} workers: {} states", workers(), checker.unique_state_count());
    checker.assert_properties();
}

/// The same protocol on a store that leaves something out: this property does not survive it.
fn breaks(broken: Broken, property: &'static str) {
    let model = Refresh::new(Server::Strict, 2).broken(broken);
    let found = HasDiscoveries::AnyOf([property].into());
    let checker = model.checker().threads(2).finish_when(found).spawn_dfs().join();
    checker.assert_any_discovery(property);
}

#[test]
fn all_is_well_on_a_server_that_keeps_the_token() {
    holds(Server::Stable);
}

#[test]
fn all_is_well_on_a_server_with_a_grace() {
    holds(Server::Grace);
}

#[test]
fn nothing_is_lost_in_silence_on_a_strict_server() {
    holds(Server::Strict);
}

#[test]
fn without_a_lock_a_token_is_used_twice() {
    breaks(Broken::NoLock, USED_TWICE);
}

#[test]
fn without_reading_again_a_token_is_used_twice() {
    breaks(Broken::NoReRead, USED_TWICE);
}

#[test]
fn without_a_fence_newer_tokens_are_overwritten() {
    breaks(Broken::NoFence, OVERWRITTEN);
}

#[test]
fn with_a_lease_shorter_than_the_call_a_token_is_used_twice() {
    breaks(Broken::ShortLease, USED_TWICE);
}

#[test]
#[allow(clippy::print_stdout, reason = "the number of states is part of what the test tells")]
fn a_code_that_comes_again_is_redeemed_once() {
    let model = Redemption { workers: workers().max(3), horizon: 5, broken: false };
    let checker = model.checker().threads(2).spawn_dfs().join();
    println!("redemption: {} states", checker.unique_state_count());
    checker.assert_properties();
}

#[test]
fn without_a_lock_a_code_is_sent_twice() {
    let model = Redemption { workers: 2, horizon: 5, broken: true };
    let found = HasDiscoveries::AnyOf(["a code is sent once"].into());
    model.checker().finish_when(found).spawn_dfs().join().assert_any_discovery("a code is sent once");
}
