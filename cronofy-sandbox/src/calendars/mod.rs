//! Calendars and the events in them: what people, rooms and applications wrote.
//!
//! A login's calendars exist once, whoever is let in; what an application may see of them is its
//! [`Profile`]'s [`View`]. A hosted calendar belongs to one application.

mod change;
mod event;
mod invitation;
mod invitations;
mod own;
mod recurrence;
mod when;

pub(crate) use change::{Changed, Full};
pub(crate) use event::{
    Attendee, Conferencing, Event, Location, Managed, Participation, Person, Transparency,
};
pub(crate) use invitation::{Invitation, Mail};
pub use invitation::{InvitationAnswer, InvitationMailKind, InvitationState, InvitationUnanswerable};
pub(crate) use recurrence::{Ends, Frequency, Recurrence};
pub(crate) use when::{When, bounds, start_of};

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::Ids;
use crate::world::{Login, Profile, View};

/// Every calendar there is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calendars {
    all: BTreeMap<CalendarKey, Calendar>,
    /// Where each application, by its identifier, may touch events that it did not write (docs: events/edit-external-events).
    unrestricted: BTreeMap<String, BTreeSet<CalendarKey>>,
    invitations: invitations::Invitations,
}

/// Whose calendar, and which one of theirs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CalendarKey {
    pub(crate) owner: Owner,
    /// Unlike all others of the owner; part of what makes the identifier.
    pub(crate) label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// A login at its provider, by address.
    Login(String),
    /// Cronofy, for one application and one login.
    Hosted { client_id: String, login: String },
}

impl Owner {
    /// Whose calendars a profile shows to an application.
    pub(crate) fn of(client_id: &str, profile: &Profile) -> Self {
        let login = profile.login.clone();
        match profile.view {
            View::Whole | View::FreeBusy => Self::Login(login),
            View::Hosted => Self::Hosted { client_id: client_id.to_owned(), login },
        }
    }

    /// The address of the person behind it. An application calendar has none: its name begins with a NUL.
    pub(crate) fn person(&self) -> Option<&str> {
        let (Self::Login(login) | Self::Hosted { login, .. }) = self;
        (!login.starts_with('\0')).then_some(login)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    pub(crate) name: String,
    pub(crate) color: Option<String>,
    pub(crate) readonly: bool,
    pub(crate) primary: bool,
    pub(crate) deleted: bool,
    /// By uid. Deleted ones stay: `include_deleted` shows them.
    pub(crate) events: BTreeMap<String, Event>,
}

/// A calendar as one application sees it.
#[expect(clippy::struct_excessive_bools, reason = "the independent facts of a row")]
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) key: CalendarKey,
    pub(crate) name: String,
    pub(crate) readonly: bool,
    pub(crate) primary: bool,
    pub(crate) deleted: bool,
    pub(crate) hosted: bool,
    pub(crate) unrestricted: bool,
}

/// The label of everybody's first calendar.
const PRIMARY: &str = "primary";
/// The label of the one that Cronofy hosts.
const HOSTED: &str = "hosted";
/// Of one owner.
const MOST_CALENDARS: usize = 100;

impl Calendars {
    /// Opens what every login has, and gives its primary calendar.
    pub(crate) fn open_login(&mut self, login: &Login) -> CalendarKey {
        let owner = Owner::Login(login.email.clone());
        let key = |label: &str| CalendarKey { owner: owner.clone(), label: label.to_owned() };
        let holidays = Calendar { readonly: true, ..Calendar::named("Public holidays") };
        self.all.entry(key("holidays")).or_insert(holidays);
        let primary = Calendar { primary: true, ..Calendar::named(&login.name) };
        self.all.entry(key(PRIMARY)).or_insert(primary);
        key(PRIMARY)
    }

    /// Opens the calendar that Cronofy hosts for an application, unless it is there.
    pub(crate) fn open_hosted(&mut self, client_id: &str, login: &str, name: &str) {
        let owner = Owner::Hosted { client_id: client_id.to_owned(), login: login.to_owned() };
        let key = CalendarKey { owner, label: HOSTED.to_owned() };
        let calendar = Calendar { primary: true, ..Calendar::named(name) };
        self.all.entry(key).or_insert(calendar);
    }

    /// Opens one more calendar beside those of `owner`.
    pub(crate) fn open(&mut self, key: CalendarKey, calendar: Calendar) {
        self.all.insert(key, calendar);
    }

    /// Opens a calendar that an application makes, unless its owner has as many as the sandbox keeps.
    pub(crate) fn make(&mut self, owner: Owner, calendar: Calendar) -> Result<CalendarKey, Full> {
        let first = CalendarKey { owner: owner.clone(), label: String::new() };
        let number = self.all.range(first..).take_while(|(key, _)| key.owner == owner).count();
        if number >= MOST_CALENDARS {
            return Err(Full);
        }
        let key = CalendarKey { owner, label: format!("made {number}") };
        self.open(key.clone(), calendar);
        Ok(key)
    }

    pub(crate) fn get(&self, key: &CalendarKey) -> Option<&Calendar> {
        self.all.get(key)
    }

    /// Puts an event there as it is, over the one with its uid.
    pub(crate) fn put(&mut self, key: &CalendarKey, event: Event) {
        if let Some(calendar) = self.all.get_mut(key) {
            calendar.events.insert(event.uid.clone(), event);
        }
    }

    /// Lets an application touch everything in a calendar, or only what it wrote itself.
    pub(crate) fn set_unrestricted(&mut self, client_id: &str, key: &CalendarKey, unrestricted: bool) {
        if unrestricted {
            self.unrestricted.entry(client_id.to_owned()).or_default().insert(key.clone());
        } else if let Some(calendars) = self.unrestricted.get_mut(client_id) {
            calendars.remove(key);
        }
    }

    /// The calendars of a profile, the primary one first.
    pub(crate) fn seen(&self, client_id: &str, profile: &Profile, ids: &Ids) -> Vec<Seen> {
        let first = CalendarKey { owner: Owner::of(client_id, profile), label: String::new() };
        let unrestricted = self.unrestricted.get(client_id);
        let prefix = format!("cal_{}_", profile.part());
        let mut seen: Vec<Seen> = self
            .all
            .range(&first..)
            .take_while(|(key, _)| key.owner == first.owner)
            .filter(|_| profile.synced)
            .filter(|(_, calendar)| calendar.primary || profile.view != View::FreeBusy)
            .map(|(key, calendar)| Seen {
                id: ids.named(&prefix, &key.label, 22),
                key: key.clone(),
                name: calendar.name.clone(),
                readonly: calendar.readonly || profile.view == View::FreeBusy,
                primary: calendar.primary,
                deleted: calendar.deleted,
                hosted: profile.is_hosted(),
                unrestricted: profile.is_hosted()
                    || unrestricted.is_some_and(|calendars| calendars.contains(key)),
            })
            .collect();
        seen.sort_by_key(|calendar| !calendar.primary);
        seen
    }
}

impl Calendar {
    /// An empty one that can be written to.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            color: None,
            readonly: false,
            primary: false,
            deleted: false,
            events: BTreeMap::new(),
        }
    }
}
