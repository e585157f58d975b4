//! `POST /v1/smart_invites`, with the `method` `request`.
//!
//! Makes an invitation, or changes it (`developers/api/smart-invites/create-smart-invite`). Cronofy mails nothing: the
//! file in the answer is the application's to mail, after every change.

use core::fmt;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{CallbackUrl, EmailAddress, Timestamp};
use serde::Serialize;

use super::invite::SmartInvite;
use super::recipients::{Recipient, Recipients};
use crate::SmartInviteId;
use crate::credential::{ApiKey, Caller, Sealed};
use crate::events::{EventDetails, EventSpan};

/// Makes or changes an invitation.
#[derive(Clone)]
pub struct UpsertSmartInvite {
    caller: Caller,
    invite: SmartInviteId,
    recipients: Recipients,
    span: EventSpan,
    details: EventDetails,
    organizer: Organizer,
    callback_url: Option<CallbackUrl>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
struct Organizer {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<EmailAddress>,
}

impl UpsertSmartInvite {
    /// Invites somebody to an event, under a name of the application's own. By the same name and address the invitation
    /// is changed later.
    ///
    /// Of the details, those that are known to count are summary, description, zone, location, URL, reminders,
    /// transparency and color. Nobody is invited by them.
    pub fn new(
        key: &ApiKey,
        invite: SmartInviteId,
        recipient: impl Into<Recipient>,
        span: impl Into<EventSpan>,
        details: EventDetails,
    ) -> Self {
        Self::to(key, invite, Recipients::One(recipient.into()), span.into(), details)
    }

    /// Invites all of them to one event (alpha: `developers/api-alpha/smart-invites/multiple-recipients`).
    pub fn to_many<R: Into<Recipient>>(
        key: &ApiKey,
        invite: SmartInviteId,
        recipients: impl IntoIterator<Item = R>,
        span: impl Into<EventSpan>,
        details: EventDetails,
    ) -> Self {
        Self::to(key, invite, Recipients::many(recipients), span.into(), details)
    }

    fn to(
        key: &ApiKey,
        invite: SmartInviteId,
        recipients: Recipients,
        span: EventSpan,
        details: EventDetails,
    ) -> Self {
        let caller = key.into_caller();
        Self {
            caller,
            invite,
            recipients,
            span,
            details,
            organizer: Organizer::default(),
            callback_url: None,
        }
    }

    /// The name of whoever invites.
    pub fn organizer(mut self, name: impl Into<String>) -> Self {
        self.organizer.name = Some(name.into());
        self
    }

    /// The address of whoever invites.
    pub fn organizer_email(mut self, email: EmailAddress) -> Self {
        self.organizer.email = Some(email);
        self
    }

    /// Posts to this URL whatever is answered, as [`SmartInviteCallback`](super::SmartInviteCallback) reads it.
    pub fn callback_url(mut self, callback_url: CallbackUrl) -> Self {
        self.callback_url = Some(callback_url);
        self
    }
}

/// Without the URL: there may be a secret in it, as in those of channels.
impl fmt::Debug for UpsertSmartInvite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, invite, recipients, span, details, organizer, callback_url: _ } = self;
        f.debug_struct("UpsertSmartInvite")
            .field("caller", caller)
            .field("invite", invite)
            .field("recipients", recipients)
            .field("span", span)
            .field("details", details)
            .field("organizer", organizer)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    method: &'static str,
    smart_invite_id: &'a SmartInviteId,
    #[serde(flatten)]
    recipients: &'a Recipients,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a CallbackUrl>,
    event: EventBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizer: Option<&'a Organizer>,
}

#[derive(Serialize)]
struct EventBody<'a> {
    #[serde(flatten)]
    span: &'a EventSpan,
    #[serde(flatten)]
    details: &'a EventDetails,
}

impl Endpoint for UpsertSmartInvite {
    /// The invitation as it is now, with the file to mail.
    type Output = SmartInvite;

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, invite, recipients, span, details, organizer, callback_url } = self;
        recipients.check()?;
        span.check()?;
        details.check()?;
        caller.post("/v1/smart_invites").json(&RequestBody {
            method: "request",
            smart_invite_id: invite,
            recipients,
            callback_url: callback_url.as_ref(),
            event: EventBody { span, details },
            organizer: Some(organizer).filter(|organizer| **organizer != Organizer::default()),
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SmartInvite, Error> {
        read_json("smart invite", &response, now)
    }
}
