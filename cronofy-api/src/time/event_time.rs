//! When an event starts or ends.

use core::fmt;
use core::str::FromStr;

use cronofy_types::Extra;
use cronofy_types::internal::Text;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

use super::{Date, DateTime, InvalidTime};
use crate::Tzid;
use crate::text::Str;

/// A day, or an instant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A day: of an event, that it is one of whole days.
    Date(Date),
    /// An instant.
    DateTime(DateTime),
}

/// When an event starts or ends: in the form of a string, or, with the zone that it is shown in, of
/// `{"time","tzid"}`.
///
/// The end of an event of whole days is the day after its last one. Whatever the zone, in requests the time is UTC's;
/// in answers it has the offset of the zone at that instant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventTime {
    /// When.
    pub moment: Moment,
    /// Where the clock hangs that it is read from; `Etc/UTC` where the provider does not say.
    pub tzid: Option<Tzid>,
}

impl Moment {
    /// The day, if it is one.
    pub const fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::DateTime(_) => None,
        }
    }

    /// The instant, if it is one.
    pub const fn date_time(&self) -> Option<&DateTime> {
        match self {
            Self::Date(_) => None,
            Self::DateTime(time) => Some(time),
        }
    }
}

impl EventTime {
    /// A day or an instant that is shown in this zone.
    pub fn in_zone(moment: impl Into<Moment>, tzid: Tzid) -> Self {
        Self { moment: moment.into(), tzid: Some(tzid) }
    }

    /// The day, of an event of whole days.
    pub const fn date(&self) -> Option<Date> {
        self.moment.date()
    }

    /// The instant, of any other.
    pub const fn date_time(&self) -> Option<&DateTime> {
        self.moment.date_time()
    }
}

impl FromStr for Moment {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        if text.len() == "2031-03-04".len() {
            text.parse().map(Self::Date)
        } else {
            text.parse().map(Self::DateTime)
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::DateTime(time) => time.fmt(f),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::DateTime(time) => time.fmt(f),
        }
    }
}

super::as_text!(Moment, "a date, or a date and time");

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<DateTime>> From<T> for Moment {
    fn from(time: T) -> Self {
        Self::DateTime(time.into())
    }
}

impl<M: Into<Moment>> From<M> for EventTime {
    fn from(moment: M) -> Self {
        Self { moment: moment.into(), tzid: None }
    }
}

impl Serialize for EventTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(tzid) = &self.tzid else { return self.moment.serialize(serializer) };
        let mut zoned = serializer.serialize_struct("EventTime", 2)?;
        zoned.serialize_field("time", &self.moment)?;
        zoned.serialize_field("tzid", tzid)?;
        zoned.end()
    }
}

impl<'de> Deserialize<'de> for EventTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match TimeOrOdd::deserialize(deserializer)? {
            TimeOrOdd::Time(time) => Ok(time),
            TimeOrOdd::Absent | TimeOrOdd::Odd(_) => {
                Err(D::Error::custom("not a date or time, alone or as `time` with a `tzid`"))
            }
        }
    }
}

/// What stands where the time of an event should.
pub(crate) enum TimeOrOdd {
    Time(EventTime),
    /// `null`.
    Absent,
    /// Something else, as it came.
    Odd(Box<Value>),
}

impl TimeOrOdd {
    /// What can be used; what is odd goes where it can be looked at.
    #[inline]
    pub(crate) fn or_into(self, name: &str, extra: &mut Extra) -> Option<EventTime> {
        match self {
            Self::Time(time) => Some(time),
            Self::Absent => None,
            Self::Odd(value) => {
                extra.insert(name.to_owned(), *value);
                None
            }
        }
    }
}

impl<'de> Deserialize<'de> for TimeOrOdd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

fn odd(value: impl Into<Value>) -> TimeOrOdd {
    TimeOrOdd::Odd(Box::new(value.into()))
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = TimeOrOdd;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time of an event")
    }

    fn visit_str<E>(self, text: &str) -> Result<TimeOrOdd, E> {
        Ok(match text.parse::<Moment>() {
            Ok(moment) => TimeOrOdd::Time(moment.into()),
            Err(_) => odd(text),
        })
    }

    /// Members besides the two that are documented are passed over.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TimeOrOdd, A::Error> {
        let (mut moment, mut tzid) = (None, None);
        let mut extra = Extra::default();
        while let Some(name) = map.next_key::<Str<'de>>()? {
            match name.as_str() {
                "time" => moment = map.next_value::<Text<Moment>>()?.or_into("time", &mut extra),
                "tzid" => tzid = map.next_value::<Text<Tzid>>()?.or_into("tzid", &mut extra),
                _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
            }
        }
        if let (Some(moment), true) = (moment, extra.is_empty()) {
            return Ok(TimeOrOdd::Time(EventTime { moment, tzid }));
        }
        let text = |text: String| Value::from(text);
        let known = [
            ("time", moment.map(|moment| text(moment.to_string()))),
            ("tzid", tzid.map(|tzid| text(tzid.as_str().to_owned()))),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Ok(odd(Map::from(extra).into_iter().chain(known).collect::<Map<_, _>>()))
    }

    fn visit_unit<E>(self) -> Result<TimeOrOdd, E> {
        Ok(TimeOrOdd::Absent)
    }

    fn visit_bool<E>(self, value: bool) -> Result<TimeOrOdd, E> {
        Ok(odd(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<TimeOrOdd, E> {
        Ok(odd(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<TimeOrOdd, E> {
        Ok(odd(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<TimeOrOdd, E> {
        Ok(odd(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<TimeOrOdd, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(odd)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Option<EventTime> {
        serde_json::from_value(value).ok()
    }

    #[test]
    fn forms_that_come() {
        for value in [
            json!("2031-03-04T09:00:00Z"),
            json!("2031-03-04"),
            json!("0000-12-29T00:00:00Z"),
            json!({ "time": "2014-09-13T20:00:00+01:00", "tzid": "Europe/London" }),
            json!({ "time": "2026-06-01T10:00:00Z", "tzid": "Mars/Olympus" }),
            json!({ "time": "2026-06-01", "tzid": "Etc/UTC" }),
        ] {
            assert_eq!(serde_json::to_value(read(value.clone()).unwrap()).unwrap(), value);
        }
        let without_zone = read(json!({ "time": "2026-06-01", "tzid": null, "x": 1 })).unwrap();
        assert_eq!(without_zone, EventTime::from("2026-06-01".parse::<Date>().unwrap()));
        for value in [
            json!(5),
            json!(""),
            json!(null),
            json!([]),
            json!({}),
            json!("tomorrow"),
            json!({ "tzid": "Etc/UTC" }),
            json!({ "time": 5, "tzid": "Etc/UTC" }),
            json!({ "time": "2026-06-01", "tzid": 5 }),
        ] {
            assert_eq!(read(value.clone()), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_again(
            time in "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-5][0-9]))?",
            tzid in proptest::option::of("[A-Z][a-z]{1,9}/[A-Z][a-z_]{1,9}"),
        ) {
            let value = match tzid {
                Some(tzid) => json!({ "time": time, "tzid": tzid }),
                None => json!(time),
            };
            if let Some(read) = read(value.clone()) {
                prop_assert_eq!(serde_json::to_value(read).unwrap(), value);
            }
        }

        #[test]
        fn what_is_odd_is_kept(text in "\\PC{0,40}") {
            let value = json!({ "time": text, "tzid": "Etc/UTC" });
            if let TimeOrOdd::Odd(odd) = serde_json::from_value(value.clone()).unwrap() {
                // What is empty is as if it were not there.
                prop_assert!(*odd == value || text.is_empty());
            }
        }
    }
}
