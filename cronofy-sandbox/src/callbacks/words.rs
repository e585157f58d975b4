//! What callbacks are about, and how far they come: the words of the control API.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What a callback is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackKind {
    /// The outcome of `POST /v1/service_account_authorizations`.
    ServiceAccountAuthorization,
    /// The outcome of `POST /v1/delegated_authorizations`.
    DelegatedAuthorization,
    /// To a new channel.
    ChannelVerification,
    /// Something changed in a calendar.
    ChannelChange,
    /// A calendar login does not work any more.
    ChannelProfileDisconnected,
    /// A calendar login was read for the first time.
    ChannelProfileInitialSyncCompleted,
    /// Somebody answered a smart invite.
    SmartInvite,
}

/// How far a callback came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackState {
    /// For its first or its next attempt.
    Waiting,
    /// An attempt is under way.
    InFlight,
    /// Answered 2xx.
    Delivered,
    /// Given up.
    Failed,
    /// Held back for good by a fault.
    Withheld,
    /// Its URL leads to where the sandbox does not send.
    NotSent,
}

impl CallbackKind {
    const ALL: [Self; 7] = [
        Self::ServiceAccountAuthorization,
        Self::DelegatedAuthorization,
        Self::ChannelVerification,
        Self::ChannelChange,
        Self::ChannelProfileDisconnected,
        Self::ChannelProfileInitialSyncCompleted,
        Self::SmartInvite,
    ];

    /// The word for it in JSON, such as `channel_change`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccountAuthorization => "service_account_authorization",
            Self::DelegatedAuthorization => "delegated_authorization",
            Self::ChannelVerification => "channel_verification",
            Self::ChannelChange => "channel_change",
            Self::ChannelProfileDisconnected => "channel_profile_disconnected",
            Self::ChannelProfileInitialSyncCompleted => "channel_profile_initial_sync_completed",
            Self::SmartInvite => "smart_invite",
        }
    }
}

impl CallbackState {
    const ALL: [Self; 6] =
        [Self::Waiting, Self::InFlight, Self::Delivered, Self::Failed, Self::Withheld, Self::NotSent];

    /// The word for it in JSON, such as `in_flight`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InFlight => "in_flight",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Withheld => "withheld",
            Self::NotSent => "not_sent",
        }
    }
}

/// The word was none of those there are. The message lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord(String);

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be one of {}", self.0)
    }
}

impl std::error::Error for UnknownWord {}

impl FromStr for CallbackKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| UnknownWord(Self::ALL.map(Self::as_str).join(", ")))
    }
}

impl FromStr for CallbackState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| UnknownWord(Self::ALL.map(Self::as_str).join(", ")))
    }
}

impl Serialize for CallbackKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for CallbackState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for kind in CallbackKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for state in CallbackState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        let refused = "flown".parse::<CallbackState>().map_err(|error| error.to_string());
        let listed = "must be one of waiting, in_flight, delivered, failed, withheld, not_sent";
        assert_eq!(refused, Err(listed.to_owned()));
    }
}
