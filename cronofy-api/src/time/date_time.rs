//! An instant, as it was written.

use core::fmt;
use core::str::FromStr;

use cronofy_types::Timestamp;

use super::{InvalidTime, as_text};

/// The longest form: nine digits of a fraction, and an offset.
const LONGEST: usize = "2031-03-04T09:00:00.123456789+02:00".len();

/// An instant, together with the text that it was written as.
///
/// Cronofy writes `2031-03-04T09:00:00Z`, and, where localized times were asked for, `2031-03-04T11:00:00+02:00`. Two
/// that are written differently are not equal; their [`instant`](Self::instant)s may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    instant: Timestamp,
    length: u8,
    text: [u8; LONGEST],
}

impl DateTime {
    /// When it is.
    pub const fn instant(&self) -> Timestamp {
        self.instant
    }

    /// How it was written.
    pub fn as_str(&self) -> &str {
        let text = self.text.get(..usize::from(self.length)).unwrap_or_default();
        // It came out of a string.
        core::str::from_utf8(text).unwrap_or_default()
    }

    /// Whether there is more to it than whole seconds, which Cronofy refuses in requests.
    pub const fn has_fraction(&self) -> bool {
        self.instant.subsec_nanoseconds() != 0
    }

    fn written(instant: Timestamp, text: &str) -> Option<Self> {
        let mut buffer = [0; LONGEST];
        buffer.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { instant, length: u8::try_from(text.len()).ok()?, text: buffer })
    }
}

pub(super) const NOT_A_TIME: InvalidTime = InvalidTime("a time such as 2031-03-04T09:00:00Z");

impl FromStr for DateTime {
    type Err = InvalidTime;

    /// Takes RFC 3339 with any offset, and what Cronofy's own clients write besides: a space for the `T`, and `UTC`
    /// for the `Z`.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let instant = text.parse().map_err(|_| NOT_A_TIME)?;
        Self::written(instant, text).ok_or(NOT_A_TIME)
    }
}

impl From<Timestamp> for DateTime {
    /// In UTC, with a fraction only where there is one.
    fn from(instant: Timestamp) -> Self {
        // An instant in UTC is never as long as the longest form.
        Self::written(instant, &instant.to_string()).unwrap_or(Self {
            instant,
            length: 0,
            text: [0; LONGEST],
        })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({self})")
    }
}

as_text!(DateTime, "a date and time");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_is_kept() {
        for text in [
            "2031-03-04T09:00:00Z",
            "2031-03-04T11:00:00+02:00",
            "2031-03-04 09:00:00Z",
            "2031-03-04T09:00:00UTC",
            "2031-03-04T09:00:00.123456789-23:59",
            "0000-12-29T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(text.parse::<DateTime>().unwrap().as_str(), text);
        }
        for text in ["", "2031-03-04", "2031-03-04T09:00:00.0000000000000000000Z", "soon"] {
            assert_eq!(text.parse::<DateTime>(), Err(NOT_A_TIME), "{text}");
        }
        assert!(DateTime::from("2031-03-04T09:00:00.5Z".parse::<Timestamp>().unwrap()).has_fraction());
    }

    proptest! {
        #[test]
        fn any_instant_can_be_written(seconds: i64, nanoseconds in 0..1_000_000_000u32) {
            let instant = Timestamp::from_unix_seconds(seconds)
                .saturating_add(core::time::Duration::from_nanos(nanoseconds.into()));
            let written = DateTime::from(instant);
            prop_assert_eq!(written.as_str(), instant.to_string());
            prop_assert_eq!(written.as_str().parse(), Ok(written));
        }
    }
}
