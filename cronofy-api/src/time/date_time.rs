//! An instant, as it was written.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use cronofy_types::Timestamp;

use super::{InvalidTime, as_text};

/// An instant, and the form that it was written in: `Display` writes what was read, byte for byte.
///
/// Cronofy writes `2031-03-04T09:00:00Z`, and, where localized times were asked for, `2031-03-04T11:00:00+02:00`. Two
/// that are written differently are not equal; their [`instant`](Self::instant)s may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    // Apart, since a `Timestamp` would make it half as large again: a page of events has hundreds.
    seconds: i64,
    nanoseconds: u32,
    zone: Zone,
    form: Form,
}

/// The zone as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Zone {
    Z,
    SmallZ,
    Utc,
    Ahead { hours: u8, minutes: u8 },
    Behind { hours: u8, minutes: u8 },
}

/// How many digits the fraction had, in the low half; and above it, whether it was a leap second, and what stood
/// before the time of day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Form(u8);

const LEAP_SECOND: u8 = 0x10;
const SMALL_T: u8 = 0x20;
const SPACE: u8 = 0x40;

impl DateTime {
    /// When it is.
    pub fn instant(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.seconds)
            .saturating_add(Duration::from_nanos(self.nanoseconds.into()))
    }

    /// Whether there is more to it than whole seconds, which Cronofy refuses in requests.
    pub const fn has_fraction(&self) -> bool {
        self.nanoseconds != 0
    }

    fn written(instant: Timestamp, zone: Zone, form: Form) -> Self {
        let (seconds, nanoseconds) = (instant.unix_seconds(), instant.subsec_nanoseconds());
        Self { seconds, nanoseconds, zone, form }
    }
}

pub(super) const NOT_A_TIME: InvalidTime = InvalidTime("a time such as 2031-03-04T09:00:00Z");

impl FromStr for DateTime {
    type Err = InvalidTime;

    /// Takes RFC 3339 with any offset and at most nine digits of a fraction, and what Cronofy's own clients write
    /// besides: a space for the `T`, and `UTC` for the `Z`.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let instant = text.parse().map_err(|_| NOT_A_TIME)?;
        let (zone, form) = form(text).ok_or(NOT_A_TIME)?;
        Ok(Self::written(instant, zone, form))
    }
}

/// The form of what is an instant.
fn form(text: &str) -> Option<(Zone, Form)> {
    // The one that Cronofy writes.
    if let [_, _, _, _, _, _, _, _, _, _, b'T', _, _, _, _, _, _, b'0'..=b'5', _, b'Z'] = text.as_bytes() {
        return Some((Zone::Z, Form(0)));
    }
    let mut form = match text.as_bytes().get(10)? {
        b't' => SMALL_T,
        b' ' => SPACE,
        _ => 0,
    };
    if text.get(17..19)? == "60" {
        form |= LEAP_SECOND;
    }
    let rest = text.get(19..)?;
    let (digits, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            (u8::try_from(digits).ok().filter(|digits| *digits <= 9)?, fraction.get(digits..)?)
        }
    };
    Some((zone_of(zone)?, Form(form | digits)))
}

fn zone_of(text: &str) -> Option<Zone> {
    Some(match text {
        "Z" => Zone::Z,
        "z" => Zone::SmallZ,
        "UTC" => Zone::Utc,
        _ => {
            let (hours, minutes) = text.get(1..)?.split_once(':')?;
            let (hours, minutes) = (hours.parse().ok()?, minutes.parse().ok()?);
            if text.starts_with('-') {
                Zone::Behind { hours, minutes }
            } else {
                Zone::Ahead { hours, minutes }
            }
        }
    })
}

impl Zone {
    /// In seconds.
    fn ahead_of_utc(self) -> i64 {
        let seconds = |hours, minutes| i64::from(hours) * 3600 + i64::from(minutes) * 60;
        match self {
            Self::Z | Self::SmallZ | Self::Utc => 0,
            Self::Ahead { hours, minutes } => seconds(hours, minutes),
            Self::Behind { hours, minutes } => -seconds(hours, minutes),
        }
    }
}

impl Form {
    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    fn digits(self) -> u8 {
        self.0 & 0xF
    }
}

impl From<Timestamp> for DateTime {
    /// In UTC, with a fraction only where there is one.
    fn from(instant: Timestamp) -> Self {
        let (mut fraction, mut digits) = (instant.subsec_nanoseconds(), 9);
        while digits > 0 && fraction.is_multiple_of(10) {
            (fraction, digits) = (fraction / 10, digits - 1);
        }
        Self::written(instant, Zone::Z, Form(digits))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let leap = self.form.has(LEAP_SECOND);
        let local = self.seconds + self.zone.ahead_of_utc() - i64::from(leap);
        // `2031-03-04T09:00:00Z`
        let local = Timestamp::from_unix_seconds(local).to_string();
        let part = |range| local.get(range).unwrap_or_default();
        let before = if self.form.has(SPACE) {
            ' '
        } else if self.form.has(SMALL_T) {
            't'
        } else {
            'T'
        };
        write!(f, "{}{before}{}{}", part(0..10), part(11..17), if leap { "60" } else { part(17..19) })?;
        let digits = self.form.digits();
        if digits > 0 {
            let fraction = self.nanoseconds / 10_u32.pow(9_u32.saturating_sub(digits.into()));
            write!(f, ".{fraction:0width$}", width = digits.into())?;
        }
        match self.zone {
            Zone::Z => f.write_str("Z"),
            Zone::SmallZ => f.write_str("z"),
            Zone::Utc => f.write_str("UTC"),
            Zone::Ahead { hours, minutes } => write!(f, "+{hours:02}:{minutes:02}"),
            Zone::Behind { hours, minutes } => write!(f, "-{hours:02}:{minutes:02}"),
        }
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
            "2031-03-04t09:00:00.500z",
            "2031-03-04T09:00:00.000-00:00",
            "2016-12-31T23:59:60Z",
            "2017-01-01T01:29:60.250+01:30",
            "0000-01-01T00:00:00Z",
            "0000-01-01T00:00:00-23:59",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999999999+00:01",
        ] {
            assert_eq!(text.parse::<DateTime>().unwrap().to_string(), text);
        }
        for text in ["", "2031-03-04", "2031-03-04T09:00:00.0000000000Z", "soon"] {
            assert_eq!(text.parse::<DateTime>(), Err(NOT_A_TIME), "{text}");
        }
        assert!(DateTime::from("2031-03-04T09:00:00.5Z".parse::<Timestamp>().unwrap()).has_fraction());
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_again_and_is_that_instant(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,11})?(Z|z|UTC|[+-][0-2][0-9]:[0-5][0-9])"
        ) {
            if let Ok(read) = text.parse::<DateTime>() {
                prop_assert_eq!(read.to_string(), &*text);
                prop_assert_eq!(Ok(read.instant()), text.parse());
            }
        }

        #[test]
        fn any_instant_can_be_written(seconds: i64, nanoseconds in 0..1_000_000_000u32) {
            let instant = Timestamp::from_unix_seconds(seconds)
                .saturating_add(core::time::Duration::from_nanos(nanoseconds.into()));
            let written = DateTime::from(instant);
            prop_assert_eq!(written.to_string(), instant.to_string());
            prop_assert_eq!(written.to_string().parse(), Ok(written));
            prop_assert_eq!(written.instant(), instant);
        }
    }
}
