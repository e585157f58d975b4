//! `GET {slots_list_url}`.
//!
//! The times that somebody in a conversation can select (alpha:
//! `developers/api-alpha/scheduling-conversations/list-slots`). Cronofy says where, in the participant's
//! [`possible_actions`](super::ConversationParticipant::possible_actions).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::conversation::{Action, Slot};
use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks which times can be selected.
#[derive(Debug, Clone)]
pub struct ListSlots {
    caller: Caller,
    action: Action,
}

impl ListSlots {
    /// Asks there, which has to be on the server that the credential is for.
    pub fn new(who: impl ForAccount, slots_list: Action) -> Self {
        Self { caller: who.into_caller(), action: slots_list }
    }
}

object! {
    /// The times that somebody can select.
    pub struct Slots {
        /// In the order in which they came.
        slots: Vec<Slot>,
    }
}

impl Endpoint for ListSlots {
    type Output = Slots;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let path = self.action.path(self.caller.data_center())?;
        self.caller.get(path).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Slots, Error> {
        read_json("slots", &response, now)
    }
}
