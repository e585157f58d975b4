//! A page on which somebody picks times for a sequence, as it stands (beta:
//! `developers/api/scheduling/real-time-sequencing`).

use super::link::{LinkStatus, LinkedEvent};
use crate::object::object;
use crate::{SequencingLinkId, Unshown};

object! {
    /// The answer to one.
    pub(super) struct SequencingAnswer {
        /// It.
        real_time_sequencing: SequencingLink,
    }
}

object! {
    /// A page on which somebody picks times for a sequence.
    pub struct SequencingLink {
        /// Cronofy's name for it.
        real_time_sequencing_id: SequencingLinkId,
        /// Where it is. Whoever knows it can pick.
        url: Unshown,
        /// What became of it. May be missing in the answer to its making.
        status: Option<LinkStatus> = text,
        /// What the page is for, as a whole. May be missing in the answer to its making.
        event: Option<LinkedEvent> = absent,
    }
}
