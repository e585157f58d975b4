//! A time of an account's calendars, as it is read (`developers/api/events/free-busy`).

use cronofy_types::{CalendarId, Pages, open_enum, open_enum_from_any_text};

use crate::object::object;
use crate::time::EventTime;
use crate::{EventId, EventUid};

open_enum! {
    /// Whether a time is taken.
    pub enum FreeBusyStatus {
        /// It is.
        Busy = "busy",
        /// It is not, though something stands there.
        Free = "free",
        /// It may be.
        Tentative = "tentative",
        /// The provider does not say.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(FreeBusyStatus);

impl FreeBusyStatus {
    /// Whether somebody could still be met then: of a time that may be taken, or of which nobody knows, that is no.
    pub fn is_free(&self) -> bool {
        matches!(self, Self::Free)
    }
}

object! {
    /// One page of times.
    pub(super) struct FreeBusyPage {
        /// Where it stands.
        pages: Pages = default,
        /// What is on it.
        free_busy: Vec<FreeBusyTime>,
    }
}

object! {
    /// The time of one event. Events that overlap are not put together, and one that was accepted by invitation can
    /// be in two calendars of an account.
    pub struct FreeBusyTime {
        /// The calendar that it is in.
        calendar_id: CalendarId,
        /// When it starts.
        start: Option<EventTime> = time,
        /// When it ends; of an event of whole days, the day after its last.
        end: Option<EventTime> = time,
        /// Whether it is taken.
        free_busy_status: Option<FreeBusyStatus> = text,
        /// The application's own name for the event, if it made it and identifiers were asked for.
        event_id: Option<EventId> = text,
        /// Cronofy's name for the event, if identifiers were asked for.
        event_uid: Option<EventUid> = text,
        /// Whether the event was deleted. Such events are left out unless they are asked for.
        deleted: bool = flag,
    }
}
