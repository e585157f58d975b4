//! Rate limits: how many requests an application may send in a second and in a minute (docs: faqs/rate-limits).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::ledger::{Rule, documented, guessed};

pub(crate) const RULES: &[Rule] = &[
    documented(
        "Where they are enforced, an application that sends more than 50 requests in a second or 500 in a minute \
         gets 429",
        "faqs/rate-limits",
    ),
    guessed("They are enforced only if asked for", "a test suite asks faster than an application does"),
    guessed("429 has no body, and `Retry-After` only if asked for", "neither is shown on any page"),
    guessed(
        "A window begins with its first request and is measured by the sandbox's clock; a refused request does not \
         count",
        "the page gives the numbers only",
    ),
    guessed(
        "A batch counts as one request, whatever is in it",
        "the page counts requests, and a full batch alone would be as many as a second allows",
    ),
    guessed("The authorization pages do not count", "a person's browser asks for those, not the application"),
];

/// How many requests each application may send. Off by default.
///
/// Cronofy documents 50 in a second and 500 in a minute, the 429, and nothing more. A window begins with its first
/// request and is measured by the sandbox's clock, so a clock that stands never ends one. A refused request does not
/// count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Whether they are enforced.
    pub enabled: bool,
    /// Requests in a second: 50 unless set, and at least 1.
    pub per_second: u32,
    /// Requests in a minute: 500 unless set, and at least 1.
    pub per_minute: u32,
    /// Whether a 429 says in `Retry-After` when the window ends.
    pub retry_after: bool,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { enabled: false, per_second: 50, per_minute: 500, retry_after: false }
    }
}

impl RateLimits {
    /// The documented numbers, enforced.
    pub fn documented() -> Self {
        Self { enabled: true, ..Self::default() }
    }
}

/// What is to change about the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RateLimitSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_second: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<bool>,
}

impl From<RateLimits> for RateLimitSettings {
    fn from(limits: RateLimits) -> Self {
        Self {
            enabled: Some(limits.enabled),
            per_second: Some(limits.per_second),
            per_minute: Some(limits.per_minute),
            retry_after: Some(limits.retry_after),
        }
    }
}

impl RateLimitSettings {
    /// The member that would let nothing through.
    pub(crate) fn zero(self) -> Option<&'static str> {
        let numbers = [("per_second", self.per_second), ("per_minute", self.per_minute)];
        numbers.into_iter().find_map(|(member, number)| (number == Some(0)).then_some(member))
    }

    /// What is there changes; the rest stays.
    pub(crate) fn apply(self, limits: &mut RateLimits) {
        limits.enabled = self.enabled.unwrap_or(limits.enabled);
        limits.per_second = self.per_second.unwrap_or(limits.per_second);
        limits.per_minute = self.per_minute.unwrap_or(limits.per_minute);
        limits.retry_after = self.retry_after.unwrap_or(limits.retry_after);
    }
}

/// The windows of every application that asked: two for each. A clone is a snapshot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Windows(BTreeMap<String, [Window; 2]>);

#[derive(Clone, Copy, Debug)]
struct Window {
    began: SystemTime,
    requests: u32,
}

/// A request too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) limit: u32,
    pub(crate) window: &'static str,
    /// Whole seconds after which the window has ended, if clients are to be told.
    pub(crate) retry_after: Option<u64>,
}

const LENGTHS: [(Duration, &str); 2] =
    [(Duration::from_secs(1), "second"), (Duration::from_secs(60), "minute")];

impl Windows {
    /// Counts a request of an application, unless it is one too many. Callers name applications that exist, so
    /// there are no more windows than those.
    pub(crate) fn count(
        &mut self,
        limits: RateLimits,
        client_id: &str,
        now: SystemTime,
    ) -> Result<(), Exceeded> {
        if !limits.enabled {
            return Ok(());
        }
        if !self.0.contains_key(client_id) {
            self.0.insert(client_id.to_owned(), [Window { began: now, requests: 0 }; 2]);
        }
        let Some(windows) = self.0.get_mut(client_id) else { return Ok(()) };
        let mut exceeded = None;
        for ((length, name), (window, limit)) in
            LENGTHS.into_iter().zip(windows.iter_mut().zip([limits.per_second, limits.per_minute]))
        {
            // A clock that was set back ends a window, too.
            let left = now.duration_since(window.began).ok().and_then(|age| length.checked_sub(age));
            match left.filter(|left| !left.is_zero()) {
                None => *window = Window { began: now, requests: 0 },
                // The longer wait is the last one.
                Some(wait) if window.requests >= limit => {
                    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                    let retry_after = limits.retry_after.then_some(seconds);
                    exceeded = Some(Exceeded { limit, window: name, retry_after });
                }
                Some(_) => {}
            }
        }
        if let Some(exceeded) = exceeded {
            return Err(exceeded);
        }
        for window in windows {
            window.requests += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn a_window_begins_with_its_first_request_and_refusals_do_not_count() {
        let limits =
            RateLimits { per_second: 2, per_minute: 3, retry_after: true, ..RateLimits::documented() };
        let mut windows = Windows::default();
        let mut at = |milliseconds| {
            let now = START + Duration::from_millis(milliseconds);
            windows.count(limits, "client", now).map_err(|exceeded| (exceeded.window, exceeded.retry_after))
        };
        assert_eq!([at(500), at(600), at(1499)], [Ok(()), Ok(()), Err(("second", Some(1)))]);
        assert_eq!([at(1500), at(1600)], [Ok(()), Err(("minute", Some(59)))]);
        assert_eq!(at(60_499), Err(("minute", Some(1))));
        assert_eq!(at(60_500), Ok(()));
    }

    #[test]
    fn every_application_has_its_own_and_a_clock_set_back_begins_anew() {
        let limits = RateLimits { per_second: 1, ..RateLimits::documented() };
        let (mut windows, later) = (Windows::default(), START + Duration::from_secs(100));
        assert!(windows.count(limits, "one", later).is_ok());
        assert!(windows.count(limits, "other", later).is_ok());
        assert!(windows.count(limits, "one", later).is_err());
        assert!(windows.count(limits, "one", START).is_ok());
    }

    proptest! {
        /// However they come, no window that begins with an accepted request holds more than the limit.
        #[test]
        fn no_more_than_the_limit_pass(
            pauses in prop::collection::vec(0..400_u64, 0..200),
            per_second in 1..8_u32,
            per_minute in 1..40_u32,
        ) {
            let limits = RateLimits { enabled: true, per_second, per_minute, retry_after: false };
            let (mut windows, mut now) = (Windows::default(), START);
            let (mut second, mut minute) = ((START, 0), (START, 0));
            for (index, pause) in pauses.into_iter().enumerate() {
                now += Duration::from_millis(pause);
                for (window, length) in [(&mut second, 1), (&mut minute, 60)] {
                    if index == 0 || now >= window.0 + Duration::from_secs(length) {
                        *window = (now, 0);
                    }
                }
                let fits = second.1 < per_second && minute.1 < per_minute;
                prop_assert_eq!(windows.count(limits, "client", now).is_ok(), fits);
                if fits {
                    second.1 += 1;
                    minute.1 += 1;
                }
            }
        }
    }
}
