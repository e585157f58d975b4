//! Pages of events, and where the next one may be.

use cronofy_api::credential::UserToken;
use cronofy_api::events::{Event, EventsPageRef, ReadEvents};
use cronofy_api::{Raw, Tzid};
use cronofy_auth_core::types::{AccessToken, CustomBase, DataCenter};
use cronofy_auth_core::{Endpoint, NextPage, Paged as _};
use serde_json::json;
use url::Url;

use crate::NOW;
use crate::answers::{ok, written_and_read};

/// A page of events.
///
/// What is accepted can be written down and read back as it was; the borrowed form, where it accepts as well, says the
/// same of every event; and the next page is asked for nowhere but on the server that was asked before.
pub fn events_page(data: &[u8]) {
    let mut call = ReadEvents::new(user(DataCenter::Us), Tzid::utc());
    let Ok(page) = call.read(ok(data), NOW) else { return };
    written_and_read::<Vec<Event>>(&page.items);
    // The body comes through as it is, and the borrowed form is the stricter one.
    assert_eq!(Raw(call.clone()).read(ok(data), NOW).unwrap(), data);
    if let Ok(borrowed) = EventsPageRef::parse(data) {
        assert_eq!(borrowed.events.len(), page.items.len());
        for (borrowed, owned) in borrowed.events.iter().zip(&page.items) {
            assert_eq!(borrowed.event_uid.as_str(), owned.event_uid.as_str());
            assert_eq!(borrowed.summary.as_deref(), owned.summary.as_deref());
            // What is odd is text in the one and put aside in the other.
            assert!(borrowed.extra.iter().all(|(name, value)| owned.extra.get(name) == Some(value)));
            let start = borrowed.start.as_ref().and_then(|start| start.parse().ok());
            assert_eq!(start, owned.start);
        }
    }
    if let Ok(Some(next)) = page.next_page() {
        goes_to(&call.at(next.clone()), "https", "api.cronofy.com", 443);
    }
}

/// The URL of a next page, as any text.
///
/// It is followed to the very server that was asked before, whatever another parser takes it for, or not at all; and
/// the events of the page before it are there either way.
pub fn next_page(data: &[u8]) {
    let Ok(url) = core::str::from_utf8(data) else { return };
    let body = json!({ "pages": { "next_page": url }, "events": [{ "calendar_id": "c", "event_uid": "e" }] });
    let sandbox = CustomBase::new("http://127.0.0.1:4010", "http://127.0.0.1:4010").unwrap();
    for (data_center, scheme, host, port) in [
        (DataCenter::Us, "https", "api.cronofy.com", 443),
        (DataCenter::Custom(sandbox), "http", "127.0.0.1", 4010),
    ] {
        let mut call = ReadEvents::new(user(data_center), Tzid::utc());
        let page = call.read(ok(body.to_string().as_bytes()), NOW).unwrap();
        assert_eq!(page.items.len(), 1);
        match page.next_page() {
            Ok(Some(next)) => {
                assert_eq!(next.as_str(), url);
                goes_to(&call.at(next.clone()), scheme, host, port);
            }
            Ok(None) => assert!(url.is_empty()),
            // And not even for whoever insists.
            Err(_) => assert!(call.at(NextPage::new(url)).request().is_err()),
        }
    }
}

fn user(data_center: DataCenter) -> UserToken {
    UserToken::new(data_center, AccessToken::new("token").unwrap())
}

/// As `http` reads its URL, and as the parser of browsers does.
fn goes_to(call: &impl Endpoint, scheme: &str, host: &str, port: u16) {
    let request = call.request().unwrap();
    let uri = request.uri();
    assert_eq!(uri.scheme_str(), Some(scheme));
    assert!(uri.host().unwrap().eq_ignore_ascii_case(host));
    assert!(!uri.authority().unwrap().as_str().contains('@'));
    let url = Url::parse(&uri.to_string()).unwrap();
    assert_eq!((url.scheme(), url.host_str(), url.port_or_known_default()), (scheme, Some(host), Some(port)));
}
