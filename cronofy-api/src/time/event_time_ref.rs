//! When an event starts or ends, as a piece of the body that says so.

use core::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::{EventTime, InvalidTime};
use crate::Tzid;
use crate::piece::OrNull;
use crate::text::Str;

/// As [`EventTime`], of which [`parse`](Self::parse) makes one; not looked into before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventTimeRef<'a> {
    /// A day or an instant.
    pub time: Str<'a>,
    /// Where the clock hangs that it is read from.
    pub tzid: Option<Str<'a>>,
}

impl EventTimeRef<'_> {
    /// What it says.
    ///
    /// # Errors
    ///
    /// Where it is no day and no instant, or in a zone without a name.
    pub fn parse(&self) -> Result<EventTime, InvalidTime> {
        let tzid = self.tzid.as_deref().filter(|tzid| !tzid.is_empty()).map(str::parse::<Tzid>).transpose();
        let tzid = tzid.map_err(|_| InvalidTime("a zone such as Europe/Lisbon"))?;
        Ok(EventTime { moment: self.time.parse()?, tzid })
    }
}

impl Serialize for EventTimeRef<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Zoned<'a> {
            time: &'a Str<'a>,
            tzid: &'a Str<'a>,
        }

        match &self.tzid {
            None => self.time.serialize(serializer),
            Some(tzid) => Zoned { time: &self.time, tzid }.serialize(serializer),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for EventTimeRef<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EventTimeRef::or_null(deserializer)?.ok_or_else(|| D::Error::custom("null is no time of an event"))
    }
}

impl<'de> OrNull<'de> for EventTimeRef<'de> {
    fn or_null<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct TimeVisitor;

        impl<'de> Visitor<'de> for TimeVisitor {
            type Value = Option<EventTimeRef<'de>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the time of an event")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Option<EventTimeRef<'de>>, E> {
                Ok(Some(EventTimeRef { time: text.into(), tzid: None }))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Option<EventTimeRef<'de>>, E> {
                Ok(Some(EventTimeRef { time: text.to_owned().into(), tzid: None }))
            }

            fn visit_unit<E>(self) -> Result<Option<EventTimeRef<'de>>, E> {
                Ok(None)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<EventTimeRef<'de>>, A::Error> {
                let (mut time, mut tzid) = (None, None);
                while let Some(name) = map.next_key::<Str<'de>>()? {
                    match name.as_str() {
                        "time" => time = Some(map.next_value()?),
                        "tzid" => tzid = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                let time = time.ok_or_else(|| A::Error::missing_field("time"))?;
                Ok(Some(EventTimeRef { time, tzid }))
            }
        }

        deserializer.deserialize_any(TimeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_owned_form_says() {
        for text in [
            r#""2031-03-04""#,
            r#"{"time":"2014-09-13T20:00:00+01:00","tzid":"Europe/London"}"#,
            r#"{"time":"2026-06-01","tzid":null,"x":1}"#,
            r#"{"time":"2026-06-01","tzid":""}"#,
        ] {
            let borrowed: EventTimeRef<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(borrowed.parse().unwrap(), serde_json::from_str::<EventTime>(text).unwrap());
        }
        let soon: EventTimeRef<'_> = serde_json::from_str(r#""soon""#).unwrap();
        assert_eq!(soon.parse().unwrap_err().to_string(), "not a time such as 2031-03-04T09:00:00Z");
        for text in ["5", "null", "{}"] {
            assert!(serde_json::from_str::<EventTimeRef<'_>>(text).is_err(), "{text}");
        }
    }
}
