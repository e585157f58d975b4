//! Events that others register for, of each application (docs: scheduling/bookable-events).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::State;

/// An event that others register for.
#[derive(Clone, Debug)]
pub(crate) struct BookableEvent {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) status: &'static str,
    pub(crate) capacity: usize,
    /// In the order in which they came.
    pub(crate) registrations: Vec<Registration>,
}

#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) metadata: Option<Map<String, Value>>,
}

/// Events that an application has, or registrations that an event has, are as many as they may be.
#[derive(Debug)]
pub(crate) struct TooMany;

/// Bounds on what they take (sandbox choice: not documented).
const MOST: usize = 1000;

impl BookableEvent {
    /// How many are counted against the capacity.
    pub(crate) fn registered(&self) -> usize {
        self.registrations.iter().filter(|registration| counts(registration.status)).count()
    }

    /// Whether a registration can have this status without being one too many.
    pub(crate) fn has_room(&self, id: &str, status: &str) -> bool {
        let others = self.registrations.iter().filter(|registration| registration.id != id);
        !counts(status) || others.filter(|other| counts(other.status)).count() < self.capacity
    }

    /// The registration of this name, which is made if it is not there.
    pub(crate) fn registration(&mut self, id: &str) -> Result<&mut Registration, TooMany> {
        let place = match self.registrations.iter().position(|registration| registration.id == id) {
            Some(place) => place,
            None if self.registrations.len() >= MOST => return Err(TooMany),
            None => {
                self.registrations.push(Registration {
                    id: id.to_owned(),
                    status: "removed",
                    metadata: None,
                });
                self.registrations.len() - 1
            }
        };
        Ok(&mut self.registrations[place])
    }
}

/// Whether a registration of this status takes one of the places (docs: scheduling/bookable-events/read).
fn counts(status: &str) -> bool {
    !matches!(status, "declined" | "removed")
}

impl State {
    pub(crate) fn bookable_event(&mut self, client_id: &str, id: &str) -> Option<&mut BookableEvent> {
        self.bookable_events.get_mut(&(client_id.to_owned(), id.to_owned()))
    }

    /// Makes the event of this name, or changes it: its registrations stay.
    pub(crate) fn put_bookable_event(
        &mut self,
        client_id: &str,
        id: &str,
        mut event: BookableEvent,
    ) -> Result<&BookableEvent, TooMany> {
        let of_application = self.bookable_events.keys().filter(|(owner, _)| owner == client_id).count();
        let key = (client_id.to_owned(), id.to_owned());
        let before = self.bookable_events.remove(&key);
        if before.is_none() && of_application >= MOST {
            return Err(TooMany);
        }
        event.registrations = before.map(|before| before.registrations).unwrap_or_default();
        Ok(self.bookable_events.entry(key).or_insert(event))
    }
}
