//! Scenarios that are wrong, and those that are written and read again.

use proptest::prelude::*;

use super::event::Attendee;
use super::event::Event;
use super::form::{self, Base};
use super::moment::{Days, Moment};
use super::settings::RefreshWord;
use super::*;
use crate::calendars::{Location, Participation, Transparency};
use crate::policy::AutoConsent;
use crate::world::{Address, Coordinates, Provider};

#[track_caller]
fn wrong(toml: &str) -> String {
    Scenario::parse(toml).expect_err("it is wrong").to_string()
}

#[test]
fn errors_say_where() {
    let user = "[[users]]\nemail = \"ida@a.example\"\nname = \"Ida\"\nprovider = \"google\"\n";
    let cases = [
        ("x", "line 1, column 2: key with no value, expected `=`"),
        ("[[user]]\n", "line 1, column 3: unknown key `user`: did you mean `users`?"),
        (
            "[[users]]\nemail = \"a@b.example\"\nname = \"A\"\nprovider = \"gsuit\"\n",
            "line 4, column 12: unknown value `gsuit`: did you mean `gsuite`?",
        ),
        ("[[users]]\nname = \"A\"\n", "line 1, column 1: missing field `email`"),
        (
            &format!("{user}tzid = \"Mars/Base\""),
            "line 5, column 8: users[0].tzid: `Mars/Base` is no IANA time zone",
        ),
        (&format!("{user}{user}"), "line 6, column 9: users[1].email: `ida@a.example` stands here twice"),
        (
            &format!(
                "{user}[[users.events]]\nsummary = \"x\"\nday = 1\nstart = \"10:00\"\nend = \"09:00\"\n"
            ),
            "line 9, column 7: users[0].events[0].end: the event ends before it starts, or at once",
        ),
        (
            &format!("{user}events = [{{ summary = \"x\", day = 1, start = \"25:00\", end = \"10:00\" }}]"),
            "line 5, column 45: `25:00` is no time: write 09:00, 09:00Z, 2031-03-04, 2031-03-04T09:00 or \
             2031-03-04T09:00:00Z",
        ),
        (
            &format!("{user}events = [{{ summary = \"x\" }}]"),
            "line 5, column 23: users[0].events[0].summary: the event has no time: add `day`, or `start` and `end`",
        ),
        (
            "[settings]\npage_size = 0\n",
            "line 2, column 13: settings.page_size: a page holds at least one row",
        ),
    ];
    for (toml, expected) in cases {
        assert_eq!(wrong(toml), expected, "{toml}");
    }
}

#[test]
fn secrets_are_refused_and_not_repeated() {
    let secrets = wrong("[[applications]]\nname = \"A\"\nclient_secrets = [\"CRN_hush\"]\n");
    assert!(
        secrets.starts_with("line 3, column 19: applications[0].client_secrets[0]: it begins like"),
        "{secrets}"
    );
    let kind = wrong("[[applications]]\nname = \"A\"\nclient_secrets = \"CRN_hush\"\n");
    assert_eq!(kind, "line 3, column 18: invalid type: string, expected a sequence");
    assert!(!format!("{secrets}{kind}").contains("hush"));
    let error = Scenario::from_json(br#"{"applications":[{"name":"A","client_secrets":"CRN_hush"}]}"#);
    let error = error.expect_err("it is wrong").to_string();
    assert!(error.starts_with("line 1, column ") && !error.contains("hush"), "{error}");
}

#[test]
fn addresses_that_could_be_somebodys_are_warned_of() {
    let of = |domain: &str| {
        let toml = format!("[[users]]\nemail = \"a@{domain}\"\nname = \"A\"\nprovider = \"google\"\n");
        Scenario::parse(&toml).expect("it can be").warnings().len()
    };
    for reserved in ["a.example", "TEST", "x.invalid", "localhost", "example.org", "mail.example.com"] {
        assert_eq!(of(reserved), 0, "{reserved}");
    }
    assert_eq!((of("orchard.io"), of("notexample.com")), (1, 1));
}

#[test]
fn tomls_own_dates_are_taken() {
    let toml = "[[users]]\nemail = \"a@b.example\"\nname = \"A\"\nprovider = \"google\"\nevents = [\n\
                { summary = \"x\", start = 2031-03-04T09:00:00Z, end = 2031-03-04T10:00:00Z },\n\
                { summary = \"x\", start = 2031-03-04 },\n\
                { summary = \"x\", day = 1, start = 09:00:00, end = 10:00:00 },\n]\n";
    let scenario = Scenario::parse(toml).expect("it can be");
    let starts: Vec<String> =
        scenario.file.users[0].events.iter().filter_map(|event| Some(event.start?.to_string())).collect();
    assert_eq!(starts, ["2031-03-04T09:00:00Z", "2031-03-04", "09:00:00"]);
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

fn moments() -> impl Strategy<Value = (Moment, Moment)> {
    let clock = |hour: i8, minute: i8| jiff::civil::time(hour, minute, 0, 0);
    let day = jiff::civil::date(2031, 3, 4);
    prop_oneof![
        (0..12_i8, 0..60_i8)
            .prop_map(move |(h, m)| (Moment::Time(clock(h, m)), Moment::Time(clock(h + 9, m)))),
        (0..12_i8, 0..60_i8)
            .prop_map(move |(h, m)| (Moment::TimeUtc(clock(h, m)), Moment::TimeUtc(clock(h + 9, m)))),
        (0..28_i8).prop_map(|day| {
            (
                Moment::Date(jiff::civil::date(2031, 3, 1 + day)),
                Moment::Date(jiff::civil::date(2031, 4, 1 + day)),
            )
        }),
        (0..12_i8).prop_map(move |h| {
            (Moment::Local(day.to_datetime(clock(h, 0))), Moment::Local(day.to_datetime(clock(h + 5, 1))))
        }),
        (0..4_000_000_000_i64, 1..9_000_000_000_i64).prop_map(|(start, length)| {
            let at = |second| Moment::Instant(jiff::Timestamp::from_second(second).expect("within range"));
            (at(start), at(start + length))
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let location = prop::option::of(
        (prop::option::of(text()), prop::option::of(text())).prop_map(|(description, lat)| Location {
            description,
            lat,
            long: None,
        }),
    );
    let attendee = (text(), prop::option::of(text())).prop_map(|(email, name)| Attendee {
        email,
        name,
        status: Participation::Tentative,
    });
    let people = prop::collection::vec(attendee, 0..2);
    let transparency = prop::option::of(Just(Transparency::OutOfOffice));
    (
        text(),
        moments(),
        prop::collection::vec(-900..900_i32, 1..4),
        text(),
        location,
        people,
        transparency,
        any::<bool>(),
    )
        .prop_map(
            |(summary, (start, end), days, description, location, attendees, transparency, private)| {
                let relative = matches!(start, Moment::Time(_) | Moment::TimeUtc(_));
                Event {
                    summary,
                    day: relative.then_some(Days(days)),
                    start: Some(start),
                    end: Some(end),
                    description,
                    location,
                    attendees,
                    transparency,
                    private,
                    ..Event::default()
                }
            },
        )
}

fn user() -> impl Strategy<Value = form::User> {
    let provider = prop::sample::select(vec![Provider::Google, Provider::Office365, Provider::ICloud]);
    (
        text(),
        prop::option::of(provider),
        prop::collection::vec(event(), 0..3),
        prop::collection::vec(text(), 0..2),
    )
        .prop_map(|(name, provider, events, reaches)| form::User {
            name,
            provider,
            events,
            reaches,
            tzid: "Europe/Lisbon".to_owned(),
            ..form::User::default()
        })
}

fn room() -> impl Strategy<Value = form::Room> {
    let address =
        text().prop_map(|locality| Address { locality, lines: vec![String::new()], ..Address::default() });
    // Quarters are what every parser reads back to the bit.
    let degrees = (-360..360_i32, -720..720_i32)
        .prop_map(|(lat, long)| Coordinates { lat: f64::from(lat) / 4.0, long: f64::from(long) / 4.0 });
    (text(), prop::option::of(0..900_u32), prop::option::of(address), prop::option::of(degrees)).prop_map(
        |(name, capacity, address, coordinates)| form::Room {
            name,
            capacity,
            address,
            coordinates,
            tzid: "Etc/UTC".to_owned(),
            ..form::Room::default()
        },
    )
}

fn settings() -> impl Strategy<Value = Settings> {
    (prop::option::of(text()), prop::option::of(0..9_000_u64), prop::option::of(1..9_usize), any::<bool>())
        .prop_map(|(consent, seconds, page_size, rotate)| Settings {
            auto_consent: consent.map(AutoConsent::from),
            user_token_seconds: seconds.map(std::time::Duration::from_secs),
            refresh_mode: rotate.then_some(RefreshWord::RotateWithGrace),
            page_size,
            ..Settings::default()
        })
}

fn file() -> impl Strategy<Value = File> {
    let features = prop::option::of(any::<bool>())
        .prop_map(|no_access| form::Features { no_access, ..form::Features::default() });
    let application =
        (text(), any::<bool>(), features).prop_map(|(name, verified, features)| form::Application {
            name,
            client_id: None,
            client_secrets: vec!["hush".to_owned()],
            verified,
            redirect_uris: Vec::new(),
            features,
        });
    let member = prop::collection::vec(any::<bool>(), 0..3).prop_map(|pages| form::Unit {
        name: Some("Unit".to_owned()),
        members: pages
            .into_iter()
            .map(|public_page| form::Member {
                email: "a@b.example".to_owned(),
                roles: vec![form::Role::DeveloperAdmin],
                public_page,
            })
            .collect(),
        resources: Vec::new(),
    });
    let applications = prop::collection::vec(application, 0..2);
    let users = prop::collection::vec(user(), 0..3);
    let rooms = prop::collection::vec(room(), 0..3);
    (any::<bool>(), settings(), applications, users, rooms, prop::option::of(member)).prop_map(
        |(replace, settings, applications, mut users, mut rooms, organizational_unit)| {
            for (number, user) in users.iter_mut().enumerate() {
                user.email = format!("user-{number}@a.example");
            }
            for (number, room) in rooms.iter_mut().enumerate() {
                room.email = format!("room-{number}@a.example");
            }
            let world = if replace { Base::Replace } else { Base::Extend };
            let organizations = Vec::new();
            File { world, settings, applications, organizations, users, rooms, organizational_unit }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(file in file()) {
        let scenario = Scenario { file, toml: None };
        let toml = scenario.to_toml();
        let again = Scenario::parse(&toml).map_err(|error| TestCaseError::fail(format!("{error}\n{toml}")))?;
        prop_assert_eq!(&again.file, &scenario.file);
        let json = serde_json::to_vec(&scenario.file).expect("it has string keys");
        let again = Scenario::from_json(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again.file, scenario.file);
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "[\\[\\]{}\"=,a-z0-9 \n]{0,60}") {
        let _ = Scenario::parse(&text);
        let _ = Scenario::from_json(text.as_bytes());
    }
}
