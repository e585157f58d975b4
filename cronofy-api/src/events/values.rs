//! The lists of values that events have (`developers/api/events/read-events`). Where Cronofy itself says `unknown`,
//! that is `Uncertain` here: it is no unknown value.

use cronofy_types::{open_enum, open_enum_from_any_text};

open_enum! {
    /// Whether somebody comes.
    pub enum ParticipationStatus {
        /// Has not answered.
        NeedsAction = "needs_action",
        /// Comes.
        Accepted = "accepted",
        /// Does not.
        Declined = "declined",
        /// May come.
        Tentative = "tentative",
        /// The provider does not say.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(ParticipationStatus);

open_enum! {
    /// Whether an event takes the time that it stands at.
    pub enum Transparency {
        /// Busy.
        Opaque = "opaque",
        /// Free.
        Transparent = "transparent",
        /// The provider does not say.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(Transparency);

open_enum! {
    /// The same in more words, where the provider has them.
    pub enum ExtendedTransparency {
        /// Busy.
        Opaque = "opaque",
        /// Free.
        Transparent = "transparent",
        /// Perhaps busy.
        Tentative = "tentative",
        /// Away.
        OutOfOffice = "out_of_office",
        /// At work, in another place.
        WorkingElsewhere = "working_elsewhere",
        /// The provider does not say. Only in answers.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(ExtendedTransparency);

open_enum! {
    /// Whether an event takes place.
    pub enum EventStatus {
        /// It does.
        Confirmed = "confirmed",
        /// It may.
        Tentative = "tentative",
        /// It does not.
        Cancelled = "cancelled",
        /// The provider does not say.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(EventStatus);
