//! `POST /v1/smart_invites`, with the `method` `cancel`.
//!
//! Cancels an invitation (`developers/api/smart-invites/cancel-invite`). The file in the answer has to be mailed as the
//! invitation was, or it stays in the calendars of those invited.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{EmailAddress, Timestamp};
use serde::Serialize;

use super::invite::SmartInvite;
use super::recipients::Recipients;
use crate::SmartInviteId;
use crate::credential::{ApiKey, Caller, Sealed};

/// Cancels an invitation.
#[derive(Debug, Clone)]
pub struct CancelSmartInvite {
    caller: Caller,
    invite: SmartInviteId,
    recipients: Recipients,
}

impl CancelSmartInvite {
    /// Cancels one that is to this address.
    pub fn new(key: &ApiKey, invite: SmartInviteId, recipient: EmailAddress) -> Self {
        Self { caller: key.into_caller(), invite, recipients: Recipients::One(recipient.into()) }
    }

    /// Cancels one that is to all of these, as one of Cronofy's own clients does. Whether less than all may be named
    /// nobody says: see [`RemoveSmartInviteRecipient`](super::RemoveSmartInviteRecipient).
    pub fn to_many(
        key: &ApiKey,
        invite: SmartInviteId,
        recipients: impl IntoIterator<Item = EmailAddress>,
    ) -> Self {
        Self { caller: key.into_caller(), invite, recipients: Recipients::many(recipients) }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    method: &'static str,
    smart_invite_id: &'a SmartInviteId,
    #[serde(flatten)]
    recipients: &'a Recipients,
}

impl Endpoint for CancelSmartInvite {
    /// The invitation, with the file to mail.
    type Output = SmartInvite;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, invite, recipients } = self;
        recipients.check()?;
        let body = RequestBody { method: "cancel", smart_invite_id: invite, recipients };
        caller.post("/v1/smart_invites").json(&body)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SmartInvite, Error> {
        read_json("smart invite", &response, now)
    }
}
