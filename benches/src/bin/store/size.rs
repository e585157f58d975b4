//! What a file grows by.

use std::fs;

use cronofy_benches::inputs::NOW;
use cronofy_benches::kept::sqlite::{Folder, open};
use cronofy_benches::{kept, rollout};
use cronofy_store::SqliteStore;
use cronofy_store::store::ask_blocking;

use crate::Done;

pub(crate) fn run() -> Done {
    println!("{:>10} {:>22} {:>22}", "", "bytes for each grant", "for each that waits");
    for number in [1_000, 2_000, 4_000, 8_000] {
        let grants = grown(number, |store| {
            for number in 0..number {
                ask_blocking(store, kept::authorize(number, NOW)).expect("it is kept");
            }
        })?;
        let waiting = grown(number, |store| rollout::begin(store, number))?;
        println!("{number:>10} {grants:>22.0} {waiting:>22.0}");
    }
    Ok(())
}

/// Bytes by which a new file grows, divided by the `number` of what `fill` puts there.
fn grown(number: u32, fill: impl FnOnce(&SqliteStore)) -> Done<f64> {
    let folder = Folder::new();
    // Closing it puts what is in the log where it belongs.
    open(&folder).close()?;
    let before = fs::metadata(folder.file())?.len();
    let store = open(&folder);
    fill(&store);
    store.close()?;
    Ok((fs::metadata(folder.file())?.len() - before) as f64 / f64::from(number))
}
