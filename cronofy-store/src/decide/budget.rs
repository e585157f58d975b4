//! How many requests an application may send, shared by all of its processes.
//!
//! ```text
//!   reserve -> In(wait): one request is yours, to be sent after that wait
//!           -> Later(after): so many are reserved that nobody should wait for one; ask again
//!   slow    -> the server said 429: nobody's next request comes before the pause has passed
//! ```
//!
//! Requests are paced evenly: each comes one interval after the one before, however many ask. So no second and no
//! minute holds more than its limit, wherever it begins, and there is one number to keep: the instant of the next
//! request. What is not used is lost: whoever comes late does not hurry.

use core::time::Duration;

use cronofy_types::Timestamp;

/// What is kept of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    /// When the next request may be sent.
    pub next: Timestamp,
    /// Nothing is sent before this: the server asked to be left alone.
    pub not_before: Timestamp,
    /// How many pauses have followed each other.
    pub pauses: u32,
}

impl Default for Row {
    /// Nothing was sent yet.
    fn default() -> Self {
        Self { next: Timestamp::UNIX_EPOCH, not_before: Timestamp::UNIX_EPOCH, pauses: 0 }
    }
}

/// How many requests may be sent. Zero is taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// In any second.
    pub per_second: u32,
    /// In any minute.
    pub per_minute: u32,
}

impl Default for Limits {
    /// Cronofy's 50 a second and 500 a minute, less one in a hundred of the minute: for refreshes, and for requests
    /// that are sent on time and arrive late.
    fn default() -> Self {
        Self { per_second: 50, per_minute: 495 }
    }
}

impl Limits {
    /// From one request to the next. A little longer than need be, so that a window holds no more either when both
    /// of its ends are counted.
    pub fn interval(self) -> Duration {
        let share = |window: u64, limit: u32| Duration::from_nanos(window / u64::from(limit.max(1)) + 1);
        share(1_000_000_000, self.per_second).max(share(60_000_000_000, self.per_minute))
    }
}

/// What came of asking for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permit {
    /// One is reserved: it is to be sent after that wait.
    In(Duration),
    /// None is reserved. It is worth asking again after that time.
    Later(Duration),
}

/// Nobody waits longer than this for a request that is reserved: so few are under way when the server says 429, and
/// a clock that is set back stops nobody for longer.
pub const AHEAD: Duration = Duration::from_secs(5);

/// The first pause, where the server does not say how long; it doubles while 429s go on.
const PAUSE: Duration = Duration::from_secs(60);
/// No pause is longer, whoever asked for it.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);
/// A pause that begins this long after the last one ended is a first one again.
const CALM: Duration = Duration::from_secs(2 * 60);

/// Reserves one request at `now`, by the store's clock. The row is to be kept either way.
///
/// However that clock is set back, the limits hold. Set forward, it says that time has passed which has not: what is
/// reserved from then on may come together with what is still waited for, once, and that is no more than [`AHEAD`]
/// holds.
pub fn reserve(row: Row, limits: Limits, now: Timestamp) -> (Row, Permit) {
    let interval = limits.interval();
    // What lies further ahead than anything is ever reserved comes from a clock that was set back since.
    let furthest = now.saturating_add(AHEAD).saturating_add(interval);
    let row = Row { next: row.next.min(furthest), not_before: pause_end(&row, now), ..row };
    let at = row.next.max(row.not_before).max(now);
    let wait = at.saturating_since(now);
    if wait > AHEAD {
        return (row, Permit::Later(wait.saturating_sub(AHEAD)));
    }
    (Row { next: at.saturating_add(interval), ..row }, Permit::In(wait))
}

/// The server said 429 to a request, and perhaps for how long it wants to be left alone. Several that were under way
/// together make one pause.
pub fn slow(row: Row, asked: Option<Duration>, now: Timestamp) -> Row {
    let not_before = pause_end(&row, now);
    let until = |pause: Duration| now.saturating_add(pause.min(LONGEST_PAUSE));
    if now < not_before {
        return Row { not_before: not_before.max(until(asked.unwrap_or_default())), ..row };
    }
    let pauses = if now < not_before.saturating_add(CALM) { row.pauses.saturating_add(1) } else { 1 };
    let doubled = PAUSE.saturating_mul(1 << pauses.saturating_sub(1).min(6));
    Row { not_before: until(asked.unwrap_or(doubled)), pauses, ..row }
}

fn pause_end(row: &Row, now: Timestamp) -> Timestamp {
    row.not_before.min(now.saturating_add(LONGEST_PAUSE))
}
