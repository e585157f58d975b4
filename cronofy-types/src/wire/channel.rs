//! Where notifications of an account are sent: in every notification, and in the answers of `/v1/channels`
//! (`developers/push-notifications`).

use core::fmt;

use serde::{Deserialize, Serialize};

use super::extra::Extra;
use super::lenient::null_is_default;
use crate::{CalendarId, ChannelId};

/// Where notifications of an account are sent (`developers/push-notifications/create-channel`).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Channel {
    /// Its name.
    pub channel_id: ChannelId,
    /// Where it sends, as text: what to call was decided when the channel was made, and a URL that this
    /// version would not accept is no reason to lose a notification. `Debug` hides it, since Cronofy offers
    /// to put a secret in it (`developers/push-notifications/authentication`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Filters::is_empty")]
    pub filters: Filters,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("channel_id", &self.channel_id)
            .field("callback_url", &self.callback_url.as_ref().map(|_| "[redacted]"))
            .field("filters", &self.filters)
            .field("extra", &self.extra)
            .finish()
    }
}

/// What a channel is about. Cronofy writes only what differs from the default.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Filters {
    /// These calendars; absent, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_ids: Option<Vec<CalendarId>>,
    /// Only the events that the application made.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "core::ops::Not::not")]
    pub only_managed: bool,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Filters {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
