//! Questions about availability, and what the sandbox made of them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cronofy_api::availability::{
    AvailabilityQuery, Buffer, DeleteAvailabilityRule, DeleteAvailablePeriods, FindAvailability, Group,
    Hours, ListAvailabilityRules, Member, ReadAvailabilityRule, ReadAvailablePeriods, UpsertAvailabilityRule,
    UpsertAvailablePeriod,
};
use cronofy_api::calendars::ListCalendars;
use cronofy_api::core::types::{CalendarId, ClientSecret, CustomBase, DataCenter, Sub, Timestamp};
use cronofy_api::core::{Endpoint, Paged, drive_blocking};
use cronofy_api::credential::{Impersonation, OrganizationalUnit};
use cronofy_api::events::{DeleteEvents, EventDetails, UpsertEvent};
use cronofy_api::free_busy::{FreeBusyStatus, ReadFreeBusy};
use cronofy_api::time::{Date, DateTime, Duration, TimeOfDay, Weekday};
use cronofy_api::{AvailabilityRuleId, AvailablePeriodId, EventId, Tzid};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_transport_ureq::UreqTransport;
use proptest::prelude::*;

/// A sandbox, and a member of its organizational unit of whom the tests ask.
struct Stage {
    transport: UreqTransport,
    member: Impersonation,
    sub: Sub,
    calendar: CalendarId,
    _sandbox: BlockingSandbox,
}

impl Stage {
    fn open() -> Self {
        let sandbox = Sandbox::start_blocking().unwrap();
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap();
        let secret = ClientSecret::new(sandbox.client_secret()).unwrap();
        let unit = OrganizationalUnit::internal_application(DataCenter::Custom(base), secret);
        let sub = Sub::new(sandbox.ready().organizational_unit.members[0].sub.as_str()).unwrap();
        let (member, transport) = (unit.impersonating(sub.clone()), UreqTransport::new().unwrap());
        let listed = drive_blocking(&transport, ListCalendars::new(&member).call()).unwrap();
        let main = listed.calendars.into_iter().find(|calendar| calendar.calendar_primary).unwrap();
        Self { transport, member, sub, calendar: main.calendar_id, _sandbox: sandbox }
    }

    fn call<E: Endpoint>(&self, call: E) -> E::Output {
        drive_blocking(&self.transport, call.call()).unwrap()
    }

    /// The hours of the day at which a meeting of an hour can start.
    fn starts(&self, member: Member, buffer: Buffer) -> BTreeSet<i64> {
        let query = AvailabilityQuery::new(Group::all([member]), Duration::hours(1), [(at(0), at(24))])
            .starting_every(Duration::hours(1))
            .buffer(buffer)
            .in_overlapping_slots();
        let found = self.call(FindAvailability::new(&self.member, query));
        for slot in &found {
            assert_eq!(slot.participants().map(|one| one.sub()).collect::<Vec<_>>(), [&self.sub]);
            assert_eq!(hour(slot.end()) - hour(slot.start()), 1);
        }
        found.iter().map(|slot| hour(slot.start())).collect()
    }
}

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::open);

/// A time of a Tuesday on which nobody in the sandbox has anything.
fn at(hour: i64) -> Timestamp {
    let day: Timestamp = "2031-03-04T00:00:00Z".parse().unwrap();
    Timestamp::from_unix_seconds(day.unix_seconds() + hour * 3600)
}

fn hour(time: &DateTime) -> i64 {
    (time.instant().unix_seconds() - at(0).unix_seconds()) / 3600
}

fn few() -> ProptestConfig {
    ProptestConfig { cases: 12, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    /// What was booked is busy, and what is busy is not offered, with as much around it as was asked for.
    #[test]
    fn what_is_booked_is_not_offered(
        booked in prop::collection::btree_set(0..24_i64, 0..6),
        before in 0..3_u32,
        after in 0..3_u32,
    ) {
        let stage = &STAGE;
        for hour in &booked {
            let id = EventId::new(format!("at-{hour}")).unwrap();
            let details = EventDetails::new("Taken");
            stage.call(UpsertEvent::new(&stage.member, stage.calendar.clone(), id, (at(*hour), at(hour + 1)), details));
        }
        let day = |text: &str| text.parse::<Date>().unwrap();
        let read = ReadFreeBusy::new(&stage.member, Tzid::utc()).from(day("2031-03-04")).to(day("2031-03-05"));
        let busy = drive_blocking(&stage.transport, read.including_managed().with_ids().all()).unwrap();
        prop_assert!(busy.iter().all(|time| time.free_busy_status == Some(FreeBusyStatus::Busy)));
        let starts = busy.iter().map(|time| hour(time.start.as_ref().unwrap().date_time().unwrap()));
        prop_assert_eq!(starts.collect::<BTreeSet<_>>(), booked.clone());

        let buffer = Buffer::around(Duration::hours(before), Duration::hours(after));
        let offered = stage.starts(Member::new(stage.sub.clone()), buffer);
        let free = |start: &i64| {
            let around = start - i64::from(before)..=start + i64::from(after);
            booked.iter().all(|taken| !around.contains(taken))
        };
        prop_assert_eq!(offered, (0..24).filter(free).collect::<BTreeSet<_>>());
        stage.call(DeleteEvents::all(&stage.member));
    }

    /// Rules and periods come back as they were sent, and managed availability is what they say.
    #[test]
    fn hours_that_were_said_are_those_that_are_offered(
        rule in prop::option::of((0..23_u8, 1..8_u8)),
        period in prop::option::of((0..23_i64, 1..5_i64)),
        name in "[ -~]{1,20}",
    ) {
        let stage = Stage::open();
        let clock = |hour: u8| TimeOfDay::new(hour.min(23), if hour < 24 { 0 } else { 59 }).unwrap();
        let rule = rule.map(|(start, length)| (start, (start + length).min(23)));
        if let Some((start, end)) = rule {
            let id = AvailabilityRuleId::new(name.as_str()).unwrap();
            let hours = Hours::new(Weekday::Tuesday, clock(start), clock(end));
            let made = stage.call(UpsertAvailabilityRule::new(&stage.member, id.clone(), Tzid::utc(), [hours]));
            prop_assert_eq!(made.availability_rule_id.as_str(), &name);
            prop_assert_eq!(made.weekly_periods[0].start_time, Some(clock(start)));
            prop_assert_eq!(&stage.call(ListAvailabilityRules::new(&stage.member)).availability_rules, core::slice::from_ref(&made));
            if !matches!(name.as_str(), "." | "..") {
                prop_assert_eq!(stage.call(ReadAvailabilityRule::new(&stage.member, id)), made);
            }
        }
        if let Some((start, length)) = period {
            let id = AvailablePeriodId::new(name.as_str()).unwrap();
            let span = (at(start), at(start + length));
            stage.call(UpsertAvailablePeriod::new(&stage.member, id, span));
            let read = drive_blocking(&stage.transport, ReadAvailablePeriods::new(&stage.member).all()).unwrap();
            let times = [&read[0].start, &read[0].end].map(|time| hour(time.as_ref().unwrap().date_time().unwrap()));
            prop_assert_eq!((read.len(), times), (1, [start, start + length]));
        }
        let offered = stage.starts(Member::new(stage.sub.clone()).managed(), Buffer::before(Duration::minutes(0)));
        let inside = |start: i64| {
            let by_rule = rule.map(|(from, to)| (i64::from(from), i64::from(to)));
            let by_period = period.map(|(from, length)| (from, from + length));
            let both = [by_rule, by_period];
            let union: BTreeSet<i64> = both.into_iter().flatten().flat_map(|(from, to)| from..to).collect();
            both == [None, None] || union.contains(&start)
        };
        prop_assert_eq!(offered, (0..24).filter(|start| inside(*start)).collect::<BTreeSet<_>>());
        stage.call(DeleteAvailablePeriods::all(&stage.member));
        stage.call(DeleteAvailabilityRule::new(&stage.member, AvailabilityRuleId::new("x").unwrap()));
        prop_assert!(drive_blocking(&stage.transport, ReadAvailablePeriods::new(&stage.member).all()).unwrap().is_empty());
    }
}
