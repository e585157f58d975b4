//! People and rooms that a scenario brings, with their calendars.

use super::apply::Ground;
use super::event::Event;
use super::flaw::{Flaw, Step, flaw};
use super::form::{Calendar, Room, User};
use crate::calendars::{self, CalendarKey};
use crate::state::State;
use crate::world::{self, Login, Provider};

impl State {
    pub(super) fn add_user(&mut self, user: &User, ground: &Ground<'_>, index: usize) -> Result<(), Flaw> {
        let account_id = match user
            .account
            .as_deref()
            .filter(|owner| !owner.eq_ignore_ascii_case(&user.email))
        {
            None => ground.ids.record("acc_", &user.email),
            Some(owner) => match self.world.login(owner) {
                Some(owner) if owner.room.is_none() => owner.account_id.clone(),
                _ => return Err(flaw!(["users", index, "account"], "no user above has the address {owner}")),
            },
        };
        let login = Login {
            email: user.email.clone(),
            name: user.name.clone(),
            provider: self.provider(&user.email, user.provider, ["users".into(), index.into()])?,
            account_id,
            tzid: user.tzid.clone(),
            domain: self.world.organization_of(&user.email).map(|organization| organization.domain.clone()),
            room: None,
            reaches: user.reaches.clone(),
        };
        self.add_login(login, &user.calendars, &user.events, ground, ["users".into(), index.into()])
    }

    pub(super) fn add_room(&mut self, room: &Room, ground: &Ground<'_>, index: usize) -> Result<(), Flaw> {
        let details = world::Room {
            capacity: room.capacity,
            building: room.building.clone(),
            floor: room.floor.clone(),
            section: room.section.clone(),
            address: room.address.clone(),
            coordinates: room.coordinates,
        };
        let login = Login {
            email: room.email.clone(),
            name: room.name.clone(),
            provider: self.provider(&room.email, room.provider, ["rooms".into(), index.into()])?,
            account_id: ground.ids.record("acc_", &room.email),
            tzid: room.tzid.clone(),
            domain: self.world.organization_of(&room.email).map(|organization| organization.domain.clone()),
            room: Some(details),
            reaches: Vec::new(),
        };
        self.add_login(login, &[], &room.events, ground, ["rooms".into(), index.into()])
    }

    /// Where an address is hosted: as said, else where its organization is.
    fn provider(&self, email: &str, said: Option<Provider>, path: [Step; 2]) -> Result<Provider, Flaw> {
        let organization = self.world.organization_of(email).map(|organization| organization.provider);
        said.or(organization).ok_or_else(|| {
            let what = format!("`provider` is missing, and no organization has the domain of {email}");
            Flaw::new(path.into(), what)
        })
    }

    fn add_login(
        &mut self,
        login: Login,
        calendars: &[Calendar],
        events: &[Event],
        ground: &Ground<'_>,
        path: [Step; 2],
    ) -> Result<(), Flaw> {
        if self.world.login(&login.email).is_some() {
            let path = path.into_iter().chain(["email".into()]).collect();
            return Err(Flaw::new(path, format!("{} is taken already", login.email)));
        }
        self.calendars.open_login(&login);
        for (index, calendar) in calendars.iter().enumerate() {
            let path = path.into_iter().chain(["calendars".into(), index.into()]).collect();
            self.add_calendar(&login, calendar, path)?;
        }
        for (index, event) in events.iter().enumerate() {
            let path = [path[0], path[1], "events".into(), index.into()];
            let (key, written) = self.written_events(&login, event, ground, &path)?;
            for event in written {
                self.calendars.put(&key, event);
            }
        }
        self.world.logins.add(login);
        Ok(())
    }

    pub(crate) fn add_calendar(
        &mut self,
        login: &Login,
        calendar: &Calendar,
        mut path: Vec<Step>,
    ) -> Result<CalendarKey, Flaw> {
        let Calendar { name, readonly, color } = calendar;
        if self.calendars.named(login, Some(name)).is_some() {
            path.push("name".into());
            return Err(Flaw::new(path, format!("{} has a calendar `{name}` already", login.email)));
        }
        Ok(self.calendars.open_named(login, name, *readonly, color.clone()))
    }

    /// What an event comes to in one of `login`'s calendars: one for every day that it is on.
    pub(crate) fn written_events(
        &self,
        login: &Login,
        event: &Event,
        ground: &Ground<'_>,
        path: &[Step],
    ) -> Result<(CalendarKey, Vec<calendars::Event>), Flaw> {
        let at = |key: &'static str| path.iter().copied().chain([Step::from(key)]).collect::<Vec<Step>>();
        let key = self.calendars.named(login, event.calendar.as_deref()).ok_or_else(|| {
            let name = event.calendar.as_deref().unwrap_or_default();
            Flaw::new(at("calendar"), format!("{} has no calendar `{name}`", login.email))
        })?;
        let occurrences = event
            .occurrences(&login.tzid, ground.today)
            .map_err(|(member, what)| Flaw::new(at(member), what))?;
        let mut written: Vec<calendars::Event> = Vec::new();
        for (name, when) in occurrences {
            let name = format!("{}\0{name}\0{}", login.email, event.summary);
            let is_taken = |uid: &str| written.iter().any(|other| other.uid == uid);
            let uid = self.calendars.free_uid(&key, &name, is_taken, ground.ids);
            written.push(event.entry(uid, when, ground.written));
        }
        Ok((key, written))
    }

    /// What becomes of an event of `login`'s that is to be like `event`. Whose it is, and what `event` has no words
    /// for, stays.
    pub(crate) fn changed_event(
        login: &Login,
        before: &calendars::Event,
        event: &Event,
        ground: &Ground<'_>,
    ) -> Result<calendars::Event, Flaw> {
        let occurrences = event.occurrences(&login.tzid, ground.today);
        let occurrences = occurrences.map_err(|(member, what)| Flaw::new(vec![member.into()], what))?;
        let [(_, when)] = occurrences.as_slice() else {
            return Err(flaw!(["day"], "one event is on one day"));
        };
        Ok(calendars::Event {
            managed: before.managed.clone(),
            recurrence: before.recurrence.clone(),
            conferencing: before.conferencing.clone(),
            kept: before.kept.clone(),
            ..event.entry(before.uid.clone(), *when, ground.written)
        })
    }
}
