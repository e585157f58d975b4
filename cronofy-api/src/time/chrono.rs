//! Conversions to and from chrono 0.4.

use chrono::{Datelike as _, NaiveDate, Utc};
use cronofy_types::Timestamp;

use super::{Date, DateTime, InvalidTime};

impl From<Date> for NaiveDate {
    fn from(date: Date) -> Self {
        // Every date of ours is one of chrono's, so the constant stands for none.
        Self::from_ymd_opt(date.year().into(), date.month().into(), date.day().into()).unwrap_or(Self::MIN)
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0 and after 9999.
    fn try_from(date: NaiveDate) -> Result<Self, InvalidTime> {
        let out = |_| super::date::NOT_A_DATE;
        let year = u16::try_from(date.year()).map_err(out)?;
        Self::new(year, u8::try_from(date.month()).map_err(out)?, u8::try_from(date.day()).map_err(out)?)
    }
}

impl From<DateTime> for chrono::DateTime<Utc> {
    fn from(time: DateTime) -> Self {
        let instant = time.instant();
        // As with dates.
        Self::from_timestamp(instant.unix_seconds(), instant.subsec_nanoseconds()).unwrap_or(Self::MIN_UTC)
    }
}

impl TryFrom<chrono::DateTime<Utc>> for DateTime {
    type Error = InvalidTime;

    /// # Errors
    ///
    /// For years before 0 and after 9999.
    fn try_from(instant: chrono::DateTime<Utc>) -> Result<Self, InvalidTime> {
        let ours = Timestamp::from_unix_seconds(instant.timestamp());
        if ours.unix_seconds() != instant.timestamp() {
            return Err(super::date_time::NOT_A_TIME);
        }
        let fraction = core::time::Duration::from_nanos(instant.timestamp_subsec_nanos().into());
        Ok(ours.saturating_add(fraction).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let date: Date = "2031-03-04".parse().unwrap();
        assert_eq!(NaiveDate::from(date), NaiveDate::from_ymd_opt(2031, 3, 4).unwrap());
        assert_eq!(Date::try_from(NaiveDate::from(date)), Ok(date));
        assert!(Date::try_from(NaiveDate::MIN).is_err() && Date::try_from(NaiveDate::MAX).is_err());
        for text in ["2031-03-04T09:00:00.5Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let time: DateTime = text.parse().unwrap();
            assert_eq!(DateTime::try_from(chrono::DateTime::<Utc>::from(time)), Ok(time));
        }
        assert!(DateTime::try_from(chrono::DateTime::<Utc>::MAX_UTC).is_err());
    }
}
