//! Profiles and calendars of a login, as the chosen access mode shows them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Login, Provider};
use crate::ids::Ids;

/// How much of a calendar the person lets the application see (docs: authorization/access-modes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessMode {
    ReadWrite,
    FreeBusy,
    NoAccess,
}

impl AccessMode {
    /// The value in the consent form.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ReadWrite => "read_write",
            Self::FreeBusy => "free_busy",
            Self::NoAccess => "no_access",
        }
    }
}

/// One connected calendar login inside an account.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) provider_name: &'static str,
    pub(crate) provider_service: &'static str,
    /// Usually the address; empty for accounts reached through Business Connect, as in its documentation.
    pub(crate) name: String,
    /// The address of the login behind it.
    pub(crate) login: String,
    pub(crate) calendars: Vec<Calendar>,
}

#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) readonly: bool,
    pub(crate) primary: bool,
    /// Whether the login's own events are in it.
    pub(crate) holds_events: bool,
}

/// Time that a login has taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Busy {
    pub(crate) when: When,
    pub(crate) status: BusyStatus,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    Timed {
        start: Timestamp,
        end: Timestamp,
    },
    /// From one day to another one that is not part of it.
    AllDay {
        start: Date,
        end: Date,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BusyStatus {
    Busy,
    Tentative,
    Free,
}

impl Profile {
    /// The profiles that a login has in an access mode: two in free/busy mode, the provider's one first
    /// because that is the one that the person used.
    pub(crate) fn of(login: &Login, mode: AccessMode, ids: &Ids) -> Vec<Self> {
        match (mode, login.provider.free_busy()) {
            (AccessMode::FreeBusy, Some(name)) => {
                vec![Self::build(login, name, name, ids), Self::hosted(login, ids)]
            }
            (AccessMode::NoAccess, _) => vec![Self::hosted(login, ids)],
            (AccessMode::ReadWrite | AccessMode::FreeBusy, _) => {
                vec![Self::build(login, login.provider.name(), login.provider.service(), ids)]
            }
        }
    }

    /// Whether it is Cronofy's own: the application may change everything in it, and nothing is shared with it.
    pub(crate) fn is_hosted(&self) -> bool {
        self.provider_name == Provider::Cronofy.name()
    }

    /// The calendar that Cronofy hosts for events that the application writes.
    pub(crate) fn hosted(login: &Login, ids: &Ids) -> Self {
        Self::build(login, Provider::Cronofy.name(), Provider::Cronofy.service(), ids)
    }

    fn build(login: &Login, name: &'static str, service: &'static str, ids: &Ids) -> Self {
        let id = ids.named("pro_", &format!("{}\0{service}", login.email), 16);
        let part = id.trim_start_matches("pro_").to_owned();
        let calendar = |label: &str, title: &str, readonly, primary, holds_events| Calendar {
            id: ids.named(&format!("cal_{part}_"), label, 22),
            name: title.to_owned(),
            readonly,
            primary,
            holds_events,
        };
        let calendars = if name == Provider::Cronofy.name() {
            vec![calendar("hosted", "Cronofy", false, true, false)]
        } else if name == login.provider.name() {
            vec![
                calendar("primary", &login.name, false, true, true),
                calendar("holidays", "Public holidays", true, false, false),
            ]
        } else {
            vec![calendar("primary", &login.name, true, true, true)]
        };
        Self {
            id,
            provider_name: name,
            provider_service: service,
            name: login.email.clone(),
            login: login.email.clone(),
            calendars,
        }
    }
}
