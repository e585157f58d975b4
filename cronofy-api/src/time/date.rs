//! A day.

use core::fmt;
use core::str::FromStr;

use cronofy_types::internal::is_date;

use super::{InvalidTime, as_text};

/// A day of the Gregorian calendar, from the year 0 to the year 9999, in no zone at all.
///
/// Written `2031-03-04`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

pub(super) const NOT_A_DATE: InvalidTime = InvalidTime("a date such as 2031-03-04");

impl Date {
    /// A day by its year, its month from 1, and its day of the month from 1.
    ///
    /// # Errors
    ///
    /// Where the calendar has no such day, or the year more than four digits.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidTime> {
        let exists = year <= 9999 && is_date(year.into(), month.into(), day.into());
        if exists { Ok(Self { year, month, day }) } else { Err(NOT_A_DATE) }
    }

    /// The year, of four digits at most.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl FromStr for Date {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else { return Err(NOT_A_DATE) };
        let number = |digits: &[&u8]| {
            digits.iter().try_fold(0, |number: u16, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u16::from(*digit - b'0'))
            })
        };
        let two = |digits: &[&u8]| number(digits).and_then(|number| u8::try_from(number).ok());
        match (number(&[y0, y1, y2, y3]), two(&[m0, m1]), two(&[d0, d1])) {
            (Some(year), Some(month), Some(day)) => Self::new(year, month, day),
            _ => Err(NOT_A_DATE),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

as_text!(Date, "a date");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_that_there_are() {
        for text in ["2013-10-06", "0000-01-01", "0000-12-29", "2024-02-29", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2013-10-6",
            "2013-13-01",
            "2013-00-10",
            "2023-02-29",
            "2015-01-01T01:01:01Z",
            "+013-10-06",
            "2013/10/06",
            " 2013-10-06",
            "20131006",
            "2013-1\u{660}-06",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NOT_A_DATE), "{text:?}");
        }
        assert_eq!(NOT_A_DATE.to_string(), "not a date such as 2031-03-04");
        assert!(Date::new(10_000, 1, 1).is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_again(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]|\\PC{0,12}") {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
