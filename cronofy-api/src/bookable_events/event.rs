//! An event that others register for (`developers/api/scheduling/bookable-events/read`).

use cronofy_types::{Extra, Pages, open_enum, open_enum_from_any_text};

use crate::object::object;
use crate::time::DateTime;
use crate::{BookableEventId, RegistrationId};

object! {
    /// An event that others register for.
    pub struct BookableEvent {
        /// The application's own name for it.
        bookable_event_id: BookableEventId,
        /// When it starts.
        start: Option<DateTime> = text,
        /// When it ends.
        end: Option<DateTime> = text,
        /// Whether it takes place.
        status: Option<BookableEventStatus> = text,
        /// Who registered, and how many may.
        registration: Registrations,
    }
}

open_enum! {
    /// Whether a bookable event takes place.
    pub enum BookableEventStatus {
        /// It does.
        Confirmed = "confirmed",
        /// It does not.
        Cancelled = "cancelled",
    }
}
open_enum_from_any_text!(BookableEventStatus);

object! {
    /// Who registered for an event, and how many may.
    pub struct Registrations {
        /// How many may; any number, if it is not there.
        capacity: Option<u64> = absent,
        /// How many did and were neither declined nor removed.
        registered_count: Option<u64> = absent,
        /// How many there are, whatever their status.
        total_count: Option<u64> = absent,
        /// Those of this page.
        registrations: Vec<Registration> = default,
        /// Where this page stands among others.
        pages: Option<Pages> = absent,
    }
}

object! {
    /// Somebody's wish to come.
    pub struct Registration {
        /// The application's own name for it; unique in its event.
        registration_id: RegistrationId,
        /// What became of it.
        status: Option<RegistrationStatus> = text,
        /// What the application said of it. Taken away when it is removed.
        metadata: Extra = default,
    }
}

open_enum! {
    /// What became of a registration (`developers/api/scheduling/bookable-events/registrations/upsert`).
    pub enum RegistrationStatus {
        /// Not confirmed yet.
        Pending = "pending",
        /// Comes.
        Accepted = "accepted",
        /// May come.
        Tentative = "tentative",
        /// Does not come.
        Declined = "declined",
        /// No longer there.
        Removed = "removed",
    }
}
open_enum_from_any_text!(RegistrationStatus);
