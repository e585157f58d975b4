//! What every store has to do.

use cronofy_store::PostgresOptions;
use cronofy_store::suite::{Clock, checks};

use crate::database::{Schema, address};
use crate::list;
use crate::support::keys;

list![it_passes_the_suite, it_passes_the_suite_prepared, it_passes_the_suite_behind_a_pooler];

fn passes(address: &str, set: fn(PostgresOptions) -> PostgresOptions) {
    for check in checks() {
        let (schema, clock) = (Schema::new(), Clock::default());
        let options = PostgresOptions::new(address).unwrap().schema(schema.name.as_str());
        let store = set(options).open(keys(1, &[])).unwrap().with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        check.run(store, clock);
    }
}

fn it_passes_the_suite() {
    passes(&address().unwrap(), |options| options);
}

fn it_passes_the_suite_prepared() {
    passes(&address().unwrap(), PostgresOptions::prepared);
}

/// The environment variable with the address of a pooler that hands out the server's connections by the transaction.
const POOLER: &str = "CRONOFY_TEST_POSTGRES_POOLER";

fn it_passes_the_suite_behind_a_pooler() {
    match std::env::var(POOLER) {
        Ok(pooler) => passes(&pooler, |options| options),
        Err(_) => println!(
            "SKIPPED: there is no pooler before the server: {POOLER} names none, as .ci/postgres does"
        ),
    }
}
