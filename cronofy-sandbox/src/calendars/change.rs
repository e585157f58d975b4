//! The only ways in which events change: an application's and a person's alike.

use jiff::Timestamp;

use super::{Calendar, CalendarKey, Calendars, Event};

/// The calendars in which something changed: those that were written to, and those of invited people. None where
/// everything was as it should be.
pub(crate) type Changed = Vec<CalendarKey>;

/// A calendar that takes no more events, or an owner that takes no more calendars: there are as many as the sandbox
/// keeps, none of them deleted.
#[derive(Debug)]
pub(crate) struct Full;

/// Bounds on what a calendar and an event remember.
const MOST_EVENTS: usize = 5000;
/// One series is read as many events.
const MOST_SERIES: usize = 500;
const MOST_MOVES: usize = 10;

impl Calendars {
    /// Writes `event` over the one with its uid: creates it, changes it or moves it. What is as it was stays as it
    /// was, its time of change included.
    pub(crate) fn write(&mut self, key: &CalendarKey, event: Event, now: Timestamp) -> Result<Changed, Full> {
        let Some(calendar) = self.all.get_mut(key) else { return Ok(Changed::new()) };
        let before = calendar.events.get(&event.uid).filter(|event| !event.deleted).cloned();
        let is_series = |event: &Event| event.recurrence.is_some();
        if is_series(&event) && !before.as_ref().is_some_and(is_series) && calendar.series() >= MOST_SERIES {
            return Err(Full);
        }
        if before.is_none() {
            let forgotten = calendar.make_room(&event.uid)?;
            self.invitations.forget(forgotten.as_deref());
        }
        let event = successor(event, before.as_ref(), now);
        if before.as_ref() == Some(&event) {
            return Ok(Changed::new());
        }
        calendar.events.insert(event.uid.clone(), event.clone());
        let mut changed = vec![key.clone()];
        changed.extend(self.send_invitation(key, &event, before.as_ref(), now));
        Ok(changed)
    }

    /// Deletes an event, which stays for those who ask with `include_deleted`.
    pub(crate) fn delete(&mut self, key: &CalendarKey, uid: &str, now: Timestamp) -> Changed {
        let calendar = self.all.get_mut(key);
        let event = calendar.and_then(|calendar| calendar.events.get_mut(uid)).filter(|event| !event.deleted);
        let Some(event) = event else { return Changed::new() };
        event.deleted = true;
        event.updated = now;
        let mut changed = vec![key.clone()];
        changed.extend(self.cancel_invitation(uid, now));
        changed.extend(self.decline_deleted(key, uid, now));
        changed
    }
}

impl Calendar {
    fn series(&self) -> usize {
        self.events.values().filter(|event| event.recurrence.is_some() && !event.deleted).count()
    }

    /// Makes room for one more event; the uid of the deleted one that was forgotten for it, if one was.
    fn make_room(&mut self, uid: &str) -> Result<Option<String>, Full> {
        if self.events.len() < MOST_EVENTS || self.events.contains_key(uid) {
            return Ok(None);
        }
        let deleted = self.events.values().filter(|event| event.deleted);
        let oldest = deleted.min_by_key(|event| event.updated).map(|event| event.uid.clone()).ok_or(Full)?;
        self.events.remove(&oldest);
        Ok(Some(oldest))
    }
}

/// `event` with what it takes over from the one that it replaces.
fn successor(event: Event, before: Option<&Event>, now: Timestamp) -> Event {
    let Some(before) = before else {
        return Event { created: now, updated: now, moved_from: Vec::new(), deleted: false, ..event };
    };
    let mut event = Event {
        created: before.created,
        updated: before.updated,
        moved_from: before.moved_from.clone(),
        deleted: false,
        ..event
    };
    if event == *before {
        return event;
    }
    event.updated = now;
    if event.when != before.when {
        event.moved_from.push(before.when);
        let surplus = event.moved_from.len().saturating_sub(MOST_MOVES);
        event.moved_from.drain(..surplus);
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::{Owner, When};

    fn calendars() -> (Calendars, CalendarKey) {
        let key = CalendarKey { owner: Owner::Login("a@b.example".to_owned()), label: "x".to_owned() };
        let mut calendars = Calendars::default();
        calendars.open(key.clone(), Calendar::named("X"));
        (calendars, key)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn event(uid: usize, start: i64) -> Event {
        let when = When::Timed { start: at(start), end: at(start + 60) };
        Event::external(format!("evt_external_{uid}"), "Event", when, at(0))
    }

    #[test]
    fn a_full_calendar_forgets_what_was_deleted_and_then_refuses() {
        let (mut calendars, key) = calendars();
        for uid in 0..MOST_EVENTS {
            assert!(calendars.write(&key, event(uid, 0), at(1)).is_ok());
        }
        assert!(calendars.write(&key, event(MOST_EVENTS, 0), at(1)).is_err());
        assert!(calendars.write(&key, event(7, 60), at(2)).is_ok(), "what is there can change");
        assert_eq!(calendars.delete(&key, "evt_external_3", at(3)).len(), 1);
        assert!(calendars.write(&key, event(MOST_EVENTS, 0), at(4)).is_ok());
        let held = calendars.get(&key).expect("the calendar");
        assert!(held.events.len() == MOST_EVENTS && !held.events.contains_key("evt_external_3"));
    }

    #[test]
    fn where_it_was_is_remembered_and_the_same_again_is_no_change() {
        let (mut calendars, key) = calendars();
        let mut write = |start, now| calendars.write(&key, event(1, start), at(now)).expect("there is room");
        assert_eq!((write(0, 1).len(), write(0, 2).len()), (1, 0));
        for step in 1..30 {
            write(step * 60, 2 + step);
        }
        let event = &calendars.get(&key).expect("the calendar").events["evt_external_1"];
        assert_eq!((event.created, event.updated), (at(1), at(31)));
        assert_eq!(event.moved_from.len(), MOST_MOVES);
        assert_eq!(event.moved_from.last(), Some(&When::Timed { start: at(28 * 60), end: at(29 * 60) }));
    }
}
