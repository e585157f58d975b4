//! The seeded world, as data.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::{Address, Login, Member, Organization, Provider, Room, Unit, UnitResource, World};
use crate::calendars::{Calendars, Event, Transparency, When};
use crate::ids::Ids;

const ORCHARD: &str = "orchard.example";
const HARBOUR: &str = "harbourdental.example";

/// Address, name, provider, time zone, whose account (an address), whose calendars they reach.
struct Person(&'static str, &'static str, Provider, &'static str, &'static str, &'static [&'static str]);

const PEOPLE: &[Person] = &[
    Person(
        "ada@orchard.example",
        "Ada Quillfeather",
        Provider::GoogleWorkspace,
        "Europe/London",
        "ada@orchard.example",
        &[
            "bram@orchard.example",
            "cleo@orchard.example",
            "pear-room@orchard.example",
            "quince-room@orchard.example",
        ],
    ),
    Person(
        "bram@orchard.example",
        "Bram Tolleymoor",
        Provider::GoogleWorkspace,
        "Europe/London",
        "bram@orchard.example",
        &["ada@orchard.example", "pear-room@orchard.example"],
    ),
    Person(
        "cleo@orchard.example",
        "Cleo Marshwick",
        Provider::GoogleWorkspace,
        "Europe/Paris",
        "cleo@orchard.example",
        &[],
    ),
    Person(
        "dov@orchard.example",
        "Dov Pennyroyal",
        Provider::GoogleWorkspace,
        "Europe/London",
        "dov@orchard.example",
        &[],
    ),
    Person(
        "admin@orchard.example",
        "Orchard Administrator",
        Provider::GoogleWorkspace,
        "Europe/London",
        "admin@orchard.example",
        &[],
    ),
    Person(
        "ines@harbourdental.example",
        "Ines Okaforth",
        Provider::Office365,
        "Europe/Lisbon",
        "ines@harbourdental.example",
        &["rui@harbourdental.example", "surgery-1@harbourdental.example"],
    ),
    Person(
        "rui@harbourdental.example",
        "Rui Paisley",
        Provider::Office365,
        "Europe/Lisbon",
        "rui@harbourdental.example",
        &[],
    ),
    Person(
        "bo@harbourdental.example",
        "Bo Lindgarden",
        Provider::Office365,
        "Europe/Lisbon",
        "bo@harbourdental.example",
        &[],
    ),
    Person(
        "admin@harbourdental.example",
        "Harbour Administrator",
        Provider::Office365,
        "Europe/Lisbon",
        "admin@harbourdental.example",
        &[],
    ),
    Person(
        "ada@fruitmail.example",
        "Ada Quillfeather",
        Provider::ICloud,
        "Europe/London",
        "ada@orchard.example",
        &[],
    ),
    Person(
        "kit@webmail.example",
        "Kit Summerlane",
        Provider::Google,
        "America/New_York",
        "kit@webmail.example",
        &[],
    ),
    Person(
        "sam@postbox.example",
        "Sam Underbough",
        Provider::OutlookCom,
        "Etc/UTC",
        "sam@postbox.example",
        &[],
    ),
];

/// Rooms: address, name, provider, what is known.
fn rooms() -> Vec<(&'static str, &'static str, Provider, Room)> {
    let text = |text: &str| Some(text.to_owned());
    let pear = Room {
        capacity: Some(8),
        building: text("Cider House"),
        floor: text("2"),
        coordinates: Some((51.5, -0.12)),
        ..Room::default()
    };
    let quince = Room { capacity: Some(4), building: text("Cider House"), ..Room::default() };
    let surgery = Room {
        capacity: Some(3),
        building: text("Quay"),
        floor: text("1"),
        section: text("West"),
        address: Some(Address {
            lines: vec!["Cais da Pedra 7".to_owned()],
            locality: "Lisboa".to_owned(),
            region: "Lisboa".to_owned(),
            postal_code: "1100-000".to_owned(),
            country: "PT".to_owned(),
        }),
        coordinates: Some((38.71, -9.14)),
    };
    vec![
        ("pear-room@orchard.example", "Pear Room", Provider::GoogleWorkspace, pear),
        ("quince-room@orchard.example", "Quince Room", Provider::GoogleWorkspace, quince),
        ("projector@orchard.example", "Projector", Provider::GoogleWorkspace, Room::default()),
        ("surgery-1@harbourdental.example", "Surgery 1", Provider::Office365, surgery),
    ]
}

/// Members of the Organizational Unit: address, roles, whether they have a public scheduling page.
const MEMBERS: &[(&str, &[&str], bool)] = &[
    ("admin@orchard.example", &["owner"], false),
    ("ada@orchard.example", &["member", "developer_admin"], true),
    ("bram@orchard.example", &["member", "developer"], false),
    ("cleo@orchard.example", &["member"], false),
    ("ines@harbourdental.example", &["member"], true),
    ("rui@harbourdental.example", &["member"], false),
    ("kit@webmail.example", &["member"], false),
];

/// Builds the world and its calendars. `today` is where those begin.
pub(crate) fn seed(ids: &Ids, today: Date, app_url: &str) -> (World, Calendars) {
    let account = |email: &str| ids.record("acc_", email);
    let domain = |email: &str| {
        let found = [ORCHARD, HARBOUR].into_iter().find(|domain| email.ends_with(&format!("@{domain}")));
        found.map(str::to_owned)
    };
    let people = PEOPLE.iter().map(|Person(email, name, provider, tzid, owner, reaches)| Login {
        email: (*email).to_owned(),
        name: (*name).to_owned(),
        provider: *provider,
        account_id: account(owner),
        tzid: (*tzid).to_owned(),
        domain: domain(email),
        room: None,
        reaches: reaches.iter().map(|email| (*email).to_owned()).collect(),
    });
    let rooms = rooms().into_iter().map(|(email, name, provider, room)| Login {
        email: email.to_owned(),
        name: name.to_owned(),
        provider,
        account_id: account(email),
        tzid: if email.ends_with(HARBOUR) { "Europe/Lisbon" } else { "Europe/London" }.to_owned(),
        domain: domain(email),
        room: Some(room),
        reaches: Vec::new(),
    });
    let logins: Vec<Arc<Login>> = people.chain(rooms).map(Arc::new).collect();
    let mut calendars = Calendars::default();
    for (index, login) in logins.iter().enumerate() {
        let primary = calendars.open_login(login);
        for event in events(ids, login, index, today) {
            calendars.put(&primary, event);
        }
    }
    let organization = |name: &str, domain: &str, provider| Organization {
        name: name.to_owned(),
        domain: domain.to_owned(),
        provider,
        administrator: format!("admin@{domain}"),
        service_account_id: ids.record("ser_", domain),
        service_account_email: format!("cronofy-service@{domain}"),
    };
    let organizations = vec![
        Arc::new(organization("Orchard", ORCHARD, Provider::GoogleWorkspace)),
        Arc::new(organization("Harbour Dental", HARBOUR, Provider::Office365)),
    ];
    (World { organizations, unit: unit(ids, app_url), logins }, calendars)
}

fn unit(ids: &Ids, app_url: &str) -> Unit {
    let member = |(email, roles, public): &(&str, &'static [&'static str], bool)| Member {
        sub: ids.record("acc_", email),
        email: (*email).to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        public_url: public.then(|| format!("{app_url}/pls/{}", ids.named("", &format!("page\0{email}"), 8))),
    };
    let resource = |(email, name, ..): (&str, &str, Provider, Room)| UnitResource {
        sub: ids.record("res_", email),
        email: email.to_owned(),
        name: name.to_owned(),
    };
    Unit {
        sub: ids.record("org_", "Orchard Group"),
        name: "Orchard Group".to_owned(),
        members: MEMBERS.iter().map(member).collect(),
        resources: rooms().into_iter().map(resource).collect(),
    }
}

/// Three weeks: an hour a day at an hour that differs by login and day, one day marked free, one day tentative.
fn events(ids: &Ids, login: &Login, index: usize, today: Date) -> Vec<Event> {
    let day = |offset: i64| today.checked_add(offset.days()).unwrap_or(today);
    let written = day(-7).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    let event = |offset: i64, when: When, summary: &str, transparency| {
        let uid = ids.record("evt_external_", &format!("{}\0{offset}\0{summary}", login.email));
        Event { transparency, ..Event::external(uid, summary, when, written) }
    };
    let mut events: Vec<Event> = (1..=20_i64)
        .filter_map(|offset| {
            let hour = 9 + (i64::try_from(index).unwrap_or(0) + offset) % 6;
            let start: Timestamp = day(offset).to_zoned(TimeZone::UTC).ok()?.timestamp();
            let start = start.checked_add(hour.hours()).ok()?;
            let end = start.checked_add(1.hour()).ok()?;
            Some(event(offset, When::Timed { start, end }, "Meeting", Transparency::Opaque))
        })
        .collect();
    let all_day = |offset, summary, transparency| {
        event(offset, When::AllDay { start: day(offset), end: day(offset + 1) }, summary, transparency)
    };
    events.push(all_day(3, "Birthday", Transparency::Transparent));
    events.push(all_day(7, "Perhaps away", Transparency::Tentative));
    events
}
