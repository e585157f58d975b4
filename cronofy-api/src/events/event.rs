//! An event as it is read (`developers/api/events/read-events`).

use cronofy_types::{CalendarId, Pages};

use super::values::{EventStatus, ExtendedTransparency, ParticipationStatus, Transparency};
use crate::object::object;
use crate::time::{DateTime, EventTime};
use crate::{EventId, EventUid};

object! {
    /// One page of events.
    pub(super) struct EventsPage {
        /// Where it stands.
        pages: Pages = default,
        /// What is on it.
        events: Vec<Event>,
    }
}

object! {
    /// An event of any calendar of an account.
    ///
    /// Whatever Cronofy leaves out, and whatever stands where it cannot be meant, is `None`; the latter is in `extra`.
    pub struct Event {
        /// The calendar that it is in.
        calendar_id: CalendarId,
        /// Cronofy's name for it.
        event_uid: EventUid,
        /// The application's own name for it, if it made it.
        event_id: Option<EventId> = text,
        /// Google's names for it, if they were asked for.
        google_event_id: Option<String> = text,
        /// Its title. May be empty.
        summary: Option<String> = text,
        /// What else is said of it.
        description: Option<String> = text,
        /// When it starts.
        start: Option<EventTime> = time,
        /// When it ends; of an event of whole days, the day after its last.
        end: Option<EventTime> = time,
        /// Whether it was deleted. Such events are left out unless they are asked for.
        deleted: bool = flag,
        /// When it was made, as far as the provider knows: there are events of the year 0.
        created: Option<DateTime> = text,
        /// When it was changed last.
        updated: Option<DateTime> = text,
        /// Where it is.
        location: Option<EventLocation> = absent,
        /// Whether the account's owner comes.
        participation_status: Option<ParticipationStatus> = text,
        /// Who is invited.
        attendees: Vec<Attendee> = default,
        /// Who invites.
        organizer: Option<Organizer> = absent,
        /// Whether it takes its time.
        transparency: Option<Transparency> = text,
        /// The same in more words.
        extended_transparency: Option<ExtendedTransparency> = text,
        /// Whether it takes place.
        status: Option<EventStatus> = text,
        /// What its owner sorts it under.
        categories: Vec<String> = default,
        /// Whether it is one of a series.
        recurring: bool = flag,
        /// What the events of a series have in common.
        series_identifier: Option<String> = text,
        /// Whether others may not see it.
        event_private: bool = flag,
        /// What the application may do with it.
        options: Option<EventOptions> = absent,
        /// A link to a meeting that was found in it.
        meeting_url: Option<String> = text,
        /// Its conference.
        conferencing: Option<Box<EventConferencing>> = absent,
    }
}

object! {
    /// Where an event is.
    pub struct EventLocation {
        /// In words.
        description: Option<String> = text,
        /// Degrees of latitude, as text; if geographic locations were asked for.
        lat: Option<String> = text,
        /// Degrees of longitude.
        long: Option<String> = text,
    }
}

object! {
    /// Somebody who is invited.
    pub struct Attendee {
        /// The address.
        email: Option<String> = text,
        /// The name.
        display_name: Option<String> = text,
        /// Whether he or she comes.
        status: Option<ParticipationStatus> = text,
    }
}

object! {
    /// Who invites.
    pub struct Organizer {
        /// The address.
        email: Option<String> = text,
        /// The name.
        display_name: Option<String> = text,
    }
}

object! {
    /// What an application may do with an event (`developers/api/events/edit-external-events`).
    pub struct EventOptions {
        /// Delete it.
        delete: bool = flag,
        /// Change it.
        update: bool = flag,
        /// Say whether the account's owner comes.
        change_participation_status: bool = flag,
    }
}

object! {
    /// The conference of an event (`developers/api/conferencing-services/create`).
    pub struct EventConferencing {
        /// Who hosts it.
        provider_name: Option<String> = text,
        /// Where to join it, once it is set up.
        join_url: Option<String> = text,
        /// Whether it is still being set up.
        pending: bool = flag,
    }
}
