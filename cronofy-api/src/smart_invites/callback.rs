//! What is posted to the callback URL of an invitation (`developers/api/smart-invites/invite-callback`).

use cronofy_types::{Extra, NotificationKind, ParseError, Verified, from_json};

use super::invite::SmartInvite;
use crate::object::object;

const WHAT: &str = "smart invite callback";

/// Somebody answered an invitation.
///
/// It is read from bytes that were verified: it is signed as notifications are, and as `cronofy-webhook` verifies. It is
/// not `Deserialize`, so that no bytes become one without a proof.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmartInviteCallback {
    /// What it is about: [`SmartInvite`](NotificationKind::SmartInvite), as far as is known.
    pub kind: NotificationKind,
    /// The invitation, with what was answered in [`reply`](SmartInvite::reply).
    pub smart_invite: SmartInvite,
    /// Members of `notification` that this version has no name for.
    pub extra: Extra,
    /// Members beside `notification` and `smart_invite`.
    pub beside: Extra,
}

impl SmartInviteCallback {
    /// Reads a body that was verified.
    ///
    /// # Errors
    ///
    /// Refuses what is not JSON, has no `notification` with a `type` or no `smart_invite` with a name, repeats a member
    /// that is read, or gives one another shape. A type or a status that is not known is no error.
    pub fn parse(body: &Verified<'_>) -> Result<Self, ParseError> {
        let Body { notification, smart_invite, extra: beside } = from_json(WHAT, body.bytes())?;
        let Event { kind, extra } = notification;
        Ok(Self { kind, smart_invite, extra, beside })
    }
}

object! {
    /// All of it.
    struct Body {
        /// What it is about.
        notification: Event,
        /// The invitation.
        smart_invite: SmartInvite,
    }
}

object! {
    /// What it is about.
    struct Event {
        /// In a word.
        kind as "type": NotificationKind,
    }
}
