//! Invitations: how an application's events reach people who keep their calendars to themselves.
//!
//! What is written to the calendar that Cronofy hosts for a person is mailed to them. Their own calendar has it
//! once they accept; from then on that copy follows every update, as mail clients do (docs: free/busy access).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::change::{Changed, Full};
use super::invitation::{
    Invitation, InvitationAnswer, InvitationMailKind, InvitationState, InvitationUnanswerable,
};
use super::{Attendee, CalendarKey, Calendars, Event, Owner, PRIMARY, Participation, Person};

/// By the uid of the event. There are no more of them than there are events in hosted calendars.
#[derive(Clone, Debug, Default)]
pub(super) struct Invitations(BTreeMap<String, Invitation>);

/// Who the invitations come from.
const SENDER: &str = "invitations@cronofy-sandbox.example";

impl Calendars {
    /// Every invitation, in the order of identifiers.
    pub(crate) fn invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitations.0.values()
    }

    /// The invitation that brought an event into its person's own calendar.
    pub(crate) fn brought(&self, key: &CalendarKey, uid: &str) -> Option<&Invitation> {
        let email = key.owner.person()?;
        self.invitations().find(|found| found.email == email && found.copy.as_deref() == Some(uid))
    }

    /// Does what the person wants with an invitation.
    pub(crate) fn answer(
        &mut self,
        id: &str,
        answer: InvitationAnswer,
        now: Timestamp,
    ) -> Result<Changed, InvitationUnanswerable> {
        let uid = self.invitations().find(|invitation| invitation.id == id).map(|found| found.uid.clone());
        // Out of the list while it is answered: what happens to the copy is no answer of its own.
        let before = uid.and_then(|uid| self.invitations.0.remove(&uid));
        let before = before.ok_or(InvitationUnanswerable::Unknown)?;
        let mut invitation = before.clone();
        let changed = self.take_answer(&mut invitation, InvitationState::from(answer), now);
        let kept = if changed.is_ok() { invitation } else { before };
        self.invitations.0.insert(kept.uid.clone(), kept);
        changed
    }

    fn take_answer(
        &mut self,
        invitation: &mut Invitation,
        state: InvitationState,
        now: Timestamp,
    ) -> Result<Changed, InvitationUnanswerable> {
        let unanswered = [InvitationState::NeedsAction, InvitationState::Ignored].contains(&invitation.state);
        if invitation.state == InvitationState::Cancelled {
            return Err(InvitationUnanswerable::Cancelled);
        }
        if state == InvitationState::Ignored && !unanswered {
            return Err(InvitationUnanswerable::Answered);
        }
        let found = self.get(&invitation.calendar).and_then(|calendar| calendar.events.get(&invitation.uid));
        let mut event = found.ok_or(InvitationUnanswerable::Unknown)?.clone();
        event.participation = state.participation();
        invitation.state = state;
        let mut changed = self.carry(invitation, &event, now).map_err(|Full| InvitationUnanswerable::Full)?;
        let hosted = self.write(&invitation.calendar, event, now);
        changed.extend(hosted.map_err(|Full| InvitationUnanswerable::Full)?);
        Ok(changed)
    }

    /// After an event was deleted: whoever deletes a copy that they accepted declines.
    pub(super) fn decline_deleted(&mut self, key: &CalendarKey, uid: &str, now: Timestamp) -> Changed {
        let Some(id) = self.brought(key, uid).map(|invitation| invitation.id.clone()) else {
            return Changed::new();
        };
        self.answer(&id, InvitationAnswer::Decline, now).unwrap_or_default()
    }

    /// After an event was written: mails it to the person behind a hosted calendar, and brings their copy up to date.
    /// Other times ask for another answer.
    pub(super) fn send_invitation(
        &mut self,
        key: &CalendarKey,
        event: &Event,
        before: Option<&Event>,
        now: Timestamp,
    ) -> Changed {
        let Owner::Hosted { .. } = key.owner else { return Changed::new() };
        let Some(email) = key.owner.person() else { return Changed::new() };
        if before.is_some_and(|before| same_mail(before, event)) {
            return Changed::new();
        }
        let existing = before.and_then(|_| self.invitations.0.remove(&event.uid));
        let kind =
            if existing.is_some() { InvitationMailKind::Update } else { InvitationMailKind::Invitation };
        let mut invitation = existing.unwrap_or_else(|| Invitation {
            id: format!("inv_{}", digits(&event.uid)),
            calendar: key.clone(),
            uid: event.uid.clone(),
            email: email.to_owned(),
            state: InvitationState::NeedsAction,
            mails: Vec::new(),
            copy: None,
        });
        if before.is_some_and(|before| before.when != event.when) {
            invitation.state = InvitationState::NeedsAction;
        }
        invitation.mail(kind, event, now);
        // A copy is there already where one is needed, so there is room for it.
        let changed = self.carry(&mut invitation, event, now).unwrap_or_default();
        self.invitations.0.insert(event.uid.clone(), invitation);
        changed
    }

    /// After an event was deleted: mails that, and takes the copy away.
    pub(super) fn cancel_invitation(&mut self, uid: &str, now: Timestamp) -> Changed {
        let Some(mut invitation) = self.invitations.0.remove(uid) else { return Changed::new() };
        let event = self.get(&invitation.calendar).and_then(|calendar| calendar.events.get(uid)).cloned();
        let Some(event) = event else { return Changed::new() };
        invitation.state = InvitationState::Cancelled;
        invitation.mail(InvitationMailKind::Cancellation, &event, now);
        let changed = self.carry(&mut invitation, &event, now).unwrap_or_default();
        self.invitations.0.insert(uid.to_owned(), invitation);
        changed
    }

    /// Makes the person's own calendar what the invitation says.
    fn carry(&mut self, invitation: &mut Invitation, event: &Event, now: Timestamp) -> Result<Changed, Full> {
        let own = CalendarKey { owner: Owner::Login(invitation.email.clone()), label: PRIMARY.to_owned() };
        let wanted = match invitation.state {
            InvitationState::Accepted | InvitationState::Tentative => true,
            // Not answered since it was moved: the copy stays, and stands at the new time.
            InvitationState::NeedsAction => invitation.copy.is_some(),
            InvitationState::Declined | InvitationState::Ignored | InvitationState::Cancelled => false,
        };
        if wanted {
            let copy = copy_of(event, &invitation.email, invitation.state.participation());
            invitation.copy = Some(copy.uid.clone());
            return self.write(&own, copy, now);
        }
        let copy = invitation.copy.take();
        Ok(copy.map(|uid| self.delete(&own, &uid, now)).unwrap_or_default())
    }
}

impl Invitations {
    /// Drops the invitation to an event that is not remembered any more.
    pub(super) fn forget(&mut self, uid: Option<&str>) {
        if let Some(uid) = uid {
            self.0.remove(uid);
        }
    }

    /// Drops what was sent to somebody who is no more.
    pub(super) fn forget_person(&mut self, email: &str) {
        self.0.retain(|_, invitation| invitation.email != email);
    }
}

/// Whether two versions of an event differ in nothing that a mail says.
fn same_mail(one: &Event, other: &Event) -> bool {
    let bare = |event: &Event| Event {
        participation: Participation::NeedsAction,
        updated: Timestamp::UNIX_EPOCH,
        kept: serde_json::Map::new(),
        ..event.clone()
    };
    bare(one) == bare(other)
}

/// The event as mail brings it to somebody: nobody's application wrote it there.
fn copy_of(event: &Event, email: &str, participation: Participation) -> Event {
    let person = Person { email: email.to_owned(), name: None };
    let mut attendees = event.attendees.clone();
    attendees.push(Attendee { person, status: participation });
    Event {
        uid: format!("evt_external_{}", digits(&event.uid).chars().rev().collect::<String>()),
        managed: None,
        organizer: Some(Person { email: SENDER.to_owned(), name: Some("Cronofy sandbox".to_owned()) }),
        attendees,
        participation,
        kept: serde_json::Map::new(),
        ..event.clone()
    }
}

/// The part of a uid that is its own.
fn digits(uid: &str) -> &str {
    uid.rsplit('_').next().unwrap_or(uid)
}
