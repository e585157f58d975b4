//! A request that people pick a time (beta: `developers/api/scheduling-requests/query`).

use cronofy_types::{open_enum, open_enum_from_any_text};

use crate::object::object;
use crate::time::Duration;
use crate::{SchedulingRequestId, Unshown};

object! {
    /// The answer to a new request. No page of it can be read to its end, so whatever it is, it is taken: what is not
    /// where the page of queries shows it is in `extra`.
    pub struct CreatedSchedulingRequest {
        /// The request.
        scheduling_request: Option<SchedulingRequest> = absent,
    }
}

object! {
    /// A request that people pick a time.
    pub struct SchedulingRequest {
        /// Cronofy's name for it.
        scheduling_request_id: Option<SchedulingRequestId> = text,
        /// Whether a time was picked.
        slot_selection: Option<SlotSelection> = text,
        /// Where the time is picked.
        primary_select_url: Option<Unshown> = text,
        /// Where the host looks after it.
        dashboard_url: Option<Unshown> = text,
        /// Its title.
        summary: Option<String> = text,
        /// How long the meeting is to be.
        duration: Option<Duration> = absent,
        /// Where its recipients do what with it.
        recipient_operations: Option<RecipientOperations> = absent,
        /// Who is asked.
        recipients: Vec<AskedRecipient> = default,
    }
}

object! {
    /// Where recipients do what with a request.
    pub struct RecipientOperations {
        /// Look at it.
        view_url: Option<Unshown> = text,
        /// Decline it.
        decline_url: Option<Unshown> = text,
        /// Pick another time.
        reschedule_url: Option<Unshown> = text,
    }
}

object! {
    /// Somebody who is asked.
    pub struct AskedRecipient {
        /// The address.
        email: Option<String> = text,
        /// The name.
        display_name: Option<String> = text,
        /// Whether it is he or she who picks the time.
        slot_selector: bool = flag,
        /// Where he or she picks it.
        select_url: Option<Unshown> = text,
    }
}

open_enum! {
    /// Whether a time was picked.
    pub enum SlotSelection {
        /// Not yet.
        Pending = "pending",
        /// It was.
        Complete = "complete",
    }
}
open_enum_from_any_text!(SlotSelection);
