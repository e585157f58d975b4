//! Stored forms, pinned as text for ever: a database row written by any release must be read by this one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "serde")]

mod support;

use core::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::{BusinessConnect, ConnectMode, PendingAuthorization};
use cronofy_auth_core::delegate::{DelegationRequest, PendingDelegation, Through, business, enterprise};
use cronofy_auth_core::types::{
    CallbackUrl, ClientId, ClientSecret, CustomBase, DataCenter, DelegatedScope, EmailAddress, ProfileId,
    RedirectUri, Scope, Scopes, State,
};
use proptest::prelude::*;
use support::{NOW, app, state, token};

const AUTHORIZATION_V1: &str = r#"{"version":1,"mode":"business","client_id":"client-id","data_center":"us","state":"st-1","redirect_uri":"https://app.example/cb","scope":"read_write felines","delegated_scope":"read_only","started_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-04T11:15:00Z"}"#;

const DELEGATION_V1: &str = r#"{"version":1,"through":{"profile":"pro_1"},"client_id":"client-id","data_center":"us","state":"st-1","callback_url":"https://app.example/callback","email":"a@example.com","scope":"read_only","started_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-11T10:15:00Z"}"#;

const ENTERPRISE_V1: &str = r#"{"version":1,"through":"service_account","client_id":"client-id","data_center":{"api":"http://127.0.0.1:4010","app":"http://127.0.0.1:4011"},"state":"st-1","callback_url":"https://app.example/callback","email":"a@example.com","scope":"read_only","started_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-11T10:15:00Z"}"#;

fn authorization() -> PendingAuthorization {
    let redirect_uri = RedirectUri::new("https://app.example/cb").unwrap();
    let scope: Scopes = "read_write felines".parse().unwrap();
    let connect = BusinessConnect::new(redirect_uri, scope, DelegatedScope::ReadOnly).unwrap();
    connect.authorize(&app(), state(), NOW).pending
}

fn request() -> DelegationRequest {
    DelegationRequest::new(
        EmailAddress::new("a@example.com").unwrap(),
        CallbackUrl::new("https://app.example/callback").unwrap(),
        Scopes::from([Scope::ReadOnly]),
        state(),
    )
}

#[test]
fn version_1_is_read_and_written() {
    assert_eq!(serde_json::to_string(&authorization()).unwrap(), AUTHORIZATION_V1);
    assert_eq!(serde_json::from_str::<PendingAuthorization>(AUTHORIZATION_V1).unwrap(), authorization());
    assert_eq!(authorization().mode(), ConnectMode::Business);

    let (_, delegation) =
        business(&app(), token(), ProfileId::new("pro_1").unwrap(), request(), NOW).unwrap();
    assert_eq!(serde_json::to_string(&delegation).unwrap(), DELEGATION_V1);
    assert_eq!(serde_json::from_str::<PendingDelegation>(DELEGATION_V1).unwrap(), delegation);

    let base = CustomBase::new("http://127.0.0.1:4010", "http://127.0.0.1:4011").unwrap();
    let sandbox = App::new(
        ClientId::new("client-id").unwrap(),
        ClientSecret::new("s").unwrap(),
        DataCenter::Custom(base),
    );
    let delegation = enterprise(&sandbox, token(), &[request()], NOW).unwrap().1.remove(0);
    assert_eq!(serde_json::to_string(&delegation).unwrap(), ENTERPRISE_V1);
    assert_eq!(serde_json::from_str::<PendingDelegation>(ENTERPRISE_V1).unwrap(), delegation);
    assert_eq!(*delegation.through(), Through::ServiceAccount);
}

#[test]
fn what_is_damaged_or_newer_is_refused_with_the_reason() {
    let refused = |form: String| serde_json::from_str::<PendingAuthorization>(&form).unwrap_err().to_string();
    let newer = "the stored form has version 2, and this library reads version 1";
    assert!(refused(AUTHORIZATION_V1.replace("\"version\":1", "\"version\":2")).starts_with(newer));
    assert!(
        refused(r#"{"mode":"hybrid","version":2}"#.to_owned()).starts_with(newer),
        "whatever comes first"
    );
    assert!(
        refused(AUTHORIZATION_V1.replace("\"us\"", "\"fr\""))
            .starts_with("data center is not one of the known names")
    );
    assert!(refused(AUTHORIZATION_V1.replace("\"us\"", "\"\"")).starts_with("data center is empty"));
    assert!(
        refused(AUTHORIZATION_V1.replace("\"version\":1,", "")).starts_with("the stored form has no version")
    );
    assert!(
        refused(AUTHORIZATION_V1.replace("https://app", "ftp://app"))
            .starts_with("redirect URI does not start with")
    );
}

#[test]
fn no_secret_is_stored() {
    let stored = serde_json::to_string(&authorization()).unwrap();
    assert!(!stored.contains("CRN_secret"));
}

proptest! {
    #[test]
    fn a_pending_value_round_trips(
        state in "[^\\x00-\\x1f\\x7f]{1,40}",
        email in "[^\\x00-\\x1f\\x7f]{1,40}",
        seconds in 0u64..4_000_000_000,
        batch in any::<bool>(),
    ) {
        let now = NOW.saturating_add(Duration::from_secs(seconds));
        let mut request = request();
        request.email = EmailAddress::new(email).unwrap();
        request.state = State::new(state).unwrap();
        let pending = if batch {
            enterprise(&app(), token(), &[request], now).unwrap().1.remove(0)
        } else {
            business(&app(), token(), ProfileId::new("pro_1").unwrap(), request, now).unwrap().1
        };
        let stored = serde_json::to_string(&pending).unwrap();
        prop_assert_eq!(serde_json::from_str::<PendingDelegation>(&stored).unwrap(), pending);
    }
}
