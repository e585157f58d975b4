//! What every store has to do.

use cronofy_store::PostgresOptions;
use cronofy_store::suite::{Clock, checks};

use crate::database::{Schema, address};
use crate::list;
use crate::support::keys;

list![it_passes_the_suite, it_passes_the_suite_behind_a_pooler];

fn passes(address: &str) {
    for check in checks() {
        let (schema, clock) = (Schema::new(), Clock::default());
        let options = PostgresOptions::new(address).unwrap().schema(schema.name.as_str());
        let store = options.open(keys(1, &[])).unwrap().with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        check.run(store, clock);
    }
}

fn it_passes_the_suite() {
    passes(&address().unwrap());
}

/// The environment variable with the address of a pooler that hands out the server's connections by the transaction.
const POOLER: &str = "CRONOFY_TEST_POSTGRES_POOLER";

fn it_passes_the_suite_behind_a_pooler() {
    match std::env::var(POOLER) {
        Ok(pooler) => passes(&pooler),
        Err(_) => println!(
            "SKIPPED: there is no pooler before the server: {POOLER} names none, as .ci/postgres does"
        ),
    }
}
