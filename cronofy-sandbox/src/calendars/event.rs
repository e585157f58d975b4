//! One event.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Recurrence, When};

/// An event in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// `evt_external_` and 24 hexadecimal digits.
    pub(crate) uid: String,
    /// Set where an application wrote it.
    pub(crate) managed: Option<Managed>,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) when: When,
    /// The zone in which its people think of it.
    pub(crate) tzid: Option<String>,
    pub(crate) location: Option<Location>,
    pub(crate) url: Option<String>,
    pub(crate) organizer: Option<Person>,
    pub(crate) attendees: Vec<Attendee>,
    /// What the owner of the calendar said to it.
    pub(crate) participation: Participation,
    pub(crate) transparency: Transparency,
    pub(crate) private: bool,
    pub(crate) recurrence: Option<Recurrence>,
    pub(crate) conferencing: Option<Conferencing>,
    pub(crate) deleted: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// Where it lay before it was moved: `include_moved` asks for those.
    pub(crate) moved_from: Vec<When>,
    /// What applications sent and no call gives back: reminders, color, subscriptions.
    pub(crate) kept: serde_json::Map<String, Value>,
}

/// The application that wrote an event, and its own name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Managed {
    pub(crate) client_id: String,
    pub(crate) event_id: String,
}

/// Coordinates are text on this wire.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) long: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attendee {
    pub(crate) person: Person,
    pub(crate) status: Participation,
}

/// Where people meet online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conferencing {
    pub(crate) provider_name: String,
    pub(crate) description: Option<String>,
    pub(crate) join_url: String,
}

/// The values of `participation_status` and of an attendee's `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Participation {
    NeedsAction,
    Accepted,
    Declined,
    Tentative,
}

/// The values of `extended_transparency`; `transparency` knows the first two only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transparency {
    Opaque,
    Transparent,
    Tentative,
    OutOfOffice,
    WorkingElsewhere,
}

impl Event {
    /// An event that the owner of the calendar has, with nothing but these.
    pub(crate) fn external(uid: String, summary: &str, when: When, written: Timestamp) -> Self {
        Self {
            uid,
            managed: None,
            summary: summary.to_owned(),
            description: String::new(),
            when,
            tzid: None,
            location: None,
            url: None,
            organizer: None,
            attendees: Vec::new(),
            participation: Participation::Accepted,
            transparency: Transparency::Opaque,
            private: false,
            recurrence: None,
            conferencing: None,
            deleted: false,
            created: written,
            updated: written,
            moved_from: Vec::new(),
            kept: serde_json::Map::new(),
        }
    }

    /// Whether this application wrote it.
    pub(crate) fn is_managed_by(&self, client_id: &str) -> bool {
        self.managed.as_ref().is_some_and(|managed| managed.client_id == client_id)
    }

    /// Whether somebody else asked the owner of the calendar to come.
    pub(crate) fn is_invitation_to(&self, owner: &str) -> bool {
        let is_owner = |person: &Person| person.email.eq_ignore_ascii_case(owner);
        self.attendees.iter().any(|attendee| is_owner(&attendee.person))
            && !self.organizer.as_ref().is_some_and(is_owner)
    }

    /// `free_busy_status`. A declined invitation takes no time (sandbox choice: not documented).
    pub(crate) fn free_busy_status(&self) -> &'static str {
        match (self.participation, self.transparency) {
            (Participation::Declined, _)
            | (_, Transparency::Transparent | Transparency::WorkingElsewhere) => "free",
            (Participation::Tentative, _) | (_, Transparency::Tentative) => "tentative",
            (_, Transparency::Opaque | Transparency::OutOfOffice) => "busy",
        }
    }
}

impl Participation {
    /// As the API writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NeedsAction => "needs_action",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Tentative => "tentative",
        }
    }
}
