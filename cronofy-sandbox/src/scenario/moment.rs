//! Times and days as they are written.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time of day, a day, or both. TOML's own dates and times are taken like text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// `09:00`, where somebody lives.
    Time(Time),
    /// `09:00Z`, everywhere.
    TimeUtc(Time),
    /// `2031-03-04`
    Date(Date),
    /// `2031-03-04T09:00`, where somebody lives.
    Local(DateTime),
    /// `2031-03-04T09:00:00Z`, or with another offset.
    Instant(Timestamp),
}

impl Moment {
    /// That time of a day, if it is one.
    pub(super) fn on(self, date: Date, zone: &TimeZone) -> Option<Timestamp> {
        let (time, zone) = match self {
            Self::Time(time) => (time, zone.clone()),
            Self::TimeUtc(time) => (time, TimeZone::UTC),
            Self::Date(_) | Self::Local(_) | Self::Instant(_) => return None,
        };
        date.to_datetime(time).to_zoned(zone).ok().map(|moment| moment.timestamp())
    }

    /// The instant, if it is one.
    pub(super) fn instant(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(instant),
            Self::Local(local) => local.to_zoned(zone.clone()).ok().map(|moment| moment.timestamp()),
            Self::Time(_) | Self::TimeUtc(_) | Self::Date(_) => None,
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let text: String = text.chars().take(40).collect();
            format!(
                "`{text}` is no time: write 09:00, 09:00Z, 2031-03-04, 2031-03-04T09:00 or 2031-03-04T09:00:00Z"
            )
        };
        let is_time = text.len() < 20 && text.as_bytes().get(2) == Some(&b':');
        if is_time {
            return match text.strip_suffix('Z') {
                Some(time) => time.parse().map(Self::TimeUtc),
                None => text.parse().map(Self::Time),
            }
            .map_err(|_| wrong());
        }
        if !text.contains(['T', 't', ' ']) {
            return text.parse().map(Self::Date).map_err(|_| wrong());
        }
        if let Ok(instant) = text.parse() {
            return Ok(Self::Instant(instant));
        }
        text.parse().map(Self::Local).map_err(|_| wrong())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => time.fmt(f),
            Self::TimeUtc(time) => write!(f, "{time}Z"),
            Self::Date(date) => date.fmt(f),
            Self::Local(local) => local.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date or a time")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
                text.parse().map_err(E::custom)
            }

            /// What TOML's own dates and times look like to serde.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                let native = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                native.to_string().parse().map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_any(Text)
    }
}

/// `1`, or `[1, 8]`: days after the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Days(pub(super) Vec<i32>);

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Days;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of days, or a list of them")
            }

            fn visit_i64<E: Error>(self, day: i64) -> Result<Days, E> {
                let day = i32::try_from(day).map_err(|_| E::custom("that many days are in no calendar"))?;
                Ok(Days(vec![day]))
            }

            fn visit_u64<E: Error>(self, day: u64) -> Result<Days, E> {
                self.visit_i64(i64::try_from(day).unwrap_or(i64::MAX))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut days: A) -> Result<Days, A::Error> {
                let mut all = Vec::new();
                while let Some(day) = days.next_element()? {
                    all.push(day);
                }
                if all.is_empty() {
                    return Err(A::Error::custom("the list of days is empty"));
                }
                Ok(Days(all))
            }
        }

        deserializer.deserialize_any(OneOrMore)
    }
}
