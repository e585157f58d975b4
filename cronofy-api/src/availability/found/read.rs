//! Reading an answer into one table for all of its times.

use core::fmt;
use std::collections::BTreeMap;

use cronofy_types::{Extra, Sub};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Availability, List, Present, Time};
use crate::text::Str;

#[derive(Default)]
struct Table {
    times: Vec<Time>,
    participants: Vec<Present>,
    subs: Vec<Sub>,
    /// Where each of them is.
    places: BTreeMap<Box<str>, usize>,
}

impl Table {
    fn place<E: Error>(&mut self, sub: &str) -> Result<usize, E> {
        if let Some(place) = self.places.get(sub) {
            return Ok(*place);
        }
        let place = self.subs.len();
        self.subs.push(sub.parse().map_err(E::custom)?);
        self.places.insert(sub.into(), place);
        Ok(place)
    }
}

/// Declares how something is read into the table.
macro_rules! seed {
    ($name:ident, $what:literal, $ask:ident { $($visit:item)+ }) => {
        struct $name<'t>(&'t mut Table);

        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.$ask(self)
            }
        }

        impl<'de> Visitor<'de> for $name<'_> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($what)
            }

            $($visit)+
        }
    };
}

seed! { Times, "a list of times", deserialize_seq {
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(OneTime(self.0))?.is_some() {}
        Ok(())
    }
} }

seed! { OneTime, "a time", deserialize_map {
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let table = self.0;
        let first = table.participants.len();
        let (mut start, mut end, mut participants) = (None, None, None);
        let mut extra = Extra::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            let again = match key.as_str() {
                "start" => start.replace(map.next_value()?).map(|_| "start"),
                "end" => end.replace(map.next_value()?).map(|_| "end"),
                "participants" => {
                    participants.replace(map.next_value_seed(Participants(table))?).map(|()| "participants")
                }
                _ => {
                    extra.insert(key.into_string(), map.next_value()?);
                    None
                }
            };
            if let Some(name) = again {
                return Err(A::Error::duplicate_field(name));
            }
        }
        let start = start.ok_or_else(|| A::Error::missing_field("start"))?;
        let end = end.ok_or_else(|| A::Error::missing_field("end"))?;
        let participants = first..table.participants.len();
        table.times.push(Time { start, end, participants, extra });
        Ok(())
    }
} }

seed! { Participants, "a list of participants", deserialize_any {
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(OneParticipant(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
} }

seed! { OneParticipant, "a participant", deserialize_map {
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut sub = None;
        let mut extra = Extra::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            if key.as_str() != "sub" {
                extra.insert(key.into_string(), map.next_value()?);
            } else if sub.replace(self.0.place::<A::Error>(&map.next_value::<Str<'de>>()?)?).is_some() {
                return Err(A::Error::duplicate_field("sub"));
            }
        }
        let sub = sub.ok_or_else(|| A::Error::missing_field("sub"))?;
        self.0.participants.push(Present { sub, extra });
        Ok(())
    }
} }

impl<'de> Deserialize<'de> for Availability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Answer)
    }
}

struct Answer;

impl<'de> Visitor<'de> for Answer {
    type Value = Availability;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    /// Of two lists, nobody could say which one is meant.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Availability, A::Error> {
        let mut table = Table::default();
        let (mut list, mut member_statuses) = (None, None);
        let mut extra = Extra::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            let named = [List::Periods, List::Slots].into_iter().find(|list| list.name() == key.as_str());
            match (named, list) {
                (Some(named), None) => {
                    map.next_value_seed(Times(&mut table))?;
                    list = Some(named);
                }
                (Some(named), Some(_)) => return Err(A::Error::duplicate_field(named.name())),
                (None, _) if key.as_str() == "member_statuses" => {
                    if member_statuses.replace(map.next_value::<Option<_>>()?).is_some() {
                        return Err(A::Error::duplicate_field("member_statuses"));
                    }
                }
                _ => drop(extra.insert(key.into_string(), map.next_value()?)),
            }
        }
        let list = list.ok_or_else(|| A::Error::missing_field(List::Periods.name()))?;
        let Table { times, participants, subs, places: _ } = table;
        let member_statuses = member_statuses.flatten().unwrap_or_default();
        Ok(Availability { list, times, participants, subs, member_statuses, extra })
    }
}
