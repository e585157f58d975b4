//! What the owner of a calendar has at their provider, whatever any application does.

use super::{Calendar, CalendarKey, Calendars, Owner};
use crate::ids::Ids;
use crate::world::Login;

impl Calendars {
    /// The calendars of a login at its provider.
    pub(crate) fn of_login(&self, login: &Login) -> impl Iterator<Item = (&CalendarKey, &Calendar)> {
        let owner = Owner::Login(login.email.clone());
        let first = CalendarKey { owner: owner.clone(), label: String::new() };
        self.all.range(first..).take_while(move |(key, _)| key.owner == owner)
    }

    /// The calendar of that name; without one, the primary one.
    pub(crate) fn named(&self, login: &Login, name: Option<&str>) -> Option<CalendarKey> {
        let is_meant = |calendar: &Calendar| {
            !calendar.deleted && name.map_or(calendar.primary, |name| calendar.name == name)
        };
        self.of_login(login).find(|(_, calendar)| is_meant(calendar)).map(|(key, _)| key.clone())
    }

    /// Opens one more calendar of a login.
    pub(crate) fn open_named(
        &mut self,
        login: &Login,
        name: &str,
        readonly: bool,
        color: Option<String>,
    ) -> CalendarKey {
        let owner = Owner::Login(login.email.clone());
        let key = CalendarKey { owner, label: format!("own {name}") };
        self.open(key.clone(), Calendar { color, readonly, ..Calendar::named(name) });
        key
    }

    /// An identifier for an event that the owner writes: the same for the same event, and not in use.
    pub(crate) fn free_uid(
        &self,
        key: &CalendarKey,
        name: &str,
        is_taken: impl Fn(&str) -> bool,
        ids: &Ids,
    ) -> String {
        let calendar = self.get(key);
        let is_there = |uid: &str| calendar.is_some_and(|calendar| calendar.events.contains_key(uid));
        let mut uid = ids.record("evt_external_", name);
        let mut number = 1;
        while is_there(&uid) || is_taken(&uid) {
            number += 1;
            uid = ids.record("evt_external_", &format!("{name}\0{number}"));
        }
        uid
    }

    /// Takes all calendars of a login away.
    pub(crate) fn close_login(&mut self, login: &Login) {
        self.all.retain(|key, _| match &key.owner {
            Owner::Login(email) | Owner::Hosted { login: email, .. } => *email != login.email,
        });
        self.invitations.forget_person(&login.email);
    }
}
