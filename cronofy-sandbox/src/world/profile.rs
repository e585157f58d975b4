//! Profiles of a login: what the chosen access mode shows of it.

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
    pub(crate) view: View,
    /// Whether the provider still accepts the credentials. Without, calls that need the provider answer 423.
    pub(crate) connected: bool,
    /// Whether Cronofy has read its calendars. Before, none are there.
    pub(crate) synced: bool,
}

/// Which calendars a profile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// All of the login's, to read and to write.
    Whole,
    /// When the login is busy in its primary one, and nothing else.
    FreeBusy,
    /// None of the login's: the one that Cronofy hosts for this application.
    Hosted,
}

impl Profile {
    /// The profiles that a login has in an access mode: two in free/busy mode, the provider's one first
    /// because that is the one that the person used.
    pub(crate) fn of(login: &Login, mode: AccessMode, ids: &Ids) -> Vec<Self> {
        match (mode, login.provider.free_busy()) {
            (AccessMode::FreeBusy, Some(name)) => {
                vec![Self::build(login, name, name, View::FreeBusy, ids), Self::hosted(login, ids)]
            }
            (AccessMode::NoAccess, _) => vec![Self::hosted(login, ids)],
            (AccessMode::ReadWrite | AccessMode::FreeBusy, _) => {
                vec![Self::build(login, login.provider.name(), login.provider.service(), View::Whole, ids)]
            }
        }
    }

    /// Whether it is Cronofy's own: the application may change everything in it, and nothing is shared with it.
    pub(crate) fn is_hosted(&self) -> bool {
        self.view == View::Hosted
    }

    /// The part of the identifier that calendar identifiers repeat.
    pub(crate) fn part(&self) -> &str {
        self.id.trim_start_matches("pro_")
    }

    /// The profile of events that the application writes.
    fn hosted(login: &Login, ids: &Ids) -> Self {
        Self::build(login, Provider::Cronofy.name(), Provider::Cronofy.service(), View::Hosted, ids)
    }

    fn build(login: &Login, name: &'static str, service: &'static str, view: View, ids: &Ids) -> Self {
        Self {
            id: ids.named("pro_", &format!("{}\0{service}", login.email), 16),
            provider_name: name,
            provider_service: service,
            name: login.email.clone(),
            login: login.email.clone(),
            view,
            connected: true,
            synced: true,
        }
    }
}
