//! What is known of a member: whose calendars count, and when they are busy.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::free_time::{Buffer, FreeTime, Period};
use super::participants::AskedMember;
use super::request::{Excluded, Query};
use crate::api::time;
use crate::app::App;
use crate::auth::{self, Caller};
use crate::calendars::Event;
use crate::ids::Ids;
use crate::state::{GrantKey, Kind, State};
use crate::wire::{Call, Refusal};
use crate::world::{AccessMode, Profile};

/// Everybody's calendars, as one caller may ask about them.
pub(super) struct Diaries<'a> {
    state: &'a State,
    ids: &'a Ids,
    client_id: String,
    /// Whether the members of the Organizational Unit count, authorized or not.
    members: bool,
    /// Whether its resources do.
    resources: bool,
}

impl<'a> Diaries<'a> {
    pub(super) fn open(app: &'a App, state: &'a State, call: &Call) -> Result<Self, Refusal> {
        let caller = Caller::of(call, state, app.clock.now())?;
        let (secret, unit) = match &caller {
            Caller::Application { .. } => (true, false),
            Caller::Token(own) => {
                (false, state.authorization(own).is_some_and(|found| found.kind == Kind::Unit))
            }
        };
        let impersonates = (secret || unit) && auth::member_named(call, state)?.is_some();
        Ok(Self {
            state,
            ids: &app.ids,
            client_id: caller.client_id().to_owned(),
            members: unit || impersonates,
            resources: unit || secret,
        })
    }

    /// As the client secret may ask.
    pub(super) fn of_application(app: &'a App, state: &'a State, client_id: &str) -> Self {
        Self { state, ids: &app.ids, client_id: client_id.to_owned(), members: false, resources: true }
    }

    /// The calendar logins of a participant.
    pub(super) fn profiles(&self, sub: &str) -> Option<Vec<Profile>> {
        let world = &self.state.world;
        let key = GrantKey { client_id: self.client_id.clone(), sub: sub.to_owned() };
        if let Some(authorization) = self.state.authorization(&key) {
            return Some(authorization.profiles.clone());
        }
        if let Some(member) = world.unit.member(sub).filter(|_| self.members) {
            return Some(world.profiles_of(&member.sub, self.ids));
        }
        let resource = world.unit.resources.iter().find(|resource| resource.sub == sub);
        let login = world.login(&resource.filter(|_| self.resources)?.email)?;
        Some(Profile::of(login, AccessMode::ReadWrite, self.ids))
    }

    pub(super) fn free_time(
        &self,
        profiles: &[Profile],
        member: &AskedMember<'_>,
        query: &Query<'_>,
    ) -> FreeTime {
        let asked = &member.available_periods;
        let free = |calendar_ids: &[&str], within| {
            let busy = self.busy(profiles, member, calendar_ids, query);
            FreeTime::new(busy, member.buffer, asked.iter().cloned().chain(within))
        };
        let Some(hours) = self.hours(member, reach(query.span(), member.buffer)) else {
            return free(&member.calendar_ids, None);
        };
        FreeTime::any_of(hours.into_iter().map(|Hours { calendar_ids, within }| {
            let named = if member.calendar_ids.is_empty() { &calendar_ids } else { &member.calendar_ids };
            free(named, Some(within))
        }))
    }

    /// What the application said of when the account can be booked, if it counts.
    fn hours(&self, member: &AskedMember<'_>, (from, to): (Timestamp, Timestamp)) -> Option<Vec<Hours<'_>>> {
        let account = GrantKey { client_id: self.client_id.clone(), sub: member.sub.to_owned() };
        let said = self.state.bookable(&account).filter(|_| member.managed)?;
        if said.rules.is_empty() && said.periods.is_empty() {
            return None;
        }
        let counts = |name: &str| member.rule_ids.as_ref().is_none_or(|ids| ids.contains(&name));
        let rules = said.rules.iter().filter(|(name, _)| counts(name)).map(|(_, rule)| Hours {
            calendar_ids: rule.calendar_ids.iter().map(String::as_str).collect(),
            within: rule.between(from, to).into_iter().map(Period::of).collect(),
        });
        let periods = said.periods.values().map(|period| Period::of((period.start, period.end)));
        let periods = Hours { calendar_ids: Vec::new(), within: periods.collect() };
        Some(rules.chain([periods]).collect())
    }

    /// When somebody is busy, in these of their calendars, or in all where none is named.
    fn busy(
        &self,
        profiles: &[Profile],
        member: &AskedMember<'_>,
        calendar_ids: &[&str],
        query: &Query<'_>,
    ) -> Vec<Period> {
        let window = reach(query.span(), member.buffer);
        let mut busy = Vec::new();
        for profile in profiles {
            let login = self.state.world.login(&profile.login);
            let zone = login.and_then(|login| time::zone(&login.tzid)).unwrap_or(TimeZone::UTC);
            for calendar in self.state.calendars.seen(&self.client_id, profile, self.ids) {
                let asked = calendar_ids.is_empty() || calendar_ids.contains(&&*calendar.id);
                if calendar.deleted || !asked {
                    continue;
                }
                let held = self.state.calendars.get(&calendar.key);
                let events = held.into_iter().flat_map(|held| held.events.values());
                let events =
                    events.filter(|event| takes_time(event, &self.client_id, member, &query.excluded));
                let times = events.flat_map(|event| event.occurrences(window, &zone));
                let bounds = times.filter_map(|when| time::bounds(when, &zone));
                busy.extend(bounds.map(Period::of));
            }
        }
        busy
    }
}

/// When an account can be booked, and what keeps it busy then.
struct Hours<'a> {
    /// The calendars whose events count; all where there is none.
    calendar_ids: Vec<&'a str>,
    within: Vec<Period>,
}

/// Within which events can matter: what is asked about, and what has to be free around it.
fn reach(span: Period, buffer: Buffer) -> (Timestamp, Timestamp) {
    let from = Timestamp::from_second(span.start.saturating_sub(buffer.before));
    let to = Timestamp::from_second(span.end.saturating_add(buffer.after));
    (from.unwrap_or(Timestamp::MIN), to.unwrap_or(Timestamp::MAX))
}

/// Whether an event counts in a query of this application.
fn takes_time(event: &Event, client_id: &str, member: &AskedMember<'_>, excluded: &[Excluded<'_>]) -> bool {
    let status = event.free_busy_status();
    let managed = event.managed.as_ref().filter(|managed| managed.client_id == client_id);
    let excluded = excluded.iter().any(|excluded| match *excluded {
        Excluded::Id(id) => managed.is_some_and(|managed| managed.event_id == id),
        Excluded::Uid(uid) => event.uid == uid,
    });
    !event.deleted
        && (status == "busy" || (status == "tentative" && !member.ignore_tentative))
        && (managed.is_some() || !member.only_managed_events)
        && !excluded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::{Managed, Participation, Transparency, When};

    const MEMBER: AskedMember<'_> = AskedMember {
        path: String::new(),
        sub: "acc_1",
        calendar_ids: Vec::new(),
        buffer: Buffer { before: 0, after: 0 },
        available_periods: None,
        managed: false,
        rule_ids: None,
        only_managed_events: false,
        ignore_tentative: false,
    };

    fn event() -> Event {
        let when = When::Timed { start: Timestamp::UNIX_EPOCH, end: Timestamp::MAX };
        Event::external("evt_1".to_owned(), "Meeting", when, Timestamp::UNIX_EPOCH)
    }

    fn managed_by(client_id: &str) -> Event {
        let managed = Managed { client_id: client_id.to_owned(), event_id: "own_1".to_owned() };
        Event { managed: Some(managed), ..event() }
    }

    fn counts(event: &Event, member: &AskedMember<'_>, excluded: &[Excluded<'_>]) -> bool {
        takes_time(event, "me", member, excluded)
    }

    #[test]
    fn what_is_busy_or_tentative_counts() {
        let tentative = Event { transparency: Transparency::Tentative, ..event() };
        assert!(counts(&event(), &MEMBER, &[]) && counts(&tentative, &MEMBER, &[]));
        let ignoring = AskedMember { ignore_tentative: true, ..MEMBER };
        assert!(counts(&event(), &ignoring, &[]) && !counts(&tentative, &ignoring, &[]));
        for other in [
            Event { deleted: true, ..event() },
            Event { transparency: Transparency::Transparent, ..event() },
            Event { participation: Participation::Declined, ..event() },
        ] {
            assert!(!counts(&other, &MEMBER, &[]), "{other:?}");
        }
    }

    #[test]
    fn managed_events_are_those_of_the_application_that_asks() {
        let only = AskedMember { only_managed_events: true, ..MEMBER };
        assert!(counts(&managed_by("me"), &only, &[]));
        assert!(!counts(&managed_by("other"), &only, &[]) && !counts(&event(), &only, &[]));
    }

    #[test]
    fn excluded_events_do_not_count() {
        for (event, excluded, expected) in [
            (event(), Excluded::Uid("evt_1"), false),
            (event(), Excluded::Uid("evt_2"), true),
            (managed_by("me"), Excluded::Id("own_1"), false),
            (managed_by("me"), Excluded::Id("own_2"), true),
            // The same name, given by another application.
            (managed_by("other"), Excluded::Id("own_1"), true),
        ] {
            assert_eq!(counts(&event, &MEMBER, &[excluded]), expected, "{event:?}");
        }
    }
}
