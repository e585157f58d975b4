//! Conversions to and from time 0.3.

use cronofy_types::Timestamp;
use time::{Month, OffsetDateTime};

use super::{Date, DateTime, InvalidTime};

impl From<Date> for time::Date {
    fn from(date: Date) -> Self {
        // Every date of ours is one of time's, so the constants stand for none.
        let month = Month::try_from(date.month()).unwrap_or(Month::January);
        Self::from_calendar_date(date.year().into(), month, date.day()).unwrap_or(Self::MIN)
    }
}

impl TryFrom<time::Date> for Date {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0 and after 9999.
    fn try_from(date: time::Date) -> Result<Self, InvalidTime> {
        let year = u16::try_from(date.year()).map_err(|_| super::date::NOT_A_DATE)?;
        Self::new(year, date.month().into(), date.day())
    }
}

impl From<DateTime> for OffsetDateTime {
    /// The instant, in UTC.
    fn from(time: DateTime) -> Self {
        let instant = time.instant();
        let seconds = Self::from_unix_timestamp(instant.unix_seconds()).unwrap_or(Self::UNIX_EPOCH);
        seconds + core::time::Duration::from_nanos(instant.subsec_nanoseconds().into())
    }
}

impl TryFrom<OffsetDateTime> for DateTime {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0 and after 9999.
    fn try_from(instant: OffsetDateTime) -> Result<Self, InvalidTime> {
        let ours = Timestamp::from_unix_seconds(instant.unix_timestamp());
        if ours.unix_seconds() != instant.unix_timestamp() {
            return Err(super::date_time::NOT_A_TIME);
        }
        let fraction = core::time::Duration::from_nanos(instant.nanosecond().into());
        Ok(ours.saturating_add(fraction).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let date: Date = "2031-03-04".parse().unwrap();
        let march = time::Date::from_calendar_date(2031, Month::March, 4).unwrap();
        assert_eq!((time::Date::from(date), Date::try_from(march)), (march, Ok(date)));
        assert!(Date::try_from(time::Date::MIN).is_err());
        for text in ["2031-03-04T09:00:00.5Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let time: DateTime = text.parse().unwrap();
            assert_eq!(DateTime::try_from(OffsetDateTime::from(time)), Ok(time));
        }
    }
}
