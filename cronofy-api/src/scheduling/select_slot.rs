//! `POST {slots_select_url}`.
//!
//! Says which time somebody in a conversation selects (alpha:
//! `developers/api-alpha/scheduling-conversations/select-slots`). Cronofy says where, in the participant's
//! [`possible_actions`](super::ConversationParticipant::possible_actions); it takes a list, and one slot at most.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error};
use cronofy_types::Timestamp;
use serde::Serialize;

use super::conversation::{Action, SchedulingConversation, read_conversation};
use crate::SlotId;
use crate::credential::{Caller, ForAccount};

/// Selects a time.
#[derive(Debug, Clone)]
pub struct SelectSlot {
    caller: Caller,
    action: Action,
    slot: SlotId,
}

impl SelectSlot {
    /// Selects it there, which has to be on the server that the credential is for.
    pub fn new(who: impl ForAccount, slots_select: Action, slot: SlotId) -> Self {
        Self { caller: who.into_caller(), action: slots_select, slot }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    selected_slots: [SelectedSlot<'a>; 1],
}

#[derive(Serialize)]
struct SelectedSlot<'a> {
    slot_id: &'a SlotId,
}

impl Endpoint for SelectSlot {
    /// The conversation as it is now, without its name.
    type Output = SchedulingConversation;

    // The same slot cannot be selected twice: at worst the second answer is a refusal.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let path = self.action.path(self.caller.data_center())?;
        let selected_slots = [SelectedSlot { slot_id: &self.slot }];
        self.caller.post(path).json(&RequestBody { selected_slots })
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<SchedulingConversation, Error> {
        read_conversation(&response, now)
    }
}
