//! What every store has to do.

use cronofy_store::suite::{Clock, checks};

use crate::database::Schema;
use crate::list;
use crate::support::keys;

list![it_passes_the_suite];

fn it_passes_the_suite() {
    for check in checks() {
        let (schema, clock) = (Schema::new(), Clock::default());
        let store = schema.options().open(keys(1, &[])).unwrap().with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        check.run(store, clock);
    }
}
