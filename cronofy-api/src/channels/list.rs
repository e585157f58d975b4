//! `GET /v1/channels`.
//!
//! The open channels of an account, not in pages (`developers/api/push-notifications/list-channels`). A channel whose
//! notifications were not taken for a day is closed by Cronofy, and no longer among them.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{Channel, Timestamp};

use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks for the channels of an account.
#[derive(Debug, Clone)]
pub struct ListChannels(Caller);

impl ListChannels {
    /// Asks for all that are open.
    pub fn new(who: impl ForAccount) -> Self {
        Self(who.into_caller())
    }
}

object! {
    /// The channels of an account.
    pub struct ChannelList {
        /// All that are open.
        channels: Vec<Channel>,
    }
}

impl Endpoint for ListChannels {
    type Output = ChannelList;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/channels").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<ChannelList, Error> {
        read_json("channels", &response, now)
    }
}
