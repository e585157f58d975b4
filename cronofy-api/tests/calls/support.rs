//! What the tests of the calls share: credentials, requests as text, answers.

use core::fmt::Write as _;

use bytes::Bytes;
use cronofy_api::core::types::{AccessToken, CalendarId, ClientSecret, DataCenter, Sub, Timestamp};
use cronofy_api::core::{Endpoint, Error};
use cronofy_api::credential::{ApiKey, Impersonation, OrganizationalUnit, ServiceAccountToken, UserToken};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

pub(crate) fn user() -> UserToken {
    UserToken::new(DataCenter::Us, AccessToken::new("token").unwrap())
}

pub(crate) fn service_account() -> ServiceAccountToken {
    ServiceAccountToken::new(DataCenter::Us, AccessToken::new("token").unwrap())
}

pub(crate) fn unit() -> OrganizationalUnit {
    OrganizationalUnit::new(DataCenter::Us, AccessToken::new("token").unwrap())
}

pub(crate) fn member() -> Impersonation {
    unit().impersonating(Sub::new("acc_1").unwrap())
}

pub(crate) fn api_key() -> ApiKey {
    ApiKey::new(DataCenter::Us, ClientSecret::new("CRN_secret").unwrap())
}

pub(crate) fn calendar() -> CalendarId {
    CalendarId::new("cal_a@b_c").unwrap()
}

/// Method, URL, the headers that are not the same everywhere, and the body.
#[track_caller]
pub(crate) fn sent(call: &impl Endpoint) -> String {
    let request = call.request().unwrap();
    assert_eq!(request.headers()["accept"], "application/json");
    let body = core::str::from_utf8(request.body().as_bytes()).unwrap();
    let content_type = request.headers().get("content-type").map(|value| value.to_str().unwrap());
    assert_eq!(content_type, (!body.is_empty()).then_some("application/json; charset=utf-8"));
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for name in ["authorization", "cronofy-impersonate"] {
        if let Some(value) = request.headers().get(name) {
            writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    text + body
}

/// The body that is sent, as JSON.
#[track_caller]
pub(crate) fn body(call: &impl Endpoint) -> Value {
    serde_json::from_slice(call.request().unwrap().body().as_bytes()).unwrap()
}

/// Why a call is not sent.
#[track_caller]
pub(crate) fn refused(call: &impl Endpoint) -> String {
    call.request().unwrap_err().to_string()
}

/// What a call makes of an answer.
pub(crate) fn answered<E: Endpoint>(mut call: E, status: u16, body: &str) -> Result<E::Output, Error> {
    let mut response = http::Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    call.read(response, NOW)
}

/// An object is read whatever is added to it, says so, and is written as it was read.
///
/// Every object in it, at any depth, gets a member that nobody knows; every text in the members named in `open` is
/// replaced by one that nobody knows.
#[track_caller]
pub(crate) fn survives<T: Serialize + DeserializeOwned>(mut value: Value, open: &[&str]) {
    fn add(value: &mut Value, open: &[&str]) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    if open.contains(&name.as_str()) && member.is_string() {
                        *member = json!("made_up_later");
                    }
                    add(member, open);
                }
                members.insert("made_up_later".to_owned(), json!({ "x": [1, null, "é"] }));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| add(item, open)),
            _ => {}
        }
    }
    let plain: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(plain).unwrap(), value);
    add(&mut value, open);
    let read: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), value);
}
