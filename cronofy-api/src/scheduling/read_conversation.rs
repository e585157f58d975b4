//! `GET /v1/scheduling_conversations/{id}`.
//!
//! How far people have come in agreeing on a time (alpha: `developers/api-alpha/scheduling-conversations/read`). A
//! conversation that is unknown is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error};
use cronofy_types::Timestamp;

use super::conversation::{SchedulingConversation, read_conversation};
use crate::SchedulingConversationId;
use crate::credential::{Caller, ForAccount};

/// Asks how far people have come.
#[derive(Debug, Clone)]
pub struct ReadSchedulingConversation {
    caller: Caller,
    conversation: SchedulingConversationId,
}

impl ReadSchedulingConversation {
    /// Asks for the conversation that Cronofy calls so.
    pub fn new(who: impl ForAccount, conversation: SchedulingConversationId) -> Self {
        Self { caller: who.into_caller(), conversation }
    }
}

impl Endpoint for ReadSchedulingConversation {
    type Output = SchedulingConversation;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.get("/v1/scheduling_conversations/").segment(self.conversation.as_str()).build()
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<SchedulingConversation, Error> {
        read_conversation(&response, now)
    }
}
