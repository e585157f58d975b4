//! An instant, of our own, so that no time crate's version is in anybody's way.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_A_DAY: i64 = 86_400;
/// 9999-12-31T23:59:59Z and 0000-01-01T00:00:00Z: the years that RFC 3339 can write.
const LAST: i64 = 253_402_300_799;
const FIRST: i64 = -62_167_219_200;

/// An instant in UTC, to the nanosecond, from the year 0 to the year 9999.
///
/// Arithmetic saturates at both ends. Nothing here reads a clock: the instant is an argument wherever one is
/// needed, and a transport takes it from [`SystemTime`].
///
/// ```
/// use cronofy_types::Timestamp;
///
/// let instant: Timestamp = "2031-03-04T12:15:00+02:00".parse()?;
/// assert_eq!(instant.to_string(), "2031-03-04T10:15:00Z");
/// # Ok::<(), cronofy_types::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { seconds: 0, nanoseconds: 0 };

    /// The latest instant there is: the end of the year 9999.
    pub const MAX: Self = Self { seconds: LAST, nanoseconds: 999_999_999 };

    /// Seconds since 1970-01-01T00:00:00Z, brought into the range.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        let seconds = if seconds > LAST {
            LAST
        } else if seconds < FIRST {
            FIRST
        } else {
            seconds
        };
        Self { seconds, nanoseconds: 0 }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// The part of a second beyond [`unix_seconds`](Self::unix_seconds), in nanoseconds.
    pub const fn subsec_nanoseconds(self) -> u32 {
        self.nanoseconds
    }

    /// Later by `duration`, or [`MAX`](Self::MAX).
    pub fn saturating_add(self, duration: Duration) -> Self {
        let nanoseconds = self.nanoseconds + duration.subsec_nanos();
        let carry = i64::from(nanoseconds / 1_000_000_000);
        let whole = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let seconds = self.seconds.saturating_add(whole).saturating_add(carry);
        if seconds > LAST {
            return Self::MAX;
        }
        Self { seconds, nanoseconds: nanoseconds % 1_000_000_000 }
    }

    /// How much later this is than `earlier`; nothing if it is not.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        if self <= earlier {
            return Duration::ZERO;
        }
        // Both are in the range, so the difference is no more than ten thousand years.
        let seconds = self.seconds.abs_diff(earlier.seconds);
        if self.nanoseconds >= earlier.nanoseconds {
            Duration::new(seconds, self.nanoseconds - earlier.nanoseconds)
        } else {
            Duration::new(seconds - 1, 1_000_000_000 + self.nanoseconds - earlier.nanoseconds)
        }
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self::UNIX_EPOCH.saturating_add(since),
            Err(before) => {
                // Rounded down, as everywhere here; nobody counts nanoseconds before 1970.
                let before = before.duration();
                let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX).saturating_neg();
                Self::from_unix_seconds(whole.saturating_sub(i64::from(before.subsec_nanos() > 0)))
            }
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with a fraction only where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.seconds.div_euclid(SECONDS_A_DAY);
        let second = self.seconds.rem_euclid(SECONDS_A_DAY);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanoseconds != 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// Text that is no instant of RFC 3339 section 5.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp(());

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 date and time such as 2031-03-04T09:00:00Z")
    }
}

impl core::error::Error for InvalidTimestamp {}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    /// Takes RFC 3339 with any offset, and what Cronofy's own clients write besides: a space for the `T`, and
    /// `UTC` for the `Z`.
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        parse(text).ok_or(InvalidTimestamp(()))
    }
}

fn parse(text: &str) -> Option<Timestamp> {
    canonical(text).or_else(|| any_form(text))
}

/// The one form that Cronofy writes, `2031-03-04T09:00:00Z`: a page of events has hundreds of them.
fn canonical(text: &str) -> Option<Timestamp> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] =
        text.as_bytes()
    else {
        return None;
    };
    let digits = [y0, y1, y2, y3, m0, m1, d0, d1, h0, h1, n0, n1, s0, s1];
    if !digits.iter().fold(true, |all, digit| all & digit.is_ascii_digit()) {
        return None;
    }
    let two = |tens: u8, ones: u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    let (year, month, day) = (two(y0, y1) * 100 + two(y2, y3), two(m0, m1), two(d0, d1));
    let (hour, minute, second) = (two(h0, h1), two(n0, n1), two(s0, s1));
    // What is out of its range, and a leap second, is looked at more closely.
    (is_date(year, month, day) && hour < 24 && minute < 60 && second < 60).then(|| Timestamp {
        seconds: since_1970((year, month, day), (hour, minute, second)),
        nanoseconds: 0,
    })
}

fn any_form(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let [b'0'..=b'9', .., b'0'..=b'9'] = date.as_bytes() else { return None };
    let (year, month, day) = (digits(date.get(..4)?)?, digits(date.get(5..7)?)?, digits(date.get(8..)?)?);
    if date.as_bytes()[4] != b'-' || date.as_bytes()[7] != b'-' || !is_date(year, month, day) {
        return None;
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let (hour, minute, second) =
        (digits(clock.get(..2)?)?, digits(clock.get(3..5)?)?, digits(clock.get(6..)?)?);
    // A leap second is an instant too; it reads as the first of the next minute.
    if clock.as_bytes()[2] != b':' || clock.as_bytes()[5] != b':' || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanoseconds, zone) = fraction(rest)?;
    let seconds = since_1970((year, month, day), (hour, minute, second)) - offset(zone)?;
    (FIRST..=LAST).contains(&seconds).then_some(Timestamp { seconds, nanoseconds })
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Digits beyond the ninth are dropped.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(text) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return None;
    }
    let mut nanoseconds = 0;
    for place in 0..9 {
        let digit = text.as_bytes()[..end].get(place).map_or(0, |byte| u32::from(byte - b'0'));
        nanoseconds = nanoseconds * 10 + digit;
    }
    Some((nanoseconds, &text[end..]))
}

fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z" | "UTC") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * i64::from(hours * 3600 + minutes * 60))
}

/// Whether the Gregorian calendar has that day.
pub fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Seconds since 1970, of a day of the Gregorian calendar and the time of day.
fn since_1970((year, month, day): (u32, u32, u32), (hour, minute, second): (u32, u32, u32)) -> i64 {
    days_from_civil(year, month, day) * SECONDS_A_DAY + i64::from(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 of a date in the Gregorian calendar. The year is taken to begin in March, so that
/// the leap day is its last, and to be 400 years later, which are 146,097 days, so that none is before the year 0.
fn days_from_civil(year: u32, month: u32, day: u32) -> i64 {
    let year = year + 400 - u32::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
    i64::from(days) - 719_468 - 146_097
}

/// The other way round.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(feature = "serde")]
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_instants() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2031-03-04T10:15:00Z", 1_930_385_700),
            ("0000-01-01T00:00:00Z", FIRST),
            ("9999-12-31T23:59:59Z", LAST),
        ] {
            let parsed: Timestamp = text.parse().unwrap();
            assert_eq!((parsed.unix_seconds(), parsed.to_string().as_str()), (seconds, text));
        }
    }

    #[test]
    fn forms_that_clients_send() {
        let same = "2031-03-04T09:00:00Z".parse::<Timestamp>().unwrap();
        for text in [
            "2031-03-04T09:00:00UTC",
            "2031-03-04T09:00:00+00:00",
            "2031-03-04 09:00:00Z",
            "2031-03-04T11:00:00+02:00",
            "2031-03-04t09:00:00.000z",
        ] {
            assert_eq!(text.parse(), Ok(same), "{text}");
        }
        assert_eq!(
            "2031-03-04T09:00:00.12Z".parse::<Timestamp>().unwrap().to_string(),
            "2031-03-04T09:00:00.12Z"
        );
    }

    #[test]
    fn what_is_no_instant() {
        for text in [
            "",
            "2031-03-04",
            "2031-02-29T00:00:00Z",
            "2031-13-01T00:00:00Z",
            "2031-03-04T24:00:00Z",
            "2031-03-04T09:00:00",
            "2031-03-04T09:00:00.Z",
            "2031-03-04T09:00:00+2:00",
            "+031-03-04T09:00:00Z",
            "2031-03-04T09:00:00+02:00 ",
            "20310304T090000Z",
            "2031-03-0\u{664}T09:00:00Z",
            // A character across every place where the text is cut.
            "203\u{29a}03-04T09:00:00Z",
            "2031-03-04T0\u{29a}00:00Z",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Timestamp::UNIX_EPOCH.saturating_add(Duration::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::UNIX_EPOCH.saturating_since(Timestamp::MAX), Duration::ZERO);
        let half = Timestamp::UNIX_EPOCH.saturating_add(Duration::from_millis(1500));
        let later = half.saturating_add(Duration::from_millis(700));
        assert_eq!(later.saturating_since(half), Duration::from_millis(700));
        assert_eq!(Timestamp::from_unix_seconds(i64::MIN).unix_seconds(), FIRST);
    }

    proptest! {
        #[test]
        fn writing_and_parsing_are_inverses(seconds in FIRST..=LAST, nanoseconds in 0..1_000_000_000u32) {
            let instant = Timestamp { seconds, nanoseconds };
            prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        }

        #[test]
        fn the_short_way_leads_where_the_long_one_does(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"
        ) {
            prop_assert_eq!(parse(&text), any_form(&text));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
