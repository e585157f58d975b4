//! `POST /v1/smart_invites`, with the `method` `remove`.
//!
//! Takes somebody off an invitation to many (alpha: `developers/api-alpha/smart-invites/multiple-recipients`). What the
//! file for him or her is called in the answer is shown by no page: it is in
//! [`InviteAttachments::extra`](super::InviteAttachments).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{EmailAddress, Timestamp};
use serde::Serialize;

use super::invite::SmartInvite;
use super::recipients::Recipient;
use crate::SmartInviteId;
use crate::credential::{ApiKey, Caller, Sealed};

/// Takes somebody off an invitation.
#[derive(Debug, Clone)]
pub struct RemoveSmartInviteRecipient {
    caller: Caller,
    invite: SmartInviteId,
    recipient: Recipient,
}

impl RemoveSmartInviteRecipient {
    /// Takes this address off an invitation that is to others too.
    pub fn new(key: &ApiKey, invite: SmartInviteId, recipient: EmailAddress) -> Self {
        Self { caller: key.into_caller(), invite, recipient: recipient.into() }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    method: &'static str,
    smart_invite_id: &'a SmartInviteId,
    recipient: &'a Recipient,
}

impl Endpoint for RemoveSmartInviteRecipient {
    /// The invitation as it is now.
    type Output = SmartInvite;

    // Who is off it cannot be taken off again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, invite, recipient } = self;
        let body = RequestBody { method: "remove", smart_invite_id: invite, recipient };
        caller.post("/v1/smart_invites").json(&body)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SmartInvite, Error> {
        read_json("smart invite", &response, now)
    }
}
