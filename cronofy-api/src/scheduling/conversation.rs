//! How far people have come in agreeing on a time (alpha: `developers/api-alpha/scheduling-conversations/read`).

use bytes::Bytes;
use cronofy_auth_core::{Error, Unsendable, read_with};
use cronofy_types::{DataCenter, Sub, Timestamp, from_json, open_enum, open_enum_from_any_text};

use crate::object::object;
use crate::time::{DateTime, Duration};
use crate::{ParticipantId, SchedulingConversationId, SlotId, Tzid, Unshown};

object! {
    /// How far people have come in agreeing on a time.
    pub struct SchedulingConversation {
        /// Cronofy's name for it. The answer to a selection has none.
        scheduling_conversation_id: Option<SchedulingConversationId> = text,
        /// Who is to agree; the first of them invites. The answer to its making may have none.
        participants: Vec<ConversationParticipant> = default,
        /// The zone of those who have none of their own.
        tzid: Option<Tzid> = text,
        /// What it is about.
        subject: Option<String> = text,
        /// How long the event is to be.
        required_duration: Option<Duration> = absent,
        /// Within which it is to be.
        available_periods: Vec<ConversationPeriod> = default,
        /// How far they have come.
        status: Option<ConversationStatus> = text,
        /// What they agreed on.
        chosen_slot: Option<ChosenSlot> = absent,
    }
}

object! {
    /// Somebody who is to agree.
    pub struct ConversationParticipant {
        /// The application's own name for him or her.
        participant_id: Option<ParticipantId> = text,
        /// The account.
        sub: Option<Sub> = text,
        /// The address.
        email: Option<String> = text,
        /// The name.
        common_name: Option<String> = text,
        /// What he or she selected, and how.
        slots: Option<ParticipantSlots> = absent,
        /// What is awaited of him or her.
        status: Option<ParticipantStatus> = text,
        /// What can be done for him or her now.
        possible_actions: Option<PossibleActions> = absent,
    }
}

object! {
    /// What somebody selected, and how.
    pub struct ParticipantSlots {
        /// How.
        selection_method: Option<SelectionMethod> = text,
        /// What.
        selected: Vec<Slot> = default,
    }
}

object! {
    /// A time that can be selected.
    pub struct Slot {
        /// By which it is selected.
        slot_id: SlotId,
        /// When it starts, in UTC.
        start: DateTime,
        /// When it ends, in UTC.
        end: DateTime,
    }
}

object! {
    /// The time that was agreed on.
    pub struct ChosenSlot {
        /// By which it was selected.
        available_slot_id: Option<SlotId> = text,
        /// When it starts, in UTC.
        start: Option<DateTime> = text,
        /// When it ends, in UTC.
        end: Option<DateTime> = text,
    }
}

object! {
    /// From one instant to another.
    pub struct ConversationPeriod {
        /// When it starts, in UTC.
        start: Option<DateTime> = text,
        /// When it ends, in UTC.
        end: Option<DateTime> = text,
    }
}

object! {
    /// What can be done for a participant: each where it is done.
    pub struct PossibleActions {
        /// [`ListSlots`](super::ListSlots).
        slots_list: Option<Action> = absent,
        /// [`SelectSlot`](super::SelectSlot).
        slots_select: Option<Action> = absent,
    }
}

object! {
    /// Where something can be done.
    pub struct Action {
        /// There.
        url: Unshown,
    }
}

impl Action {
    /// Its path, if it is on the server that the credentials are for.
    pub(super) fn path(&self, data_center: &DataCenter) -> Result<&str, Error> {
        let origin = data_center.api_origin();
        let (start, path) = self.url.as_str().split_at_checked(origin.len()).unwrap_or_default();
        if start.eq_ignore_ascii_case(origin) && path.starts_with('/') {
            return Ok(path);
        }
        Err(Unsendable::ForeignPage.into())
    }
}

open_enum! {
    /// How somebody selects a time.
    pub enum SelectionMethod {
        /// By being free.
        Auto = "auto",
        /// By saying so.
        Manual = "manual",
    }
}
open_enum_from_any_text!(SelectionMethod);

open_enum! {
    /// What is awaited of somebody.
    pub enum ParticipantStatus {
        /// That a time is selected.
        NeedsAction = "needs_action",
        /// Nothing: it is the turn of others.
        Waiting = "waiting",
        /// Nothing any longer.
        Complete = "complete",
    }
}
open_enum_from_any_text!(ParticipantStatus);

open_enum! {
    /// How far people have come.
    pub enum ConversationStatus {
        /// They have not agreed yet.
        InProgress = "in_progress",
    }
}
open_enum_from_any_text!(ConversationStatus);

object! {
    /// A conversation inside of another object.
    struct Wrapped {
        /// It.
        scheduling_conversation: Option<SchedulingConversation> = absent,
    }
}

/// Cronofy's pages show a conversation as it is; its client expects one inside of `scheduling_conversation`.
pub(super) fn read_conversation(
    response: &http::Response<Bytes>,
    now: Timestamp,
) -> Result<SchedulingConversation, Error> {
    read_with(response, now, |body| {
        let wrapped: Wrapped = from_json("scheduling conversation", body)?;
        wrapped.scheduling_conversation.map_or_else(|| from_json("scheduling conversation", body), Ok)
    })
}
