//! How long.

use core::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A number of minutes, which is as fine as Cronofy measures.
///
/// Written `{"minutes":90}`. Read in the other forms too, `{"hours":1,"minutes":30}` and `{"hours":2}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Duration {
    minutes: u32,
}

impl Duration {
    /// So many minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self { minutes }
    }

    /// So many hours, or as many as can be counted in minutes.
    pub const fn hours(hours: u32) -> Self {
        Self { minutes: hours.saturating_mul(60) }
    }

    /// How many minutes it is.
    pub const fn as_minutes(self) -> u32 {
        self.minutes
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            hours: Option<u32>,
            minutes: Option<u32>,
        }

        let Parts { hours, minutes } = Parts::deserialize(deserializer)?;
        if hours.is_none() && minutes.is_none() {
            return Err(D::Error::missing_field("minutes"));
        }
        let whole = hours.unwrap_or_default().checked_mul(60);
        let minutes = whole.and_then(|whole| whole.checked_add(minutes.unwrap_or_default()));
        minutes.map(Self::minutes).ok_or_else(|| D::Error::custom("too long a duration"))
    }
}

impl From<Duration> for core::time::Duration {
    fn from(duration: Duration) -> Self {
        Self::from_secs(u64::from(duration.minutes) * 60)
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Duration({} min)", self.minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_forms() {
        for (text, minutes) in
            [(r#"{"minutes":90}"#, 90), (r#"{"hours":2}"#, 120), (r#"{"hours":1,"minutes":30,"x":0}"#, 90)]
        {
            assert_eq!(serde_json::from_str::<Duration>(text).unwrap(), Duration::minutes(minutes));
        }
        for text in ["{}", "5", r#"{"minutes":-1}"#, r#"{"hours":4294967295}"#] {
            assert!(serde_json::from_str::<Duration>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&Duration::hours(1)).unwrap(), r#"{"minutes":60}"#);
    }
}
