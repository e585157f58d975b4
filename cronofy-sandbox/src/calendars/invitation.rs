//! One person's invitation to one event, and the words about it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CalendarKey, Event, Participation, When};

/// One person's invitation to one event.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    /// Where the application wrote the event, and which one it is.
    pub(crate) calendar: CalendarKey,
    pub(crate) uid: String,
    pub(crate) email: String,
    pub(crate) state: InvitationState,
    /// Oldest first; there is at least one.
    pub(crate) mails: Vec<Mail>,
    /// The uid of the copy in the person's own calendar, while there is one.
    pub(crate) copy: Option<String>,
}

/// What the person said to an invitation last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InvitationState {
    /// Nothing yet, or nothing since the event was moved.
    NeedsAction,
    /// It is in their own calendar.
    Accepted,
    /// It is in their own calendar, and may not take place.
    Tentative,
    /// They do not come.
    Declined,
    /// They did nothing, and will not.
    Ignored,
    /// The application deleted the event.
    Cancelled,
}

/// What was mailed, and when.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) kind: InvitationMailKind,
    pub(crate) sent: Timestamp,
    pub(crate) summary: String,
    pub(crate) when: When,
}

/// Why a mail was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InvitationMailKind {
    /// There is an event to come to.
    Invitation,
    /// It is different now.
    Update,
    /// It does not take place.
    Cancellation,
}

/// What a person does with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InvitationAnswer {
    /// Comes: the event is in their own calendar from now on.
    Accept,
    /// Comes perhaps: it is in their own calendar, too.
    Tentative,
    /// Does not come. A copy in their own calendar goes.
    Decline,
    /// Lets it lie.
    Ignore,
}

/// Why an answer could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvitationUnanswerable {
    /// There is no such invitation.
    Unknown,
    /// The application deleted the event.
    Cancelled,
    /// It was answered, so it cannot be ignored any more.
    Answered,
    /// The person's own calendar takes no more events.
    Full,
}

impl fmt::Display for InvitationUnanswerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such invitation",
            Self::Cancelled => "the event was cancelled",
            Self::Answered => "the invitation was answered, so it cannot be ignored any more",
            Self::Full => "the person's own calendar takes no more events",
        })
    }
}

impl std::error::Error for InvitationUnanswerable {}

/// Mails of one invitation that are remembered.
const MOST_MAILS: usize = 20;
impl Invitation {
    /// Remembers one more mail.
    pub(super) fn mail(&mut self, kind: InvitationMailKind, event: &Event, now: Timestamp) {
        let mail = Mail { kind, sent: now, summary: event.summary.clone(), when: event.when };
        self.mails.push(mail);
        let surplus = self.mails.len().saturating_sub(MOST_MAILS);
        self.mails.drain(..surplus);
    }
}

impl InvitationState {
    /// What the event says about the person.
    pub(super) fn participation(self) -> Participation {
        match self {
            Self::NeedsAction | Self::Ignored | Self::Cancelled => Participation::NeedsAction,
            Self::Accepted => Participation::Accepted,
            Self::Tentative => Participation::Tentative,
            Self::Declined => Participation::Declined,
        }
    }
}

impl From<InvitationAnswer> for InvitationState {
    fn from(answer: InvitationAnswer) -> Self {
        match answer {
            InvitationAnswer::Accept => Self::Accepted,
            InvitationAnswer::Tentative => Self::Tentative,
            InvitationAnswer::Decline => Self::Declined,
            InvitationAnswer::Ignore => Self::Ignored,
        }
    }
}
