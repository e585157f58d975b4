//! `GET /v1/scheduling_conversations?token=`.
//!
//! The conversation that somebody comes back from, and who that is. Known from Cronofy's own clients alone: the token
//! comes with a redirect.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::conversation::{ConversationParticipant, SchedulingConversation};
use crate::SchedulingToken;
use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks for a conversation by the token that came with somebody.
#[derive(Debug, Clone)]
pub struct FindSchedulingConversation {
    caller: Caller,
    token: SchedulingToken,
}

impl FindSchedulingConversation {
    /// Asks for the conversation with this token.
    pub fn new(who: impl ForAccount, token: SchedulingToken) -> Self {
        Self { caller: who.into_caller(), token }
    }
}

object! {
    /// A conversation, and who comes back from it.
    pub struct FoundConversation {
        /// Who comes back.
        participant: Option<ConversationParticipant> = absent,
        /// The conversation.
        scheduling_conversation: SchedulingConversation,
    }
}

impl Endpoint for FindSchedulingConversation {
    type Output = FoundConversation;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/scheduling_conversations").query("token", self.token.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<FoundConversation, Error> {
        read_json("scheduling conversation", &response, now)
    }
}
