//! Writing an answer as it came, for whoever keeps it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Availability, Available, AvailableTimes, Participant};

impl Serialize for Availability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.list.name(), &self.iter())?;
        if !self.member_statuses.is_empty() {
            map.serialize_entry("member_statuses", &self.member_statuses)?;
        }
        for (name, value) in self.extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for AvailableTimes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.clone())
    }
}

impl Serialize for Available<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Participants<'a>(Available<'a>);

        impl Serialize for Participants<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.participants())
            }
        }

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("start", self.start())?;
        map.serialize_entry("end", self.end())?;
        map.serialize_entry("participants", &Participants(*self))?;
        for (name, value) in self.extra().iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Participant<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("sub", self.sub())?;
        for (name, value) in self.extra().iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
