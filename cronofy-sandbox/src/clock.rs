//! The sandbox's time: the machine's clock plus what [`Sandbox::advance`](crate::Sandbox::advance) added.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// A clock that runs with the machine's and can be pushed forward, never back.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead: Mutex<Duration>,
}

impl Clock {
    /// The sandbox's present.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        after(SystemTime::now(), ahead)
    }

    /// Moves the present forward.
    pub(crate) fn advance(&self, by: Duration) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.saturating_add(by).min(FURTHEST);
    }
}

/// `moment` plus `by`, or `moment` itself where the platform cannot count that far.
pub(crate) fn after(moment: SystemTime, by: Duration) -> SystemTime {
    moment.checked_add(by.min(FURTHEST)).unwrap_or(moment)
}

/// A thousand years: further than any test needs and within what every platform and calendar can count.
const FURTHEST: Duration = Duration::from_secs(1_000 * 366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_forward_and_never_overflows() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() >= before + Duration::from_secs(3600));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() > before);
    }
}
