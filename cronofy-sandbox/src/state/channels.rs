//! Notification channels: where an application hears that something changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{GrantKey, State};
use crate::ids::Ids;

/// By account, each in the order in which they were opened. Closed ones are gone.
#[derive(Clone, Debug, Default)]
pub(super) struct Channels {
    opened: u64,
    by_owner: BTreeMap<GrantKey, Vec<Channel>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// `chn_` and 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) callback_url: String,
    pub(crate) filters: Filters,
}

/// What a channel is told of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    /// Empty for all calendars.
    pub(crate) calendar_ids: Vec<String>,
    /// Only events that the application manages.
    pub(crate) only_managed: bool,
}

/// Which channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChannelKey {
    pub(crate) owner: GrantKey,
    pub(crate) id: String,
}

/// What a request for a channel came to.
pub(crate) enum Opening {
    New(Channel),
    /// An identical one was there.
    Same(Channel),
    TooMany,
}

/// docs: push-notifications/create-channel.
const MOST_CHANNELS: usize = 128;

impl State {
    /// Opens a channel for an account, unless it has an identical one, or as many as it may have.
    pub(crate) fn open_channel(
        &mut self,
        ids: &Ids,
        owner: &GrantKey,
        callback_url: &str,
        filters: Filters,
    ) -> Opening {
        let channels = self.channels.by_owner.entry(owner.clone()).or_default();
        let identical =
            |channel: &&Channel| channel.callback_url == callback_url && channel.filters.same_as(&filters);
        if let Some(same) = channels.iter().find(identical) {
            return Opening::Same(same.clone());
        }
        if channels.len() >= MOST_CHANNELS {
            return Opening::TooMany;
        }
        self.channels.opened += 1;
        let id = ids.record("chn_", &self.channels.opened.to_string());
        let channel = Channel { id, callback_url: callback_url.to_owned(), filters };
        channels.push(channel.clone());
        Opening::New(channel)
    }

    pub(crate) fn channels_of(&self, owner: &GrantKey) -> &[Channel] {
        self.channels.by_owner.get(owner).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everybody who has channels.
    pub(crate) fn channel_owners(&self) -> Vec<GrantKey> {
        self.channels.by_owner.keys().cloned().collect()
    }

    pub(crate) fn has_channel(&self, key: &ChannelKey) -> bool {
        self.channels_of(&key.owner).iter().any(|channel| channel.id == key.id)
    }

    /// `false` if there is no such channel.
    pub(crate) fn close_channel(&mut self, key: &ChannelKey) -> bool {
        let Some(channels) = self.channels.by_owner.get_mut(&key.owner) else { return false };
        let before = channels.len();
        channels.retain(|channel| channel.id != key.id);
        channels.len() < before
    }

    pub(super) fn drop_channels_of(&mut self, ended: &BTreeSet<GrantKey>) {
        self.channels.by_owner.retain(|owner, _| !ended.contains(owner));
    }
}

impl Channel {
    /// The channel as the API writes it, with those filters that are not the default.
    pub(crate) fn body(&self) -> Value {
        let mut filters = json!({});
        if !self.filters.calendar_ids.is_empty() {
            filters["calendar_ids"] = json!(self.filters.calendar_ids);
        }
        if self.filters.only_managed {
            filters["only_managed"] = json!(true);
        }
        json!({ "channel_id": self.id, "callback_url": self.callback_url, "filters": filters })
    }
}

impl Filters {
    /// Whether they let the same through.
    fn same_as(&self, other: &Self) -> bool {
        let calendars = |filters: &Self| filters.calendar_ids.iter().cloned().collect::<BTreeSet<_>>();
        self.only_managed == other.only_managed && calendars(self) == calendars(other)
    }
}
