//! When to ask again: data, decided in one place for every transport.

use core::time::Duration;

use cronofy_types::Timestamp;

/// How often and how patiently a request is repeated, where repeating it is safe.
///
/// Between two tries it waits as long as the server asked, and up to half of [`first_wait`](Self::first_wait)
/// longer; or, where the server did not say, a time that doubles from `first_wait` on, of which up to half is
/// random. So many processes do not come back at once. A wait longer than [`longest_wait`](Self::longest_wait)
/// is not waited for: the error comes back at once, with the delay in it, and the caller decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many times the request is sent at most, the first included. One means never again.
    pub tries: u32,
    /// The wait after the first try.
    pub first_wait: Duration,
    /// The longest wait that this caller has patience for. Up to half of `first_wait` may come on top of one that
    /// the server asked for.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// Three tries, half a second, ten seconds: within what a person in front of a browser sits through.
    fn default() -> Self {
        Self { tries: 3, first_wait: Duration::from_millis(500), longest_wait: Duration::from_secs(10) }
    }
}

impl RetryPolicy {
    /// Sends once.
    pub const NEVER: Self = Self { tries: 1, first_wait: Duration::ZERO, longest_wait: Duration::ZERO };

    /// How long to wait after `tried` tries, or `None` to give up. The fraction of the driver's clock serves
    /// as the random source: it differs between processes, and a test knows it.
    pub(crate) fn wait(&self, tried: u32, asked: Option<Duration>, now: Timestamp) -> Option<Duration> {
        if tried >= self.tries {
            return None;
        }
        if asked.is_some_and(|asked| asked > self.longest_wait) {
            return None;
        }
        let times = if asked.is_some() { 1 } else { 1 << tried.saturating_sub(1).min(16) };
        let doubled = self.first_wait.saturating_mul(times).min(self.longest_wait);
        let random = u64::from(mixed(now.subsec_nanoseconds() ^ tried.rotate_left(24)));
        let nanoseconds = u64::try_from(doubled.as_nanos() / 2).unwrap_or(u64::MAX);
        // The high half of a 32 by 64 bit product is a number below `nanoseconds`.
        let part = (u128::from(nanoseconds) * u128::from(random)) >> 32;
        let part = Duration::from_nanos(u64::try_from(part).unwrap_or(nanoseconds));
        Some(asked.unwrap_or(doubled / 2) + part)
    }
}

/// Spreads the bits of a clock that may tick in thousands.
const fn mixed(mut value: u32) -> u32 {
    value ^= value >> 16;
    value = value.wrapping_mul(0x7feb_352d);
    value ^= value >> 15;
    value = value.wrapping_mul(0x846c_a68b);
    value ^ (value >> 16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_server_is_obeyed_up_to_the_callers_patience() {
        let policy = RetryPolicy::default();
        let wait = |seconds| policy.wait(1, Some(Duration::from_secs(seconds)), Timestamp::UNIX_EPOCH);
        for asked in [0, 5, 10] {
            let asked_for = Duration::from_secs(asked);
            let waited = wait(asked).unwrap();
            assert!(waited >= asked_for && waited <= asked_for + policy.first_wait / 2, "{waited:?}");
        }
        assert_eq!(wait(11), None);
        assert_eq!(policy.wait(3, Some(Duration::ZERO), Timestamp::UNIX_EPOCH), None);
        assert_eq!(RetryPolicy::NEVER.wait(1, None, Timestamp::UNIX_EPOCH), None);
    }

    proptest! {
        #[test]
        fn waits_double_and_stay_within_bounds(tried in 1u32..40, nanoseconds in 0u32..1_000_000_000) {
            let policy = RetryPolicy { tries: u32::MAX, ..RetryPolicy::default() };
            let now = Timestamp::UNIX_EPOCH.saturating_add(Duration::from_nanos(nanoseconds.into()));
            let wait = policy.wait(tried, None, now).unwrap();
            let full = policy.first_wait.saturating_mul(1 << (tried - 1).min(16)).min(policy.longest_wait);
            prop_assert!(wait >= full / 2 && wait <= full, "{wait:?} of {full:?}");
        }
    }
}
