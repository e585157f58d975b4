//! What is sent, and what the sandbox understood of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cronofy_api::batch::{SendBatch, Write};
use cronofy_api::calendars::{CreateCalendar, ListCalendars, RequestPermissions};
use cronofy_api::channels::{CloseChannel, CreateChannel, ListChannels};
use cronofy_api::core::types::{
    CalendarId, CallbackUrl, ClientSecret, CustomBase, DataCenter, EmailAddress, PermissionLevel,
    RedirectUri, Sub,
};
use cronofy_api::core::{BlockingTransport, DriveError, Endpoint, Error, Paged, RefusalKind, drive_blocking};
use cronofy_api::credential::{Impersonation, OrganizationalUnit};
use cronofy_api::events::{
    DeleteEvent, DeleteEvents, Event, EventDetails, EventSpan, Invitee, Location, ReadEvents, Transparency,
    UpsertEvent,
};
use cronofy_api::time::{Date, DateTime, EventTime, Moment};
use cronofy_api::{EventId, Tzid};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_transport_ureq::UreqTransport;
use proptest::prelude::*;

type Failed = DriveError<<UreqTransport as BlockingTransport>::Error>;

/// A sandbox, and a member of its organizational unit in whose calendars the tests write.
struct Stage {
    transport: UreqTransport,
    member: Impersonation,
    sandbox: BlockingSandbox,
}

impl Stage {
    fn open(email: &str) -> Self {
        let sandbox = Sandbox::start_blocking().unwrap();
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap();
        let secret = ClientSecret::new(sandbox.client_secret()).unwrap();
        let unit = OrganizationalUnit::internal_application(DataCenter::Custom(base), secret);
        let members = &sandbox.ready().organizational_unit.members;
        let sub = &members.iter().find(|member| member.email == email).unwrap().sub;
        let member = unit.impersonating(Sub::new(sub.as_str()).unwrap());
        Self { transport: UreqTransport::new().unwrap(), member, sandbox }
    }

    fn call<E: Endpoint>(&self, call: E) -> Result<E::Output, Failed> {
        drive_blocking(&self.transport, call.call())
    }

    fn calendar(&self) -> CalendarId {
        let listed = self.call(ListCalendars::new(&self.member)).unwrap();
        let main = listed.calendars.into_iter().find(|calendar| calendar.calendar_primary).unwrap();
        assert!(main.is_writable() && main.extra.is_empty(), "{main:?}");
        main.calendar_id
    }

    /// By the application's names for them.
    fn own_events(&self) -> BTreeMap<String, Event> {
        let read = ReadEvents::new(&self.member, Tzid::utc()).only_managed().with_geographic_locations();
        let read = drive_blocking(&self.transport, read.all()).unwrap();
        read.into_iter().map(|event| (event.event_id.as_ref().unwrap().to_string(), event)).collect()
    }
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| Stage::open("kit@webmail.example"));

fn id(text: &str) -> EventId {
    EventId::new(text).unwrap()
}

#[test]
fn calendars_are_made_listed_and_opened() {
    let stage = Stage::open("ada@orchard.example");
    let listed = stage.call(ListCalendars::new(&stage.member)).unwrap();
    let profile = listed.calendars[0].profile_id.clone().unwrap();
    let create = CreateCalendar::new(&stage.member, profile, "Größe & \"Maß\"").color("#49BED8");
    let made = stage.call(create).unwrap();
    assert_eq!(made.calendar_name.as_deref(), Some("Größe & \"Maß\""));
    let again = stage.call(ListCalendars::new(&stage.member)).unwrap();
    assert!(again.calendars.contains(&made));
    assert_eq!(again.calendars.len(), listed.calendars.len() + 1);
    // A unit may not: nobody of it decides for a member.
    let back = RedirectUri::new("https://app.example/").unwrap();
    let level = PermissionLevel::Unrestricted;
    let asked = RequestPermissions::of_person(&stage.member, back, made.calendar_id, level);
    assert_eq!(kind(&stage.call(asked).unwrap_err()), RefusalKind::Forbidden);
}

fn kind(error: &Failed) -> RefusalKind {
    error.flow().and_then(Error::refusal).unwrap().kind()
}

#[test]
fn channels_are_made_once_listed_and_closed() {
    let stage = Stage::open("ada@orchard.example");
    let url = "http://127.0.0.1:9/changes?account=881";
    let create = || CreateChannel::new(&stage.member, CallbackUrl::new(url).unwrap());
    let all = stage.call(create()).unwrap();
    let some = stage.call(create().calendar(stage.calendar()).only_managed()).unwrap();
    assert_eq!(all, stage.call(create()).unwrap());
    assert_eq!(all.callback_url.as_deref(), Some(url));
    assert_eq!(some.filters.calendar_ids, Some(vec![stage.calendar()]));
    assert!(some.filters.only_managed && !all.filters.only_managed);
    assert_eq!(stage.call(ListChannels::new(&stage.member)).unwrap().channels, [all.clone(), some]);
    let close = || CloseChannel::new(&stage.member, all.channel_id.clone());
    stage.call(close()).unwrap();
    assert_eq!(kind(&stage.call(close()).unwrap_err()), RefusalKind::NotFound);
    assert_eq!(stage.call(ListChannels::new(&stage.member)).unwrap().channels.len(), 1);
}

#[test]
fn of_a_batch_some_may_fail() {
    let stage = Stage::open("ada@orchard.example");
    let calendar = stage.calendar();
    let elsewhere = CalendarId::new("cal_nowhere").unwrap();
    let days = (date(0), date(1));
    let upsert = |calendar: &CalendarId, name: &str| {
        UpsertEvent::new(&stage.member, calendar.clone(), id(name), days, EventDetails::new(name))
    };
    let delete = DeleteEvent::new(&stage.member, calendar.clone(), id("1")).with_userinfo();
    let batch = SendBatch::new((vec![upsert(&calendar, "1"), upsert(&elsewhere, "2")], delete));
    let (made, deleted) = stage.call(batch).unwrap();
    assert_eq!(made[0].as_ref().unwrap(), &None);
    assert_eq!(made[1].as_ref().unwrap_err().refusal().unwrap().kind(), RefusalKind::NotFound);
    assert!(deleted.unwrap().unwrap().email.is_some());
    assert!(stage.own_events().is_empty());
    stage.call(upsert(&calendar, "3")).unwrap();
    stage.call(DeleteEvents::of_calendars(&stage.member, [calendar.clone()])).unwrap();
    assert!(stage.own_events().is_empty());
    stage.call(upsert(&calendar, "4")).unwrap();
    stage.call(DeleteEvents::all(&stage.member)).unwrap();
    assert!(stage.own_events().is_empty());
    assert!(stage.sandbox.requests_served() > 0);
}

/// A day after the sandbox's first, so that it is in any window.
fn date(day: u64) -> Date {
    let now = STAGE.sandbox.now() + core::time::Duration::from_secs(86400 * day);
    let text = DateTime::from(cronofy_types::Timestamp::from(now)).to_string();
    text[..10].parse().unwrap()
}

fn minute(minutes: u64) -> DateTime {
    let day: cronofy_types::Timestamp = format!("{}T00:00:00Z", date(1)).parse().unwrap();
    DateTime::from(day.saturating_add(core::time::Duration::from_secs(60 * minutes)))
}

/// Of days, or of instants that are shown in some zone or in none.
fn span() -> impl Strategy<Value = EventSpan> {
    let days = (1..50u64, 1..9u64).prop_map(|(start, days)| (date(start), date(start + days)).into());
    let zone = prop::sample::select(vec![None, Some("Europe/Lisbon"), Some("America/New_York")]);
    let instants = (0..50_000u64, 1..5_000u64, zone).prop_map(|(start, minutes, zone)| {
        let at = |minutes| match zone {
            None => EventTime::from(minute(minutes)),
            Some(zone) => EventTime::in_zone(minute(minutes), zone.parse().unwrap()),
        };
        (at(start), at(start + minutes)).into()
    });
    prop_oneof![days, instants]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is said of an event is what is read of it.
    #[test]
    fn an_event_is_read_as_it_was_written(
        summary in "\\PC{1,40}",
        description in "\\PC{0,80}",
        place in "\\PC{1,20}",
        (lat, long) in (-90..=90i32, -180..=180i32),
        span in span(),
        opaque in prop::option::of(any::<bool>()),
        private in any::<bool>(),
        guests in prop::collection::btree_set("[a-z]{1,9}", 0..4),
    ) {
        let transparency = |opaque| if opaque { Transparency::Opaque } else { Transparency::Transparent };
        let mut details = EventDetails::new(&summary)
            .description(&description)
            .location(Location::new().description(&place).at(lat.to_string(), long.to_string()))
            .private(private);
        if let Some(opaque) = opaque {
            details = details.transparency(transparency(opaque));
        }
        for guest in &guests {
            let address = EmailAddress::new(format!("{guest}@guests.example")).unwrap();
            details = details.invite(Invitee::new(address).display_name(guest));
        }
        let name = id("the only one");
        STAGE.call(DeleteEvents::all(&STAGE.member)).unwrap();
        STAGE.call(UpsertEvent::new(&STAGE.member, STAGE.calendar(), name, span.clone(), details)).unwrap();
        let read = STAGE.own_events().remove("the only one").unwrap();
        prop_assert!(read.extra.is_empty(), "{:?}", read.extra);
        prop_assert_eq!(read.summary.as_deref(), Some(&*summary));
        prop_assert_eq!(read.description.as_deref().unwrap_or_default(), &description);
        let location = read.location.unwrap();
        prop_assert_eq!(location.description.as_deref(), Some(&*place));
        prop_assert_eq!((location.lat, location.long), (Some(lat.to_string()), Some(long.to_string())));
        prop_assert_eq!((read.start.unwrap().moment, read.end.unwrap().moment), (span.start.moment, span.end.moment));
        let all_day = matches!(span.start.moment, Moment::Date(_));
        prop_assert_eq!(read.transparency, Some(transparency(opaque.unwrap_or(!all_day))));
        prop_assert_eq!(read.event_private, private);
        let read: std::collections::BTreeSet<String> =
            read.attendees.into_iter().filter_map(|attendee| attendee.display_name).collect();
        prop_assert_eq!(read, guests);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A batch leaves what its writes would leave one after the other.
    #[test]
    fn a_batch_does_what_its_writes_do(writes in prop::collection::vec((0..6u8, prop::option::of("[a-z]{1,9}")), 1..=50)) {
        let stage = LazyLock::force(&BATCHES);
        let calendar = stage.calendar();
        stage.call(DeleteEvents::all(&stage.member)).unwrap();
        let (mut batch, mut left) = (Vec::new(), BTreeMap::new());
        for (number, summary) in writes {
            let name = number.to_string();
            if let Some(summary) = summary {
                let details = EventDetails::new(&summary);
                let days = (date(1), date(2));
                let upsert = UpsertEvent::new(&stage.member, calendar.clone(), id(&name), days, details);
                batch.push(Write::from(upsert));
                left.insert(name, summary);
            } else {
                batch.push(DeleteEvent::new(&stage.member, calendar.clone(), id(&name)).into());
                left.remove(&name);
            }
        }
        let answers = stage.call(SendBatch::new(batch)).unwrap();
        prop_assert!(answers.iter().all(Result::is_ok), "{:?}", answers);
        let read = stage.own_events().into_iter().map(|(name, event)| (name, event.summary.unwrap()));
        prop_assert_eq!(read.collect::<BTreeMap<_, _>>(), left);
    }
}

static BATCHES: LazyLock<Stage> = LazyLock::new(|| Stage::open("bram@orchard.example"));
