//! `POST /v1/channels`.
//!
//! Makes a channel, by which an account's notifications come (`developers/api/push-notifications/create-channel`). A
//! `verification` is posted to it at once. An account has at most 128, and one is enough.

use core::fmt;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{CalendarId, CallbackUrl, Channel, Timestamp};
use serde::{Deserialize, Serialize};

use crate::credential::{Caller, ForAccount};

/// Makes a channel, or finds the one that was made alike.
#[derive(Clone)]
pub struct CreateChannel {
    caller: Caller,
    callback_url: CallbackUrl,
    filters: Filters,
}

impl CreateChannel {
    /// Posts to this URL whatever happens in the calendars of an account.
    pub fn new(who: impl ForAccount, callback_url: CallbackUrl) -> Self {
        Self { caller: who.into_caller(), callback_url, filters: Filters::default() }
    }

    /// Tells of this calendar, and of any others that are named. Without any, all are meant.
    pub fn calendar(mut self, calendar: CalendarId) -> Self {
        self.filters.calendar_ids.push(calendar);
        self
    }

    /// Tells of the application's own events alone.
    pub fn only_managed(mut self) -> Self {
        self.filters.only_managed = true;
        self
    }
}

/// Without the URL: Cronofy offers to put a secret in it (`developers/push-notifications/authentication`).
impl fmt::Debug for CreateChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, filters, .. } = self;
        f.debug_struct("CreateChannel")
            .field("caller", caller)
            .field("filters", filters)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    callback_url: &'a CallbackUrl,
    #[serde(skip_serializing_if = "Filters::let_all_through")]
    filters: &'a Filters,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Filters {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calendar_ids: Vec<CalendarId>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    only_managed: bool,
}

impl Filters {
    fn let_all_through(&self) -> bool {
        self.calendar_ids.is_empty() && !self.only_managed
    }
}

impl Endpoint for CreateChannel {
    type Output = Channel;

    // The second time it is the channel that is there.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, callback_url, filters } = self;
        caller.post("/v1/channels").json(&RequestBody { callback_url, filters })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Channel, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            channel: Channel,
        }

        read_json("new channel", &response, now).map(|body: ResponseBody| body.channel)
    }
}
