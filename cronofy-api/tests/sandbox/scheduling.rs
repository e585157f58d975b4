//! Pages on which somebody picks a time: what is asked for, what the sandbox understood of it, and a time picked there.

use std::sync::LazyLock;

use bytes::Bytes;
use cronofy_api::availability::{AvailabilityQuery, Buffer, FindAvailability, Group};
use cronofy_api::calendars::ListCalendars;
use cronofy_api::core::application::ApplicationCalendar;
use cronofy_api::core::types::{
    ApplicationCalendarId, CalendarId, ClientId, ClientSecret, CustomBase, DataCenter, RedirectUri, State,
    Sub, Timestamp,
};
use cronofy_api::core::{
    App, BlockingTransport, Body, DriveError, Endpoint, Error, Outgoing, Paged, RefusalKind, drive_blocking,
};
use cronofy_api::credential::{ApiKey, UserToken};
use cronofy_api::events::{DeleteEvents, Event, EventDetails, Location, ReadEvents};
use cronofy_api::scheduling::{
    CreateSchedulingLink, DisableSchedulingLink, FindSchedulingLink, HourFormat, LinkStatus,
    ReadSchedulingLink, SchedulingLink, SchedulingPage,
};
use cronofy_api::time::{Date, DateTime, Duration};
use cronofy_api::{EventId, SchedulingLinkId, Tzid};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_transport_ureq::UreqTransport;
use proptest::prelude::*;
use serde_json::json;

type Failed = DriveError<<UreqTransport as BlockingTransport>::Error>;

/// A sandbox, and a calendar in which times are picked.
struct Stage {
    transport: UreqTransport,
    key: ApiKey,
    owner: UserToken,
    sub: Sub,
    calendar: CalendarId,
    sandbox: BlockingSandbox,
}

impl Stage {
    fn open() -> Self {
        let sandbox = Sandbox::start_blocking().unwrap();
        let data_center = DataCenter::Custom(CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap());
        let secret = ClientSecret::new(sandbox.client_secret()).unwrap();
        let app = App::new(ClientId::new(sandbox.client_id()).unwrap(), secret, data_center.clone());
        let (key, transport) = (ApiKey::from(&app), UreqTransport::new().unwrap());
        let name = ApplicationCalendarId::new("meetings").unwrap();
        let tokens = drive_blocking(&transport, ApplicationCalendar::new(app, name).call()).unwrap();
        let owner = UserToken::new(data_center, tokens.access_token);
        let listed = drive_blocking(&transport, ListCalendars::new(&owner).call()).unwrap();
        let calendar = listed.calendars[0].calendar_id.clone();
        Self { transport, key, owner, sub: tokens.identity.sub.unwrap(), calendar, sandbox }
    }

    fn call<E: Endpoint>(&self, call: E) -> Result<E::Output, Failed> {
        drive_blocking(&self.transport, call.call())
    }

    fn query(&self) -> AvailabilityQuery {
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let day = (at("2031-03-04T08:00:00Z"), at("2031-03-04T17:00:00Z"));
        AvailabilityQuery::new(Group::all([self.sub.clone()]), Duration::minutes(45), [day])
    }

    fn page(&self, details: EventDetails) -> SchedulingPage {
        let lisbon: Tzid = "Europe/Lisbon".parse().unwrap();
        let back = RedirectUri::new("https://app.example/picked").unwrap();
        SchedulingPage::new(back, EventId::new("i-7").unwrap(), lisbon, details)
            .target(self.sub.clone(), self.calendar.clone())
    }

    /// Presses a button of the page.
    fn pick(&self, link: &SchedulingLink, start: &DateTime) -> http::Response<Bytes> {
        let path = link.url.as_str().strip_prefix(self.sandbox.app_url()).unwrap().to_owned();
        let pressed = Press { data_center: self.key.data_center().clone(), path, start: start.to_string() };
        self.call(pressed).unwrap()
    }

    fn booked(&self) -> Vec<Event> {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let read = ReadEvents::new(&self.owner, Tzid::utc()).from(day("2031-03-04")).to(day("2031-03-05"));
        drive_blocking(&self.transport, read.only_managed().with_geographic_locations().all()).unwrap()
    }
}

/// What a browser would send.
struct Press {
    data_center: DataCenter,
    path: String,
    start: String,
}

impl Endpoint for Press {
    type Output = http::Response<Bytes>;

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(&self.data_center, &self.path).json(&json!({ "start": self.start }))
    }

    fn read(&mut self, response: http::Response<Bytes>, _: Timestamp) -> Result<Self::Output, Error> {
        Ok(response)
    }
}

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::open);

fn kind(error: &Failed) -> RefusalKind {
    error.flow().and_then(Error::refusal).unwrap().kind()
}

#[test]
fn a_link_is_made_found_and_taken_back() {
    let stage = Stage::open();
    let page = stage.page(EventDetails::new("Interview"));
    let made = stage.call(CreateSchedulingLink::new(&stage.key, page, stage.query())).unwrap();
    assert_eq!(made.status, Some(LinkStatus::Open));
    // Whoever knows the URL can pick.
    assert!(!format!("{made:?}").contains(made.url.as_str()), "{made:?}");
    let id = || made.real_time_scheduling_id.clone();
    assert_eq!(stage.call(ReadSchedulingLink::new(&stage.key, id())).unwrap(), made);
    let found = FindSchedulingLink::new(&stage.key, made.token().unwrap());
    assert_eq!(stage.call(found).unwrap(), made);
    let disable = || DisableSchedulingLink::new(&stage.key, id(), "Let us wait.\nUntil May.");
    let disabled = stage.call(disable()).unwrap();
    assert_eq!(disabled.status, Some(LinkStatus::Disabled));
    // It is said to be repeatable.
    assert_eq!(stage.call(disable()).unwrap(), disabled);
    assert_eq!(stage.pick(&made, &"2031-03-04T08:00:00Z".parse().unwrap()).status(), 409);
    let unknown = SchedulingLinkId::new("sch_x").unwrap();
    let unknown = stage.call(ReadSchedulingLink::new(&stage.key, unknown)).unwrap_err();
    assert_eq!(kind(&unknown), RefusalKind::NotFound);
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let stage = Stage::open();
    let elsewhere = CalendarId::new("cal_x").unwrap();
    let page = stage.page(EventDetails::new("x")).target(stage.sub.clone(), elsewhere);
    let refused = stage.call(CreateSchedulingLink::new(&stage.key, page, stage.query())).unwrap_err();
    let fields = &refused.flow().and_then(Error::refusal).unwrap().fields;
    assert_eq!(fields.of("target_calendars[1].calendar_id")[0].key, "errors.not_recognized");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is said of an event is what the link says of it, and what is in the calendar once a time is picked; and
    /// the times that can be picked are those that the query finds.
    #[test]
    fn what_is_picked_is_what_was_asked_for(
        summary in "\\PC{1,40}",
        description in "\\PC{0,80}",
        place in "\\PC{1,20}",
        private in any::<bool>(),
        (every, before) in (1..40_u32, 0..40_u32),
        overlapping in any::<bool>(),
        which in any::<prop::sample::Index>(),
        (twelve, confirmed, notice) in (any::<bool>(), any::<bool>(), 0..600_u32),
    ) {
        let stage = &STAGE;
        stage.call(DeleteEvents::all(&stage.owner)).unwrap();
        let query = stage.query()
            .starting_every(Duration::minutes(every))
            .buffer(Buffer::before(Duration::minutes(before)));
        let query = if overlapping { query.in_overlapping_slots() } else { query.in_slots() };
        let details = EventDetails::new(&summary)
            .description(&description)
            .location(Location::new().description(&place))
            .private(private);
        let format = if twelve { HourFormat::Twelve } else { HourFormat::TwentyFour };
        let page = stage
            .page(details)
            .state(State::new("s-1").unwrap())
            .hour_format(format)
            .minimum_notice(Duration::minutes(notice));
        let page = if confirmed { page } else { page.without_confirmation() };

        let made = stage.call(CreateSchedulingLink::new(&stage.key, page, query.clone())).unwrap();
        let event = made.event.clone().unwrap();
        prop_assert!(event.extra.is_empty(), "{:?}", event.extra);
        prop_assert_eq!(event.summary.as_deref(), Some(&*summary));
        prop_assert_eq!(event.description.as_deref().unwrap_or_default(), &description);
        prop_assert_eq!(event.location.unwrap().description, Some(place));
        prop_assert_eq!((event.event_private, event.start, event.end), (private, None, None));

        let found = stage.call(FindAvailability::new(&stage.key, query)).unwrap();
        let slot = found.get(which.index(found.len())).unwrap();
        let picked = stage.pick(&made, slot.start());
        prop_assert_eq!(picked.status(), 303);
        let back = picked.headers()["location"].to_str().unwrap().to_owned();
        let token = made.token().unwrap();
        prop_assert_eq!(back, format!("https://app.example/picked?token={token}&state=s-1"));

        let completed = stage.call(FindSchedulingLink::new(&stage.key, token)).unwrap();
        prop_assert_eq!(completed.status, Some(LinkStatus::Completed));
        let event = completed.event.unwrap();
        let span = (Some((*slot.start()).into()), Some((*slot.end()).into()));
        prop_assert_eq!((event.start, event.end), span.clone());
        let booked = stage.booked();
        prop_assert_eq!(booked.len(), 1);
        prop_assert_eq!(booked[0].summary.as_deref(), Some(&*summary));
        prop_assert_eq!((booked[0].start.clone(), booked[0].end.clone()), span);
        prop_assert_eq!(booked[0].event_private, private);
        // Nothing is picked twice.
        prop_assert_eq!(stage.pick(&made, slot.start()).status(), 409);
    }
}
