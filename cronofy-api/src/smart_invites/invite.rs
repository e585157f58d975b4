//! An invitation, in the answers of all its calls (`developers/api/smart-invites/create-smart-invite`,
//! `developers/api/smart-invites/invite-status`) and in its callback.

use cronofy_types::{EmailAddress, open_enum, open_enum_from_any_text};

use crate::SmartInviteId;
use crate::events::EventLocation;
use crate::object::object;
use crate::text::Unshown;
use crate::time::EventTime;

object! {
    /// An invitation to an event.
    pub struct SmartInvite {
        /// The application's own name for it. To whom it is belongs to its name.
        smart_invite_id: SmartInviteId,
        /// Where the application is told of answers.
        callback_url: Option<Unshown> = text,
        /// Whom it is to, if it is to one, and what he or she answered last.
        recipient: Option<InviteReply> = absent,
        /// The same, if it is to many.
        recipients: Vec<InviteReply> = default,
        /// Of a callback: what was answered now, which may be by somebody to whom it was passed on.
        reply: Option<InviteReply> = absent,
        /// All that was answered, by everybody. In the answer to [`ReadSmartInvite`](super::ReadSmartInvite).
        replies: Vec<InviteReply> = default,
        /// What it is to. Not in a callback.
        event: Option<InvitedEvent> = absent,
        /// What to mail. In answers to writes.
        attachments: Option<InviteAttachments> = absent,
    }
}

impl SmartInvite {
    /// What to mail, as text: a file of the type `text/calendar`.
    pub fn icalendar(&self) -> Option<&str> {
        self.attachments.as_ref()?.icalendar.as_deref()
    }
}

object! {
    /// Somebody who is invited, and what he or she answered.
    pub struct InviteReply {
        /// The address.
        email: Option<EmailAddress> = text,
        /// Whether he or she comes.
        status: Option<InviteStatus> = text,
        /// What was said with it.
        comment: Option<String> = text,
        /// Another time that would suit better.
        proposal: Option<Proposal> = absent,
    }
}

open_enum! {
    /// Whether somebody who is invited comes (`developers/api/smart-invites/invite-status`).
    pub enum InviteStatus {
        /// Has not answered.
        Pending = "pending",
        /// Comes.
        Accepted = "accepted",
        /// May come.
        Tentative = "tentative",
        /// Does not.
        Declined = "declined",
    }
}
open_enum_from_any_text!(InviteStatus);

object! {
    /// Another time, that somebody who is invited asks for.
    pub struct Proposal {
        /// When it would start.
        start: Option<EventTime> = time,
        /// When it would end.
        end: Option<EventTime> = time,
    }
}

object! {
    /// What somebody is invited to.
    pub struct InvitedEvent {
        /// Its title.
        summary: Option<String> = text,
        /// What else is said of it.
        description: Option<String> = text,
        /// When it starts.
        start: Option<EventTime> = time,
        /// When it ends; of an event of whole days, the day after its last.
        end: Option<EventTime> = time,
        /// Where it is.
        location: Option<EventLocation> = absent,
    }
}

object! {
    /// What the application has to mail.
    pub struct InviteAttachments {
        /// A file of the type `text/calendar`, as text: the invitation, or that there is none any more.
        icalendar: Option<String> = text,
    }
}
