//! One process of those that share a store: it does what it is told, a line at a time.
#![allow(clippy::unwrap_used, reason = "a worker that cannot go on has failed, and so has the test")]

fn main() {
    let setup = std::env::var(store_rigs::SETUP).unwrap();
    store_rigs::work(serde_json::from_str(&setup).unwrap());
}
