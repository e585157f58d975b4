//! A calendar as it is listed (`developers/api/calendars/list-calendars`).

use cronofy_types::{CalendarId, PermissionLevel, ProfileId, ProviderName, Sub};

use crate::object::object;

object! {
    /// The calendars of an account.
    pub struct CalendarList {
        /// Whose they are. Older answers do not say.
        sub: Option<Sub> = text,
        /// All of them, deleted ones too.
        calendars: Vec<Calendar>,
    }
}

object! {
    /// A calendar, with the profile that it is in.
    pub struct Calendar {
        /// By which events are read and written.
        calendar_id: CalendarId,
        /// What its owner calls it.
        calendar_name: Option<String> = text,
        /// Whether nothing can be written to it.
        calendar_readonly: bool = flag,
        /// Whether it was deleted. It stays in the list.
        calendar_deleted: bool = flag,
        /// Whether it is the main one of its profile.
        calendar_primary: bool = flag,
        /// Whether its provider makes conferences of its own.
        calendar_integrated_conferencing_available: bool = flag,
        /// Whether events in it can have files.
        calendar_attachments_available: bool = flag,
        /// Whether the application may touch events that it did not make.
        permission_level: Option<PermissionLevel> = text,
        /// The provider of its profile.
        provider_name: Option<ProviderName> = text,
        /// Its profile.
        profile_id: Option<ProfileId> = text,
        /// What the profile is called, mostly an address.
        profile_name: Option<String> = text,
    }
}

impl Calendar {
    /// Whether events can be put into it: it is neither read-only nor deleted
    /// (`developers/api/events/upsert-event`).
    pub fn is_writable(&self) -> bool {
        !self.calendar_readonly && !self.calendar_deleted
    }
}
