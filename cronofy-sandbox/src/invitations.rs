//! Invitations as tests see them: what was mailed to people in free/busy mode, and what they answered.

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::calendars::{self, When};
use crate::callbacks::notify;
use crate::state::State;
use crate::{InvitationAnswer, InvitationMailKind, InvitationState, InvitationUnanswerable};

/// An invitation to an event that an application wrote for somebody who keeps their calendar to themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Invitation {
    /// `inv_` and 24 hexadecimal digits.
    pub id: String,
    /// Whom it went to.
    pub email: String,
    /// What they said last.
    pub state: InvitationState,
    /// The application that wrote the event.
    pub client_id: String,
    /// Its own name for the event.
    pub event_id: String,
    /// The event's uid in the calendar that Cronofy hosts.
    pub event_uid: String,
    /// The uid of the copy in the person's own calendar, while there is one.
    pub copy_event_uid: Option<String>,
    /// What was mailed, oldest first; at most the latest 20.
    pub mails: Vec<InvitationMail>,
}

/// A mail about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InvitationMail {
    /// Why it was sent.
    pub kind: InvitationMailKind,
    /// When it was sent, in UTC.
    pub sent_at: String,
    /// What the event was called.
    pub summary: String,
    /// When it starts: a Time in UTC, or a Date.
    pub start: String,
    /// When it ends, likewise.
    pub end: String,
}

/// Every invitation, the oldest first.
pub(crate) fn list(state: &State) -> Vec<Invitation> {
    let mut found: Vec<&calendars::Invitation> = state.calendars.invitations().collect();
    found.sort_by_key(|invitation| (invitation.mails.first().map(|mail| mail.sent), &invitation.id));
    found.into_iter().map(|invitation| shown(state, invitation)).collect()
}

/// Does what the person wants, and tells the channels of those who can see it.
pub(crate) fn answer(
    app: &App,
    state: &mut State,
    id: &str,
    answer: InvitationAnswer,
) -> Result<Invitation, InvitationUnanswerable> {
    let now = Timestamp::try_from(app.clock.now()).unwrap_or(Timestamp::MAX);
    let changed = state.calendars.answer(id, answer, now)?;
    notify::person_changed(app, state, &changed, None);
    let found = state.calendars.invitations().find(|invitation| invitation.id == id);
    found.map(|invitation| shown(state, invitation)).ok_or(InvitationUnanswerable::Unknown)
}

fn shown(state: &State, invitation: &calendars::Invitation) -> Invitation {
    let event = state.calendars.get(&invitation.calendar).and_then(|found| found.events.get(&invitation.uid));
    let managed = event.and_then(|event| event.managed.as_ref());
    Invitation {
        id: invitation.id.clone(),
        email: invitation.email.clone(),
        state: invitation.state,
        client_id: managed.map(|managed| managed.client_id.clone()).unwrap_or_default(),
        event_id: managed.map(|managed| managed.event_id.clone()).unwrap_or_default(),
        event_uid: invitation.uid.clone(),
        copy_event_uid: invitation.copy.clone(),
        mails: invitation.mails.iter().map(mail).collect(),
    }
}

fn mail(mail: &calendars::Mail) -> InvitationMail {
    let time = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (start, end) = match mail.when {
        When::Timed { start, end } => (time(start), time(end)),
        When::AllDay { start, end } => (start.to_string(), end.to_string()),
    };
    InvitationMail { kind: mail.kind, sent_at: time(mail.sent), summary: mail.summary.clone(), start, end }
}
