//! Sequences that were found (beta: `developers/api/scheduling/sequenced-availability`).

use cronofy_types::Sub;

use crate::SequenceId;
use crate::object::object;
use crate::time::DateTime;

object! {
    /// Ways in which the events can follow each other.
    pub struct Sequences {
        /// One after the other.
        sequences: Vec<Sequence>,
    }
}

object! {
    /// One of these ways.
    pub struct Sequence {
        /// A time for each event.
        sequence: Vec<SequencedTime>,
    }
}

object! {
    /// When an event of a sequence can take place.
    pub struct SequencedTime {
        /// Which event it is.
        sequence_id: SequenceId,
        /// When it starts, in UTC.
        start: DateTime,
        /// When it ends, in UTC.
        end: DateTime,
        /// Who can come.
        participants: Vec<SequencedParticipant> = default,
    }
}

object! {
    /// Somebody who can come.
    pub struct SequencedParticipant {
        /// Who it is.
        sub: Sub,
    }
}
