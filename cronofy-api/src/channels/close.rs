//! `DELETE /v1/channels/{channel_id}`.
//!
//! Closes a channel (`developers/api/push-notifications/close-channel`). One that is unknown, or closed, is a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::{ChannelId, Timestamp};

use crate::credential::{Caller, ForAccount};

/// Closes a channel.
#[derive(Debug, Clone)]
pub struct CloseChannel {
    caller: Caller,
    channel: ChannelId,
}

impl CloseChannel {
    /// Closes a channel of an account.
    pub fn new(who: impl ForAccount, channel: ChannelId) -> Self {
        Self { caller: who.into_caller(), channel }
    }
}

impl Endpoint for CloseChannel {
    type Output = ();

    // What is closed cannot close again: at worst the second answer is a 404.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.delete("/v1/channels/").segment(self.channel.as_str()).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
