//! A day of the week.

use core::fmt;
use core::str::FromStr;

use super::{InvalidTime, as_text};

/// A day of the week.
///
/// Written `monday`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const NOT_A_WEEKDAY: InvalidTime = InvalidTime("a day of the week such as monday");

impl Weekday {
    /// All of them, from Monday on.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }
}

impl FromStr for Weekday {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        Self::ALL.into_iter().find(|day| day.as_str() == text).ok_or(NOT_A_WEEKDAY)
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

as_text!(Weekday, "a day of the week");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for day in Weekday::ALL {
            assert_eq!(day.to_string().parse(), Ok(day));
            let written = serde_json::to_string(&day).unwrap();
            assert_eq!(serde_json::from_str::<Weekday>(&written).unwrap(), day);
        }
        for text in ["", "Monday", "mon", "monday "] {
            assert_eq!(text.parse::<Weekday>(), Err(NOT_A_WEEKDAY), "{text:?}");
        }
    }
}
