//! Answers of the server, through the endpoints that read them.

use core::time::Duration;
use std::collections::BTreeSet;

use bytes::Bytes;
use cronofy_auth_core::discovery::{AccessibleCalendarsOf, MembersOf, ResourcesOf, UserinfoOf};
use cronofy_auth_core::token::{CodeOrigin, LONGEST_LIFETIME, Refresh, Revoke, TokenExchange, TokenSet};
use cronofy_auth_core::types::{
    AccessToken, AuthorizationCode, DataCenter, ProfileId, RedirectUri, RefreshToken, Sub, TokenResponse,
};
use cronofy_auth_core::{Endpoint, Error, Flow as _, Input, Paged as _, RefusalKind, RetryPolicy, Step};
use http::HeaderValue;
use http::header::RETRY_AFTER;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::every_flow::app;
use crate::script::response;
use crate::{NOW, is_clean};

/// The body of a token answer.
///
/// What is accepted holds the very token that the JSON holds and lives no longer than is allowed; what is refused
/// is refused alike wherever it is read, in words that repeat nothing.
pub fn token_response(data: &[u8]) {
    let parsed = TokenResponse::parse(data);
    let exchanged = exchange().read(ok(data), NOW);
    let refreshed = Refresh::with_token(app(), RefreshToken::new("old").unwrap()).read(ok(data), NOW);
    match (parsed, exchanged, refreshed) {
        (Ok(parsed), Ok(exchanged), Ok(refreshed)) => {
            let body: Value = serde_json::from_slice(data).unwrap();
            assert_eq!(body["access_token"], parsed.access_token.expose());
            assert!(body.get("error").is_none_or(Value::is_null));
            for tokens in [&exchanged, &refreshed] {
                assert_eq!(tokens.access_token.expose(), parsed.access_token.expose());
                assert!(lifetime(tokens) <= LONGEST_LIFETIME);
            }
            let replaced = parsed.refresh_token.as_ref().map(RefreshToken::expose);
            assert_eq!(exchanged.refresh_token.as_ref().map(RefreshToken::expose), replaced);
            let kept = refreshed.refresh_token.as_ref().map(RefreshToken::expose);
            assert_eq!(kept, replaced.or(Some("old")));
        }
        (Err(error), Err(Error::BadAnswer(_)), Err(Error::BadAnswer(_))) => {
            let said = error.to_string();
            assert!(said.len() < 120 && is_clean(&said));
        }
        (parsed, exchanged, refreshed) => {
            panic!("three readers, {}, {}, {}", parsed.is_ok(), exchanged.is_ok(), refreshed.is_ok())
        }
    }
}

/// A whole response, see `script::response`.
///
/// A success is never refused and nothing else is ever taken for one; a grant is dead by the one error that says
/// so; and what is said of it can be put into a log.
pub fn error_response(data: &[u8]) {
    let response = response(data);
    let mut revoke = Revoke::sub(app(), Sub::new("acc_1").unwrap());
    let success = response.status().is_success();
    match revoke.read(response.clone(), NOW) {
        Ok(()) => assert!(success),
        Err(Error::Refused(refusal)) => {
            assert!(!success && refusal.status == response.status());
            assert_eq!(refusal.needs_reconnect(), refusal.kind() == RefusalKind::InvalidGrant);
            assert!(!(refusal.needs_reconnect() && refusal.is_retryable()));
            assert!(!refusal.needs_reconnect() || [400, 401].contains(&refusal.status.as_u16()));
            assert!(refusal.retry_after.is_none() || response.headers().contains_key(RETRY_AFTER));
            let said = refusal.to_string();
            assert!(is_clean(&said) && said.len() < 16 * 1024);
        }
        Err(error) => panic!("{error}"),
    }
    // The other readers see the same refusal.
    assert_eq!(exchange().read(response, NOW).is_err_and(|error| error.refusal().is_some()), !success);
}

/// The body of a 422.
///
/// Every parameter that it names is told of, and nothing else is; what is said of it can be put into a log, however
/// much it is.
pub fn field_errors(data: &[u8]) {
    let mut response = ok(data);
    *response.status_mut() = http::StatusCode::UNPROCESSABLE_ENTITY;
    let answer = UserinfoOf::new(DataCenter::Us, token()).read(response, NOW);
    let Err(Error::Refused(refusal)) = answer else { panic!("{answer:?}") };
    assert!(refusal.kind() == RefusalKind::InvalidRequest && !refusal.is_retryable());
    let body: Option<Value> = serde_json::from_slice(data).ok();
    let named = body.as_ref().and_then(|body| body.get("errors")).and_then(Value::as_object);
    let named: BTreeSet<&str> = named.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    assert_eq!(refusal.fields.iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), named);
    assert!(refusal.fields.iter().all(|(name, faults)| refusal.fields.of(name) == faults));
    let said = refusal.to_string();
    assert!(is_clean(&said) && said.len() < 16 * 1024);
}

/// The value of a `Retry-After`.
///
/// It is waited for as far as the caller is patient, and told where it is not; what says nothing is waited for as
/// if it were not there.
pub fn retry_after(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let policy = RetryPolicy::default();
    let mut call = UserinfoOf::new(DataCenter::Us, token()).call().with_policy(policy);
    assert!(matches!(call.step(Input::Start, NOW), Ok(Step::Send(_))));
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, value);
    match call.step(Input::Response(response), NOW) {
        Ok(Step::Sleep(wait)) => {
            // As asked, and a bit of chance on top.
            assert!(wait <= policy.longest_wait + policy.first_wait / 2);
            assert!(matches!(call.step(Input::Woke, NOW), Ok(Step::Send(_))));
        }
        Err(Error::Refused(refusal)) => {
            assert!(refusal.retry_after.is_some_and(|wait| wait > policy.longest_wait));
        }
        other => panic!("{other:?}"),
    }
}

/// The body of a userinfo answer, and of the listings.
///
/// What one of them accepts can be written down and read back as it was, and the next page is asked for nowhere
/// but on the server that was asked before.
pub fn userinfo(data: &[u8]) {
    let us = DataCenter::Us;
    if let Ok(userinfo) = UserinfoOf::new(us.clone(), token()).read(ok(data), NOW) {
        written_and_read(&userinfo);
        let _ = userinfo.service_account_domain();
        assert!(userinfo.free_busy_profiles().count() <= userinfo.data.profiles.len());
    }
    let profile = ProfileId::new("pro_1").unwrap();
    if let Ok(calendars) = AccessibleCalendarsOf::new(us.clone(), token(), profile).read(ok(data), NOW) {
        written_and_read(&calendars);
    }
    if let Ok(resources) = ResourcesOf::new(us.clone(), token()).read(ok(data), NOW) {
        written_and_read(&resources);
    }
    let mut members = MembersOf::new(us, token());
    if let Ok(page) = members.read(ok(data), NOW) {
        written_and_read(&page.items);
        if let Ok(Some(next)) = page.next_page() {
            let request = members.at(next.clone()).request().unwrap();
            let uri = request.uri();
            assert_eq!(uri.scheme_str(), Some("https"));
            assert!(uri.host().unwrap().eq_ignore_ascii_case("api.cronofy.com"));
            assert!(matches!(uri.port_u16(), None | Some(443)));
            assert!(!uri.authority().unwrap().as_str().contains('@'));
        }
    }
}

pub(crate) fn written_and_read<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T) {
    // Not as text: a number's last digit is not always read as it was written.
    let written = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(written).unwrap(), value);
}

pub(crate) fn ok(body: &[u8]) -> http::Response<Bytes> {
    http::Response::new(Bytes::copy_from_slice(body))
}

fn lifetime(tokens: &TokenSet) -> Duration {
    tokens.expires_at.saturating_since(tokens.received_at)
}

fn exchange() -> TokenExchange {
    let origin = CodeOrigin::Redirect(RedirectUri::new("https://app.example/").unwrap());
    TokenExchange::new(app(), AuthorizationCode::new("code").unwrap(), origin)
}

fn token() -> AccessToken {
    AccessToken::new("token").unwrap()
}
