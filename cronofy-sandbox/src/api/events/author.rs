//! From what an application sent to the event that it means.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::draft::{Draft, Guests, MOST_GUESTS, Name, Wish};
use super::managed_uid;
use super::rules::Repetition;
use crate::app::App;
use crate::calendars::{
    Attendee, Conferencing, Event, Managed, Participation, Person, Seen, Transparency, When, bounds,
};
use crate::state::State;
use crate::wire::{FieldErrors, Refusal};

/// The `provider_name` of links that the calendar makes itself.
const INTEGRATED: &str = "integrated";

/// Who writes, where and when.
pub(super) struct Author<'a> {
    pub(super) app: &'a App,
    pub(super) state: &'a State,
    pub(super) client_id: &'a str,
    pub(super) calendar: &'a Seen,
    pub(super) now: Timestamp,
}

impl Author<'_> {
    /// The event after this write, where `before` is what it was. `Err` is the 422 about what this calendar cannot do.
    pub(super) fn write(&self, draft: Draft, before: Option<&Event>) -> Result<Event, Refusal> {
        let mut errors = FieldErrors::default();
        let mut event = match before {
            Some(before) if !before.deleted => before.clone(),
            _ => self.blank(&draft),
        };
        if self.is_asked_again(&event, &draft, before) {
            event.participation = Participation::NeedsAction;
        }
        let usual = usual_transparency(draft.when);
        let stays = usual_transparency(event.when) == usual && before.is_some_and(|before| !before.deleted);
        let transparency = if stays { event.transparency } else { usual };
        event.transparency = draft.transparency.unwrap_or(transparency);
        event.summary = draft.summary;
        event.description = draft.description;
        event.when = draft.when;
        event.tzid = draft.tzid;
        event.location = draft.location;
        event.private = draft.private.unwrap_or(event.private);
        match draft.repetition {
            Repetition::Kept => {}
            Repetition::Ended => event.recurrence = None,
            Repetition::Set(recurrence) => event.recurrence = Some(recurrence),
        }
        if let Some(wish) = draft.conferencing {
            event.conferencing = self.conferencing(wish, &event, &mut errors);
        }
        self.invite(draft.guests, &mut event, &mut errors);
        self.attach(&draft.kept, &mut errors);
        keep(&mut event, draft.kept);
        errors.into_result()?;
        Ok(event)
    }

    fn blank(&self, draft: &Draft) -> Event {
        let (Name::Managed(name) | Name::External(name)) = &draft.name;
        let uid = managed_uid(self.app, self.calendar, self.client_id, name);
        let managed = Managed { client_id: self.client_id.to_owned(), event_id: name.clone() };
        Event { managed: Some(managed), ..Event::external(uid, "", draft.when, self.now) }
    }

    /// Whether the person behind a hosted calendar has an invitation to answer: to a new event, or to new times.
    fn is_asked_again(&self, event: &Event, draft: &Draft, before: Option<&Event>) -> bool {
        let invited = self.calendar.hosted && self.calendar.key.owner.person().is_some();
        invited && (before.is_none_or(|before| before.deleted) || event.when != draft.when)
    }

    fn invite(&self, guests: Guests, event: &mut Event, errors: &mut FieldErrors) {
        let Some(owner) = self.calendar.key.owner.person() else {
            if !guests.is_empty() {
                let what = "an application calendar has no attendees";
                errors.push("attendees", "errors.event.cannot_set_attendees", what);
            }
            return;
        };
        let removed = |email: &str| guests.remove.iter().any(|removed| removed.eq_ignore_ascii_case(email));
        event.attendees.retain(|attendee| !removed(&attendee.person.email));
        for person in guests.invite {
            let known = event
                .attendees
                .iter_mut()
                .find(|known| known.person.email.eq_ignore_ascii_case(&person.email));
            match known {
                Some(known) => known.person.name = person.name.or(known.person.name.take()),
                None => event.attendees.push(Attendee { person, status: Participation::NeedsAction }),
            }
        }
        if event.attendees.len() > MOST_GUESTS {
            errors.push("attendees.invite", "errors.too_many", "an event has at most 200 attendees");
        }
        if event.organizer.is_none() && !event.attendees.is_empty() {
            let name = self.state.world.login(owner).map(|login| login.name.clone());
            event.organizer = Some(Person { email: owner.to_owned(), name });
        }
    }

    /// Files have to be the application's, and the calendar one that takes them.
    fn attach(&self, kept: &Map<String, Value>, errors: &mut FieldErrors) {
        let attachments = kept.get("attachments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        // The calendars that say `calendar_attachments_available`.
        if !attachments.is_empty() && self.calendar.hosted {
            errors.push("attachments", "errors.not_supported", "this calendar takes no attachments");
            return;
        }
        for (index, attachment) in attachments.iter().enumerate() {
            let id = attachment["attachment_id"].as_str().unwrap_or_default();
            if !self.state.has_attachment(self.client_id, id) {
                let path = format!("attachments[{index}].attachment_id");
                errors.push(&path, "errors.not_recognized", "not recognized");
            }
        }
    }

    fn conferencing(&self, wish: Wish, event: &Event, errors: &mut FieldErrors) -> Option<Conferencing> {
        // The calendars that say `calendar_integrated_conferencing_available`.
        let available = !self.calendar.hosted && !self.calendar.readonly;
        match wish {
            Wish::Explicit(conferencing) => Some(conferencing),
            Wish::Integrated if !available => {
                let what = "the calendar has no conferencing of its own";
                let key = "errors.integrated_conferencing_not_available";
                errors.push("conferencing.profile_id", key, what);
                None
            }
            Wish::Integrated | Wish::Default if available => {
                let own = |link: &&Conferencing| link.provider_name == INTEGRATED;
                let there = event.conferencing.as_ref().filter(own).cloned();
                there.or_else(|| (!self.is_past(event.when)).then(|| self.link(&event.uid)))
            }
            Wish::Nothing | Wish::Integrated | Wish::Default => None,
        }
    }

    /// A link of the calendar's own.
    fn link(&self, uid: &str) -> Conferencing {
        let room = self.app.ids.named("", &format!("room\0{uid}"), 10).to_lowercase();
        let join_url = format!("https://meet.cronofy-sandbox.example/{room}");
        Conferencing { provider_name: INTEGRATED.to_owned(), description: None, join_url }
    }

    fn is_past(&self, when: When) -> bool {
        bounds(when, &TimeZone::UTC).is_some_and(|(start, _)| start < self.now)
    }
}

/// docs: events/upsert-event, by way of a connector of 2017.
fn usual_transparency(when: When) -> Transparency {
    match when {
        When::Timed { .. } => Transparency::Opaque,
        When::AllDay { .. } => Transparency::Transparent,
    }
}

/// `null` takes away.
fn keep(event: &mut Event, sent: Map<String, Value>) {
    for (name, value) in sent {
        match (name.as_str(), value) {
            ("url", value) => event.url = value.as_str().map(str::to_owned),
            (_, Value::Null) => {
                event.kept.remove(&name);
            }
            (_, value) => {
                event.kept.insert(name, value);
            }
        }
    }
}
