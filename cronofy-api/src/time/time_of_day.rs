//! A time of the day.

use core::fmt;
use core::str::FromStr;

use super::{InvalidTime, as_text};

/// What a clock shows, from 00:00 to 23:59, on no day at all.
///
/// Written `09:30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

const NOT_A_TIME_OF_DAY: InvalidTime = InvalidTime("a time of the day such as 09:30");

impl TimeOfDay {
    /// A time by its hour and its minute.
    ///
    /// # Errors
    ///
    /// Where no clock shows it.
    pub fn new(hour: u8, minute: u8) -> Result<Self, InvalidTime> {
        if hour < 24 && minute < 60 { Ok(Self { hour, minute }) } else { Err(NOT_A_TIME_OF_DAY) }
    }

    /// The hour.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute.
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let [h, i, b':', m, n] = *text.as_bytes() else { return Err(NOT_A_TIME_OF_DAY) };
        if ![h, i, m, n].iter().all(u8::is_ascii_digit) {
            return Err(NOT_A_TIME_OF_DAY);
        }
        let number = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
        Self::new(number(h, i), number(m, n))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeOfDay({self})")
    }
}

as_text!(TimeOfDay, "a time of the day");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_clock_shows() {
        for text in ["00:00", "09:30", "23:59"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        for text in ["", "9:30", "24:00", "12:60", "+1:30", "12-30", "12:30:00", "１2:0"] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(NOT_A_TIME_OF_DAY), "{text:?}");
        }
        assert_eq!(NOT_A_TIME_OF_DAY.to_string(), "not a time of the day such as 09:30");
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_again(text in "[0-9]{2}:[0-9]{2}|\\PC{0,6}") {
            if let Ok(time) = text.parse::<TimeOfDay>() {
                prop_assert_eq!(time.to_string(), text);
            }
        }
    }
}
