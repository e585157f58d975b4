//! Conversions to and from jiff 0.2.

use jiff::civil;

use super::{Date, DateTime, InvalidTime};

impl From<Date> for civil::Date {
    fn from(date: Date) -> Self {
        // Both reach from the year 0 to the year 9999, so the constant stands for no date.
        let month = i8::try_from(date.month()).unwrap_or(1);
        let day = i8::try_from(date.day()).unwrap_or(1);
        let year = i16::try_from(date.year()).unwrap_or(0);
        Self::new(year, month, day).unwrap_or(Self::ZERO)
    }
}

impl TryFrom<civil::Date> for Date {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0.
    fn try_from(date: civil::Date) -> Result<Self, InvalidTime> {
        date.to_string().parse()
    }
}

impl From<DateTime> for jiff::Timestamp {
    /// The instant. One in the last hours of the year 9999, which jiff leaves for offsets, is its latest.
    fn from(time: DateTime) -> Self {
        let instant = time.instant();
        let nanoseconds = i32::try_from(instant.subsec_nanoseconds()).unwrap_or(0);
        Self::new(instant.unix_seconds(), nanoseconds).unwrap_or(Self::MAX)
    }
}

impl TryFrom<jiff::Timestamp> for DateTime {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0.
    fn try_from(instant: jiff::Timestamp) -> Result<Self, InvalidTime> {
        instant.to_string().parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let date: Date = "2031-03-04".parse().unwrap();
        assert_eq!(civil::Date::from(date), civil::date(2031, 3, 4));
        assert_eq!(Date::try_from(civil::date(2031, 3, 4)), Ok(date));
        assert!(Date::try_from(civil::date(-1, 3, 4)).is_err());
        let time: DateTime = "2031-03-04T09:00:00.5Z".parse().unwrap();
        assert_eq!(jiff::Timestamp::from(time).to_string(), "2031-03-04T09:00:00.5Z");
        assert_eq!(DateTime::try_from(jiff::Timestamp::from(time)), Ok(time));
        let first: DateTime = "0000-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(DateTime::try_from(jiff::Timestamp::from(first)), Ok(first));
    }
}
