//! The seeded world, as data.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::{
    Address, Busy, BusyStatus, Login, Member, Organization, Provider, Room, Unit, UnitResource, When, World,
};
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

/// A room of which nothing is known.
const PLAIN: Room =
    Room { capacity: None, building: None, floor: None, section: None, address: None, coordinates: None };

/// Rooms: address, name, provider, what is known.
const ROOMS: &[(&str, &str, Provider, Room)] = &[
    (
        "pear-room@orchard.example",
        "Pear Room",
        Provider::GoogleWorkspace,
        Room {
            capacity: Some(8),
            building: Some("Cider House"),
            floor: Some("2"),
            coordinates: Some((51.5, -0.12)),
            ..PLAIN
        },
    ),
    (
        "quince-room@orchard.example",
        "Quince Room",
        Provider::GoogleWorkspace,
        Room { capacity: Some(4), building: Some("Cider House"), ..PLAIN },
    ),
    ("projector@orchard.example", "Projector", Provider::GoogleWorkspace, PLAIN),
    (
        "surgery-1@harbourdental.example",
        "Surgery 1",
        Provider::Office365,
        Room {
            capacity: Some(3),
            building: Some("Quay"),
            floor: Some("1"),
            section: Some("West"),
            address: Some(Address {
                lines: &["Cais da Pedra 7"],
                locality: "Lisboa",
                region: "Lisboa",
                postal_code: "1100-000",
                country: "PT",
            }),
            coordinates: Some((38.71, -9.14)),
        },
    ),
];

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

/// Builds the world. `today` is where its calendars begin.
pub(crate) fn seed(ids: &Ids, today: Date, app_url: &str) -> World {
    let account = |email: &str| ids.record("acc_", email);
    let domain =
        |email: &str| [ORCHARD, HARBOUR].into_iter().find(|domain| email.ends_with(&format!("@{domain}")));
    let people = PEOPLE.iter().map(|Person(email, name, provider, tzid, owner, reaches)| Login {
        email: (*email).to_owned(),
        name: (*name).to_owned(),
        provider: *provider,
        account_id: account(owner),
        tzid,
        domain: domain(email),
        room: None,
        reaches: reaches.iter().map(|email| (*email).to_owned()).collect(),
        busy: Vec::new(),
    });
    let rooms = ROOMS.iter().map(|(email, name, provider, room)| Login {
        email: (*email).to_owned(),
        name: (*name).to_owned(),
        provider: *provider,
        account_id: account(email),
        tzid: if domain(email) == Some(HARBOUR) { "Europe/Lisbon" } else { "Europe/London" },
        domain: domain(email),
        room: Some(*room),
        reaches: Vec::new(),
        busy: Vec::new(),
    });
    let mut logins: Vec<Login> = people.chain(rooms).collect();
    for (index, login) in logins.iter_mut().enumerate() {
        login.busy = busy(index, today);
    }
    let organization = |name, domain: &'static str, provider| Organization {
        name,
        domain,
        provider,
        administrator: format!("admin@{domain}"),
        service_account_id: ids.record("ser_", domain),
        service_account_email: format!("cronofy-service@{domain}"),
    };
    World {
        organizations: vec![
            organization("Orchard", ORCHARD, Provider::GoogleWorkspace),
            organization("Harbour Dental", HARBOUR, Provider::Office365),
        ],
        unit: unit(ids, app_url),
        logins,
    }
}

fn unit(ids: &Ids, app_url: &str) -> Unit {
    let member = |(email, roles, public): &(&str, &'static [&'static str], bool)| Member {
        sub: ids.record("acc_", email),
        email: (*email).to_owned(),
        roles,
        public_url: public.then(|| format!("{app_url}/pls/{}", ids.named("", &format!("page\0{email}"), 8))),
    };
    let resource = |(email, name, ..): &(&str, &str, Provider, Room)| UnitResource {
        sub: ids.record("res_", email),
        email: (*email).to_owned(),
        name: (*name).to_owned(),
    };
    Unit {
        sub: ids.record("org_", "Orchard Group"),
        name: "Orchard Group",
        members: MEMBERS.iter().map(member).collect(),
        resources: ROOMS.iter().map(resource).collect(),
    }
}

/// Three weeks: an hour a day at an hour that differs by login and day, one day marked free, one day tentative.
fn busy(index: usize, today: Date) -> Vec<Busy> {
    let day = |offset: i64| today.checked_add(offset.days()).unwrap_or(today);
    let mut busy: Vec<Busy> = (1..=20_i64)
        .filter_map(|offset| {
            let hour = 9 + (i64::try_from(index).unwrap_or(0) + offset) % 6;
            let start: Timestamp = day(offset).to_zoned(TimeZone::UTC).ok()?.timestamp();
            let start = start.checked_add(hour.hours()).ok()?;
            let end = start.checked_add(1.hour()).ok()?;
            Some(Busy { when: When::Timed { start, end }, status: BusyStatus::Busy })
        })
        .collect();
    let all_day =
        |offset, status| Busy { when: When::AllDay { start: day(offset), end: day(offset + 1) }, status };
    busy.push(all_day(3, BusyStatus::Free));
    busy.push(all_day(7, BusyStatus::Tentative));
    busy
}
