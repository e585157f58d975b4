//! A page on which somebody picks a time, as it stands (`developers/api/scheduling/real-time-scheduling/status`).

use cronofy_types::{open_enum, open_enum_from_any_text};

use crate::events::EventLocation;
use crate::object::object;
use crate::time::EventTime;
use crate::{EventId, SchedulingLinkId, SchedulingToken, Tzid, Unshown};

object! {
    /// The answer to one.
    pub(super) struct LinkAnswer {
        /// It.
        real_time_scheduling: SchedulingLink,
    }
}

object! {
    /// A page on which somebody picks a time.
    pub struct SchedulingLink {
        /// Cronofy's name for it.
        real_time_scheduling_id: SchedulingLinkId,
        /// Where it is. Whoever knows it can pick.
        url: Unshown,
        /// What became of it. May be missing in the answer to its making.
        status: Option<LinkStatus> = text,
        /// The event as it is. May be missing in the answer to its making.
        event: Option<LinkedEvent> = absent,
    }
}

impl SchedulingLink {
    /// The last part of its URL, by which it is found where somebody comes back from it.
    pub fn token(&self) -> Option<SchedulingToken> {
        let (_, rest) = self.url.as_str().split_once("://")?;
        let (_, token) = rest.split(['?', '#']).next()?.rsplit_once('/')?;
        token.parse().ok()
    }
}

object! {
    /// The event that a page is for.
    pub struct LinkedEvent {
        /// The application's own name for it.
        event_id: Option<EventId> = text,
        /// Its title.
        summary: Option<String> = text,
        /// What else is said of it.
        description: Option<String> = text,
        /// When it starts, once that was picked.
        start: Option<EventTime> = time,
        /// When it ends, once that was picked.
        end: Option<EventTime> = time,
        /// The zone to show times in.
        tzid: Option<Tzid> = text,
        /// Where it is.
        location: Option<EventLocation> = absent,
        /// Whether others may not see it.
        event_private: bool = flag,
    }
}

open_enum! {
    /// What became of a page.
    pub enum LinkStatus {
        /// A time can be picked.
        Open = "open",
        /// One was picked.
        Completed = "completed",
        /// None can be picked any longer.
        Disabled = "disabled",
    }
}
open_enum_from_any_text!(LinkStatus);
