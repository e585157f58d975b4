//! Times as pieces of the body that they came in: for whoever reads many and keeps few.

use cronofy_auth_core::NextPage;
use cronofy_types::{Pages, ParseError, from_json};

use super::time::FreeBusyStatus;
use crate::object::object;
use crate::text::Str;
use crate::time::EventTime;

object! {
    /// One page of times, in the body that [`Raw`](crate::Raw) hands out.
    pub struct FreeBusyPageRef<'a> {
        /// Where it stands.
        pages: Pages = default,
        /// What is on it.
        free_busy: Vec<FreeBusyTimeRef<'a>>,
    }
}

impl<'a> FreeBusyPageRef<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// Says what was wrong and where, never what stood there.
    pub fn parse(body: &'a [u8]) -> Result<Self, ParseError> {
        from_json("free/busy page", body)
    }

    /// The page after this one, for [`Paged::at`](crate::core::Paged::at), where it is checked before it is asked for.
    pub fn next_page(&self) -> Option<NextPage> {
        self.pages.next_page.as_deref().filter(|url| !url.is_empty()).map(NextPage::new)
    }
}

object! {
    /// As [`FreeBusyTime`](super::FreeBusyTime), member by member.
    pub struct FreeBusyTimeRef<'a> {
        /// The calendar that it is in.
        calendar_id: Str<'a>,
        /// When it starts.
        start: Option<EventTime> = time,
        /// When it ends.
        end: Option<EventTime> = time,
        /// Whether it is taken.
        free_busy_status: Option<FreeBusyStatus> = text,
        /// The application's own name for the event.
        event_id: Option<Str<'a>> = piece,
        /// Cronofy's name for the event.
        event_uid: Option<Str<'a>> = piece,
        /// Whether the event was deleted.
        deleted: bool = flag,
    }
}
