//! A runtime for one server, which tells what processor time its threads took.

use std::cell::Cell;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{Builder, Runtime};

/// A runtime as `#[tokio::main]` makes it.
pub(crate) struct Server {
    pub(crate) runtime: Runtime,
    taken: Arc<AtomicU64>,
}

thread_local! {
    static TOLD: Cell<u64> = const { Cell::new(0) };
}

impl Server {
    /// Its threads have that name, by which profilers tell them apart.
    pub(crate) fn new(name: &str) -> io::Result<Self> {
        let taken = Arc::new(AtomicU64::new(0));
        let tell = Arc::clone(&taken);
        // A thread that has nothing to do has told everything, so it is right whenever no request is under way.
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .thread_name(name)
            .on_thread_park(move || {
                let now = clock_gettime(ClockId::ThreadCPUTime);
                let now = now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs();
                tell.fetch_add(now - TOLD.replace(now), Ordering::Relaxed);
            })
            .build()?;
        Ok(Self { runtime, taken })
    }

    /// Processor time of all threads together, until now.
    pub(crate) fn taken(&self) -> Duration {
        Duration::from_nanos(self.taken.load(Ordering::Relaxed))
    }
}
