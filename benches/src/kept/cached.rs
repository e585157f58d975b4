//! Out of the process.

use std::collections::HashMap;
use std::hint::black_box;
use std::mem;
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use cronofy_auth_core::types::{DataCenter, Timestamp};
use cronofy_store::MemoryStore;
use cronofy_store::manager::blocking::TokenManager;
use cronofy_store::store::{Store, ask_blocking};
use cronofy_transport_ureq::{Roots, UreqTransport};

use super::{authorize, id, sub, tokens};
use crate::Runner;
use crate::inputs::app;

const GRANTS: u32 = 1000;

/// What one writes at first: a map behind a lock, and a look at the clock.
pub(super) fn bare() -> Runner {
    let now = Timestamp::from(SystemTime::now());
    let kept: HashMap<_, _> = (0..GRANTS).map(|number| (sub(number), tokens(number, now))).collect();
    let (kept, wanted) = (RwLock::new(kept), sub(7));
    crate::each(move || {
        let kept = kept.read().expect("nobody panics");
        let tokens = kept.get(black_box(&wanted)).expect("it is there");
        let soon = Timestamp::from(SystemTime::now()).saturating_add(Duration::from_secs(60));
        (tokens.expires_at > soon).then(|| Arc::clone(tokens))
    })
}

pub(super) fn ours() -> Runner {
    // No authorities: nothing here is sent.
    let transport = UreqTransport::builder().roots(Roots::Only(Vec::new())).build().expect("no roots");
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let now = Timestamp::from(SystemTime::now());
    for number in 0..GRANTS {
        ask_blocking(&*store, authorize(number, now)).expect("it is kept");
    }
    // The thread of the first call may be the last to let go of the store, or not live to do so: two million
    // instructions that would be counted at times.
    mem::forget(Arc::clone(&store));
    let manager = TokenManager::new(store, transport, app(DataCenter::Us)).expect("there is randomness");
    let (id, remaining) = (id(7), Duration::from_secs(60));
    crate::each(move || manager.valid_token(black_box(&id), remaining).expect("it is fresh"))
}
