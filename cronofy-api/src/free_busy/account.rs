//! What an account consists of, as userinfo lists it (`developers/api/identity/userinfo`; Free/Busy Access).

use cronofy_types::{CalendarId, Profile, ProfileCalendar, ProviderName, ProviderService, Userinfo};

/// How much of a profile an application sees, and what becomes of what it writes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// A person's own calendars with all that is in them; what is written is there at once.
    Full,
    /// A person's own calendars, of which only the times are shown. Nothing can be written.
    FreeBusy,
    /// Calendars that Cronofy hosts. For a person, what is written there is sent as an invitation by e-mail, and only
    /// when it is accepted, the person's own calendar knows of it. An application calendar is hosted as well.
    Hosted,
}

impl ProfileKind {
    /// The kind of a profile, which its provider tells and the scope of a token does not.
    pub fn of(profile: &Profile) -> Self {
        let service = profile.provider_service.as_ref().map(ProviderService::as_str);
        let mut names = [Some(profile.provider_name.as_str()), service].into_iter().flatten();
        if names.any(|name| name.ends_with("_free_busy")) {
            Self::FreeBusy
        } else if profile.provider_name == ProviderName::Cronofy {
            Self::Hosted
        } else {
            Self::Full
        }
    }
}

/// The profiles of an account by their kind.
#[derive(Debug, Clone, Copy)]
pub struct AccountProfiles<'a>(&'a [Profile]);

impl<'a> AccountProfiles<'a> {
    /// The profiles that userinfo lists.
    pub fn of(userinfo: &'a Userinfo) -> Self {
        Self(&userinfo.data.profiles)
    }

    /// Those of one kind.
    pub fn of_kind(self, kind: ProfileKind) -> impl Iterator<Item = &'a Profile> {
        self.0.iter().filter(move |profile| ProfileKind::of(profile) == kind)
    }

    /// Whether there is one that shows free/busy times alone.
    pub fn is_free_busy(self) -> bool {
        self.of_kind(ProfileKind::FreeBusy).next().is_some()
    }

    /// The calendars of all profiles, without those that are gone; `None` as long as userinfo does not name them all:
    /// a profile is still to be synchronised, or has none yet, or the one that Cronofy hosts beside one that shows
    /// free/busy times alone is not there yet.
    pub fn calendars(self) -> Option<Vec<&'a CalendarId>> {
        let unknown = |profile: &Profile| {
            profile.profile_initial_sync_required == Some(true) || profile.profile_calendars.is_empty()
        };
        let without_hosted = self.is_free_busy() && self.of_kind(ProfileKind::Hosted).next().is_none();
        if self.0.is_empty() || without_hosted || self.0.iter().any(unknown) {
            return None;
        }
        let all = self.0.iter().flat_map(|profile| &profile.profile_calendars);
        Some(
            all.filter(|calendar| !calendar.calendar_deleted).map(|calendar| &calendar.calendar_id).collect(),
        )
    }

    /// Where an event for the account's owner belongs: the main calendar of a profile that is shown in full, or
    /// another that can be written to; else the one that Cronofy hosts, from which it is sent as an invitation.
    pub fn booking_calendar(self) -> Option<&'a CalendarId> {
        let writable =
            |calendar: &&ProfileCalendar| !calendar.calendar_readonly && !calendar.calendar_deleted;
        [ProfileKind::Full, ProfileKind::Hosted].into_iter().find_map(|kind| {
            let calendars = self.of_kind(kind).flat_map(|profile| &profile.profile_calendars);
            let best = calendars.filter(writable).min_by_key(|calendar| !calendar.calendar_primary);
            best.map(|calendar| &calendar.calendar_id)
        })
    }

    /// Profiles of which Cronofy knows too little for an answer to be right: they are no longer connected, and their
    /// owner should link them again, or they are still to be synchronised.
    pub fn unreliable(self) -> impl Iterator<Item = &'a Profile> {
        self.0.iter().filter(|profile| {
            profile.profile_connected == Some(false) || profile.profile_initial_sync_required == Some(true)
        })
    }
}
