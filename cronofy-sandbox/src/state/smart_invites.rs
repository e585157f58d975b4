//! Invitations by e-mail, of each application (docs: smart-invites).

use super::State;
use crate::calendars::{Location, When};

/// What an application calls an invitation. To whom it is belongs to its name, if it is to one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InviteKey {
    pub(crate) client_id: String,
    pub(crate) id: String,
    recipient: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct SmartInvite {
    pub(crate) callback_url: Option<String>,
    pub(crate) event: InviteEvent,
    pub(crate) organizer: Option<String>,
    pub(crate) recipients: Vec<InviteReply>,
    /// The last one of everybody who answered, whether or not it was he or she who was asked.
    pub(crate) replies: Vec<InviteReply>,
    pub(crate) cancelled: bool,
    /// How often it was changed: calendars take the file with the highest number.
    pub(crate) sequence: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InviteEvent {
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) when: When,
    pub(crate) tzid: String,
    pub(crate) location: Option<Location>,
}

/// Somebody, and what he or she answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InviteReply {
    pub(crate) email: String,
    pub(crate) status: &'static str,
    pub(crate) comment: Option<String>,
    /// Another time, and the zone to show it in.
    pub(crate) proposal: Option<(When, String)>,
}

/// An application has as many as it may have.
#[derive(Debug)]
pub(crate) struct TooManyInvites;

/// A bound on what they take (sandbox choice: not documented).
const MOST: usize = 1000;

/// What somebody is said to have answered who did not.
pub(crate) const PENDING: &str = "pending";

impl InviteKey {
    /// `recipient` is the address of the only one.
    pub(crate) fn new(client_id: &str, id: &str, recipient: Option<&str>) -> Self {
        let recipient = recipient.map(str::to_lowercase);
        Self { client_id: client_id.to_owned(), id: id.to_owned(), recipient }
    }

    pub(crate) fn is_to_one(&self) -> bool {
        self.recipient.is_some()
    }

    /// One name for all of it.
    pub(crate) fn name(&self) -> String {
        format!("{}\0{}\0{}", self.client_id, self.id, self.recipient.as_deref().unwrap_or_default())
    }
}

impl InviteReply {
    pub(crate) fn pending(email: &str) -> Self {
        Self { email: email.to_owned(), status: PENDING, comment: None, proposal: None }
    }

    pub(crate) fn is_of(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email)
    }
}

impl SmartInvite {
    /// Keeps what somebody answered.
    pub(crate) fn answer(&mut self, reply: InviteReply) {
        for known in &mut self.recipients {
            if known.is_of(&reply.email) {
                *known = reply.clone();
            }
        }
        self.replies.retain(|known| !known.is_of(&reply.email));
        self.replies.push(reply);
    }
}

impl State {
    pub(crate) fn smart_invite(&mut self, key: &InviteKey) -> Option<&mut SmartInvite> {
        self.smart_invites.get_mut(key)
    }

    /// The invitation that this address has: one of its own, or one to many.
    pub(crate) fn smart_invite_to(&self, client_id: &str, id: &str, email: &str) -> Option<InviteKey> {
        let keys = [InviteKey::new(client_id, id, Some(email)), InviteKey::new(client_id, id, None)];
        keys.into_iter().find(|key| {
            let found = self.smart_invites.get(key);
            found.is_some_and(|invite| invite.recipients.iter().any(|recipient| recipient.is_of(email)))
        })
    }

    /// Makes the invitation of this name. It is not there yet.
    pub(crate) fn add_smart_invite(
        &mut self,
        key: &InviteKey,
        invite: SmartInvite,
    ) -> Result<(), TooManyInvites> {
        let of_application = self.smart_invites.keys().filter(|known| known.client_id == key.client_id);
        if of_application.count() >= MOST {
            return Err(TooManyInvites);
        }
        self.smart_invites.insert(key.clone(), invite);
        Ok(())
    }
}
