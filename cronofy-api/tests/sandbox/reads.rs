//! What there is to read, asked of the sandbox: its parser took the request as it was meant, and nothing in its answer
//! is unknown here.

use cronofy_api::calendars::ListCalendars;
use cronofy_api::core::types::{ClientSecret, CustomBase, DataCenter, Sub};
use cronofy_api::core::{BlockingTransport, DriveError, Endpoint, Paged, drive_blocking};
use cronofy_api::credential::{Impersonation, OrganizationalUnit};
use cronofy_api::events::{EventDetails, UpsertEvent};
use cronofy_api::free_busy::{FreeBusyStatus, ReadFreeBusy};
use cronofy_api::identity::{ListProfiles, ReadUserinfo};
use cronofy_api::organization::{ListMembers, ListUnitResources};
use cronofy_api::time::{Date, DateTime, EventTime};
use cronofy_api::{EventId, Tzid};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_transport_ureq::UreqTransport;

type Failed = DriveError<<UreqTransport as BlockingTransport>::Error>;

/// A sandbox, its organizational unit, and a member of that.
struct Stage {
    transport: UreqTransport,
    unit: OrganizationalUnit,
    member: Impersonation,
    sub: Sub,
    sandbox: BlockingSandbox,
}

const EMAIL: &str = "ada@orchard.example";

impl Stage {
    fn open() -> Self {
        let sandbox = Sandbox::start_blocking().unwrap();
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap();
        let secret = ClientSecret::new(sandbox.client_secret()).unwrap();
        let unit = OrganizationalUnit::internal_application(DataCenter::Custom(base), secret);
        let members = &sandbox.ready().organizational_unit.members;
        let sub = &members.iter().find(|member| member.email == EMAIL).unwrap().sub;
        let sub = Sub::new(sub.as_str()).unwrap();
        let member = unit.impersonating(sub.clone());
        Self { transport: UreqTransport::new().unwrap(), unit, member, sub, sandbox }
    }

    fn call<E: Endpoint>(&self, call: E) -> Result<E::Output, Failed> {
        drive_blocking(&self.transport, call.call())
    }

    /// A day after the sandbox's first.
    fn date(&self, day: u64) -> Date {
        let then = self.sandbox.now() + core::time::Duration::from_secs(86400 * day);
        DateTime::from(cronofy_types::Timestamp::from(then)).to_string()[..10].parse().unwrap()
    }
}

#[test]
fn who_one_is() {
    let stage = Stage::open();
    let userinfo = stage.call(ReadUserinfo::new(&stage.member)).unwrap();
    assert_eq!(userinfo.sub, stage.sub);
    let listed = stage.call(ListProfiles::new(&stage.member)).unwrap().profiles;
    assert!(!listed.is_empty() && listed.iter().all(|profile| profile.extra.is_empty()), "{listed:?}");
}

#[test]
fn who_else_there_is() {
    let stage = Stage::open();
    let members = drive_blocking(&stage.transport, ListMembers::new(&stage.unit).all()).unwrap();
    let subs: Vec<&str> = members.iter().map(|member| member.sub.as_str()).collect();
    let known = &stage.sandbox.ready().organizational_unit.members;
    assert_eq!(subs, known.iter().map(|member| member.sub.as_str()).collect::<Vec<_>>());
    let rooms = drive_blocking(&stage.transport, ListUnitResources::new(&stage.unit).all()).unwrap();
    assert!(!rooms.is_empty() && rooms.iter().all(|room| room.extra.is_empty()), "{rooms:?}");
}

#[test]
fn when_one_is_busy() {
    let stage = Stage::open();
    let calendars = stage.call(ListCalendars::new(&stage.member)).unwrap().calendars;
    let calendar = calendars.into_iter().find(|calendar| calendar.calendar_primary).unwrap().calendar_id;
    let at = |time: &str| format!("{}T{time}Z", stage.date(3)).parse::<DateTime>().unwrap();
    let (busy, until) = (at("10:00:00"), at("11:30:00"));
    let (id, details) = (EventId::new("1").unwrap(), EventDetails::new("Away"));
    stage.call(UpsertEvent::new(&stage.member, calendar.clone(), id, (busy, until), details)).unwrap();
    let read = |from, to| {
        let all =
            ReadFreeBusy::new(&stage.member, Tzid::utc()).calendar(calendar.clone()).including_managed();
        drive_blocking(&stage.transport, all.from(from).to(to).all()).unwrap()
    };
    let known = |start: &Option<EventTime>| *start == Some(busy.into());
    let times = read(stage.date(3), stage.date(4));
    assert!(times.iter().all(|time| time.extra.is_empty()), "{times:?}");
    let time = times.into_iter().find(|time| known(&time.start)).unwrap();
    assert_eq!((time.end, time.free_busy_status), (Some(until.into()), Some(FreeBusyStatus::Busy)));
    assert!(!read(stage.date(4), stage.date(5)).iter().any(|time| known(&time.start)));
}
