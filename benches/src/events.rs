//! Reading a page of events.

use std::fmt::Write as _;
use std::hint::black_box;

use cronofy_api::core::Endpoint as _;
use cronofy_api::core::types::{AccessToken, DataCenter};
use cronofy_api::credential::UserToken;
use cronofy_api::events::{EventsPageRef, ReadEvents};
use cronofy_api::{Str, Tzid};
use http::Response;
use serde::Deserialize;

use crate::inputs::NOW;
use crate::{Case, Group, Runner, each};

/// A hundred events of nineteen members each, from the body to something that a program can look at.
pub const PAGE: Group = Group {
    name: "events page",
    cases: &[
        Case { name: "limit", prepare: borrowed },
        Case { name: "ours, borrowed", prepare: ours_borrowed },
        Case { name: "ours, owned", prepare: ours_owned },
        Case { name: "serde_json, owned, UTF-8 once", prepare: owned_once },
        Case { name: "serde_json, owned", prepare: owned },
        Case { name: "serde_json, Value", prepare: value },
    ],
};

/// How many there are on the page.
const EVENTS: usize = 100;

/// The page: the members that are documented, of the lengths that they have, in 76 KB.
pub fn body() -> String {
    let mut text = r#"{"pages":{"current":1,"total":2,"next_page":"https://api.cronofy.com/v1/events/pages/08a07b034306679e"},"events":["#.to_owned();
    for number in 0..EVENTS {
        let (day, comma) = (number % 28 + 1, if number == 0 { "" } else { "," });
        write!(
            text,
            r#"{comma}{{"calendar_id":"cal_U9uuErStTG@EAAAB_IsAsykA2DBTWqQTf-f0kJw","event_uid":"evt_external_54008b1a4a41730f8d5c{number:04x}","summary":"Quarterly planning with the northern team {number:03}","description":"Please bring the figures of the last quarter.\nAgenda: review, outlook, other.","start":"2031-03-{day:02}T09:00:00Z","end":"2031-03-{day:02}T10:30:00Z","deleted":false,"created":"2031-01-10T08:00:01Z","updated":"2031-01-12T09:24:16Z","location":{{"description":"Building 2, room 14"}},"participation_status":"needs_action","attendees":[{{"email":"rui.pais@orchard.example","display_name":"Rui Pais","status":"needs_action"}}],"organizer":{{"email":"ines@harbourdental.example","display_name":"Ines Okafor"}},"transparency":"opaque","status":"confirmed","categories":[],"recurring":false,"event_private":false,"options":{{"delete":false,"update":false,"change_participation_status":true}}}}"#
        )
        .expect("a string takes any text");
    }
    text + "]}"
}

macro_rules! page {
    ($module:ident, [$($of:tt)*], $text:ty $(, #[$borrow:meta])?) => {
        mod $module {
            use super::*;

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "read to be made, not to be looked at")]
            pub(super) struct Page $($of)* {
                $(#[$borrow])?
                pages: Pages $($of)*,
                $(#[$borrow])?
                events: Vec<Event $($of)*>,
            }

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "as above")]
            struct Pages $($of)* {
                current: u32,
                total: u32,
                $(#[$borrow])?
                next_page: Option<$text>,
            }

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, clippy::struct_field_names, reason = "as above, and named as on the wire")]
            struct Event $($of)* {
                $(#[$borrow])?
                calendar_id: $text,
                $(#[$borrow])?
                event_uid: $text,
                $(#[$borrow])?
                summary: Option<$text>,
                $(#[$borrow])?
                description: Option<$text>,
                $(#[$borrow])?
                start: $text,
                $(#[$borrow])?
                end: $text,
                deleted: bool,
                $(#[$borrow])?
                created: Option<$text>,
                $(#[$borrow])?
                updated: Option<$text>,
                $(#[$borrow])?
                location: Option<Location $($of)*>,
                $(#[$borrow])?
                participation_status: Option<$text>,
                $(#[$borrow])?
                attendees: Vec<Attendee $($of)*>,
                $(#[$borrow])?
                organizer: Option<Organizer $($of)*>,
                $(#[$borrow])?
                transparency: Option<$text>,
                $(#[$borrow])?
                status: Option<$text>,
                $(#[$borrow])?
                categories: Vec<$text>,
                recurring: bool,
                event_private: bool,
                options: Option<Options>,
            }

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "as above")]
            struct Location $($of)* {
                $(#[$borrow])?
                description: Option<$text>,
            }

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "as above")]
            struct Attendee $($of)* {
                $(#[$borrow])?
                email: $text,
                $(#[$borrow])?
                display_name: Option<$text>,
                $(#[$borrow])?
                status: Option<$text>,
            }

            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "as above")]
            struct Organizer $($of)* {
                $(#[$borrow])?
                email: $text,
                $(#[$borrow])?
                display_name: Option<$text>,
            }
        }
    };
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be made, not to be looked at")]
struct Options {
    delete: bool,
    update: bool,
    change_participation_status: bool,
}

page!(of_pieces, [<'a>], Str<'a>, #[serde(borrow)]);
page!(of_copies, [], String);

/// The least that the work can cost: UTF-8 checked once, and every text a piece of the body.
fn borrowed() -> Runner {
    let body: &'static str = body().leak();
    each(move || {
        let text = std::str::from_utf8(black_box(body.as_bytes())).expect("it was a string");
        serde_json::from_str::<of_pieces::Page<'_>>(text).expect(READ)
    })
}

fn ours_borrowed() -> Runner {
    let body: &'static str = body().leak();
    each(move || EventsPageRef::parse(black_box(body.as_bytes())).expect(READ))
}

/// The call's own reading, next page and all.
fn ours_owned() -> Runner {
    let token = AccessToken::new("token").expect(READ);
    let mut call = ReadEvents::new(UserToken::new(DataCenter::Us, token), Tzid::utc());
    let body = bytes::Bytes::from(body());
    each(move || call.read(Response::new(black_box(&body).clone()), NOW).expect(READ))
}

fn owned_once() -> Runner {
    let body = body();
    each(move || {
        let text = std::str::from_utf8(black_box(body.as_bytes())).expect("it was a string");
        serde_json::from_str::<of_copies::Page>(text).expect(READ)
    })
}

fn owned() -> Runner {
    let body = body();
    each(move || serde_json::from_slice::<of_copies::Page>(black_box(body.as_bytes())).expect(READ))
}

fn value() -> Runner {
    let body = body();
    each(move || serde_json::from_slice::<serde_json::Value>(black_box(body.as_bytes())).expect(READ))
}

const READ: &str = "the constants above are valid";
