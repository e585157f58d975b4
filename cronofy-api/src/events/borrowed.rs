//! Events as pieces of the body that they came in: for whoever reads many and keeps few.
//!
//! What is made of text is text here, as it came: `parse` makes an instant of it, `from` a value of a list. So nothing
//! is looked into that nobody asks for, and an odd text is nobody's trouble.

use cronofy_auth_core::NextPage;
use cronofy_types::{Pages, ParseError, from_json};

use super::event::{EventConferencing, EventOptions};
use crate::object::object;
use crate::text::Str;
use crate::time::EventTimeRef;

object! {
    /// One page of events, in the body that [`Raw`](crate::Raw) hands out.
    pub struct EventsPageRef<'a> {
        /// Where it stands.
        pages: Pages = default,
        /// What is on it.
        events: Vec<EventRef<'a>>,
    }
}

impl<'a> EventsPageRef<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// Says what was wrong and where, never what stood there.
    pub fn parse(body: &'a [u8]) -> Result<Self, ParseError> {
        from_json("events page", body)
    }

    /// The page after this one, for [`Paged::at`](crate::core::Paged::at), where it is checked before it is asked for.
    pub fn next_page(&self) -> Option<NextPage> {
        self.pages.next_page.as_deref().filter(|url| !url.is_empty()).map(NextPage::new)
    }
}

object! {
    /// As [`Event`](super::Event), member by member.
    pub struct EventRef<'a> {
        /// The calendar that it is in.
        calendar_id: Str<'a>,
        /// Cronofy's name for it.
        event_uid: Str<'a>,
        /// The application's own name for it, if it made it.
        event_id: Option<Str<'a>> = piece,
        /// Google's names for it, if they were asked for.
        google_event_id: Option<Str<'a>> = piece,
        /// Its title.
        summary: Option<Str<'a>> = piece,
        /// What else is said of it.
        description: Option<Str<'a>> = piece,
        /// When it starts.
        start: Option<EventTimeRef<'a>> = piece,
        /// When it ends.
        end: Option<EventTimeRef<'a>> = piece,
        /// Whether it was deleted.
        deleted: bool = flag,
        /// When it was made.
        created: Option<Str<'a>> = piece,
        /// When it was changed last.
        updated: Option<Str<'a>> = piece,
        /// Where it is.
        location: Option<LocationRef<'a>> = absent,
        /// Whether the account's owner comes.
        participation_status: Option<Str<'a>> = piece,
        /// Who is invited.
        attendees: Vec<AttendeeRef<'a>> = default,
        /// Who invites.
        organizer: Option<OrganizerRef<'a>> = absent,
        /// Whether it takes its time.
        transparency: Option<Str<'a>> = piece,
        /// The same in more words.
        extended_transparency: Option<Str<'a>> = piece,
        /// Whether it takes place.
        status: Option<Str<'a>> = piece,
        /// What its owner sorts it under.
        categories: Vec<Str<'a>> = default,
        /// Whether it is one of a series.
        recurring: bool = flag,
        /// What the events of a series have in common.
        series_identifier: Option<Str<'a>> = piece,
        /// Whether others may not see it.
        event_private: bool = flag,
        /// What the application may do with it.
        options: Option<EventOptions> = absent,
        /// A link to a meeting that was found in it.
        meeting_url: Option<Str<'a>> = piece,
        /// Its conference.
        conferencing: Option<Box<EventConferencing>> = absent,
    }
}

object! {
    /// As [`EventLocation`](super::EventLocation).
    pub struct LocationRef<'a> {
        /// In words.
        description: Option<Str<'a>> = piece,
        /// Degrees of latitude, as text.
        lat: Option<Str<'a>> = piece,
        /// Degrees of longitude.
        long: Option<Str<'a>> = piece,
    }
}

object! {
    /// As [`Attendee`](super::Attendee).
    pub struct AttendeeRef<'a> {
        /// The address.
        email: Option<Str<'a>> = piece,
        /// The name.
        display_name: Option<Str<'a>> = piece,
        /// Whether he or she comes.
        status: Option<Str<'a>> = piece,
    }
}

object! {
    /// As [`Organizer`](super::Organizer).
    pub struct OrganizerRef<'a> {
        /// The address.
        email: Option<Str<'a>> = piece,
        /// The name.
        display_name: Option<Str<'a>> = piece,
    }
}
