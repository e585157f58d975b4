//! `GET /v1/smart_invites`.
//!
//! An invitation, and all that was answered (`developers/api/smart-invites/invite-status`).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{EmailAddress, Timestamp};

use super::invite::SmartInvite;
use crate::SmartInviteId;
use crate::credential::{ApiKey, Caller, Sealed};

/// Asks for one invitation.
#[derive(Debug, Clone)]
pub struct ReadSmartInvite {
    caller: Caller,
    invite: SmartInviteId,
    recipient: Option<EmailAddress>,
}

impl ReadSmartInvite {
    /// Asks for one that is to this address.
    pub fn new(key: &ApiKey, invite: SmartInviteId, recipient: EmailAddress) -> Self {
        Self { caller: key.into_caller(), invite, recipient: Some(recipient) }
    }

    /// Asks for one that is to many.
    pub fn to_many(key: &ApiKey, invite: SmartInviteId) -> Self {
        Self { caller: key.into_caller(), invite, recipient: None }
    }
}

impl Endpoint for ReadSmartInvite {
    type Output = SmartInvite;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let named = self.caller.get("/v1/smart_invites").query("smart_invite_id", self.invite.as_str());
        match &self.recipient {
            Some(email) => named.query("recipient_email", email.as_str()),
            None => named,
        }
        .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SmartInvite, Error> {
        read_json("smart invite", &response, now)
    }
}
