//! What an application asks for besides.

use core::time::Duration;

use cronofy_api::BookableEventId;
use cronofy_api::application::{
    AuthorizeConferencing, ConferencingAuthorization, ConferencingProvider, CreateElementToken,
    ElementPermission, ProvisionApplication,
};
use cronofy_api::core::RefusalKind;
use cronofy_api::core::types::{ClientSecret, DataCenter, RedirectUri, Sub};
use cronofy_api::credential::AdminKey;
use serde_json::json;

use crate::support::{NOW, answered, api_key, body, member, sent, survives, user};

fn element() -> CreateElementToken {
    CreateElementToken::new(&api_key(), "https://app.example", ElementPermission::Agenda)
}

#[test]
fn create_element_token() {
    let sub = |text: &str| Sub::new(text).unwrap();
    assert_eq!(
        sent(&element().account(sub("acc_1"))),
        "POST https://api.cronofy.com/v1/element_tokens\nauthorization: Bearer CRN_secret\n\
         {\"version\":\"1\",\"permissions\":[\"agenda\"],\"subs\":[\"acc_1\"],\"origin\":\"https://app.example\"}"
    );
    let most = element()
        .and(ElementPermission::AccountManagement)
        .and(ElementPermission::Availability)
        .and(ElementPermission::ManagedAvailability)
        .account(sub("acc_1"))
        .account(sub("acc_2"))
        .bookable_event(BookableEventId::new("first-aid").unwrap());
    assert_eq!(
        body(&most),
        json!({ "version": "1",
            "permissions": ["agenda", "account_management", "availability", "managed_availability"],
            "subs": ["acc_1", "acc_2"], "bookable_event_ids": ["first-aid"], "origin": "https://app.example" })
    );
    // `developers/ui-elements/authentication`
    let granted = json!({ "element_token": { "permissions": ["agenda", "made_up_later"],
        "origin": "https://app.example", "token": "canary", "expires_in": 64800, "made_up_later": [1] } });
    let granted = answered(most, 200, &granted.to_string()).unwrap();
    assert_eq!(granted.token.expose(), "canary");
    assert_eq!(granted.expires_at, Some(NOW.saturating_add(Duration::from_hours(18))));
    assert_eq!(granted.permissions[0], ElementPermission::Agenda);
    assert_eq!(granted.permissions[1].as_str(), "made_up_later");
    assert_eq!(
        (granted.origin.as_deref(), &granted.extra["made_up_later"]),
        (Some("https://app.example"), &json!([1]))
    );
    assert!(!format!("{granted:?}").contains("canary"));

    let least = answered(element(), 200, r#"{"element_token":{"token":"t","permissions":null}}"#).unwrap();
    assert_eq!((least.expires_at, least.permissions.len(), least.origin), (None, 0, None));
    let longest = format!(r#"{{"element_token":{{"token":"t","expires_in":{}}}}}"#, u64::MAX);
    assert!(answered(element(), 200, &longest).unwrap().expires_at.unwrap() > NOW);
    for broken in ["{}", r#"{"element_token":{}}"#, r#"{"element_token":{"token":""}}"#] {
        assert!(answered(element(), 200, broken).is_err(), "{broken}");
    }
}

#[test]
fn authorize_conferencing() {
    let back = || RedirectUri::new("https://app.example/conferencing?user=1").unwrap();
    assert_eq!(
        sent(&AuthorizeConferencing::new(member(), back())),
        "POST https://api.cronofy.com/v1/conferencing_service_authorizations\nauthorization: Bearer token\n\
         cronofy-impersonate: acc_1\n{\"redirect_uri\":\"https://app.example/conferencing?user=1\"}"
    );
    for (provider, text) in [
        (ConferencingProvider::GoTo, "go_to"),
        (ConferencingProvider::MsTeams, "ms_teams"),
        (ConferencingProvider::Zoom, "zoom"),
    ] {
        let call = AuthorizeConferencing::new(user(), back()).provider(provider);
        assert_eq!(body(&call)["provider_name"], text);
    }
    let page = json!({ "url": "https://app.cronofy.com/conferencing_services/x" });
    survives::<ConferencingAuthorization>(page.clone(), &[]);
    let call = AuthorizeConferencing::new(user(), back());
    let read = answered(call.clone(), 200, &json!({ "authorization_request": page }).to_string()).unwrap();
    assert_eq!(read.url, "https://app.cronofy.com/conferencing_services/x");
    assert!(answered(call, 200, r#"{"authorization_request":{}}"#).is_err());
}

#[test]
fn provision_application() {
    let key = AdminKey::new(DataCenter::De, ClientSecret::new("admin").unwrap());
    let call = ProvisionApplication::new(&key, "Orchard", "https://orchard.example");
    assert_eq!(
        sent(&call),
        "POST https://api-de.cronofy.com/v1/applications\nauthorization: Bearer admin\n\
         {\"name\":\"Orchard\",\"url\":\"https://orchard.example\"}"
    );
    let made = r#"{"oauth_client":{"client_id":"id","client_secret":"canary","made_up_later":1}}"#;
    let made = answered(call.clone(), 200, made).unwrap();
    assert_eq!((made.client_id.as_str(), made.client_secret.expose()), ("id", "canary"));
    assert_eq!(made.extra["made_up_later"], 1);
    assert!(!format!("{made:?}").contains("canary"));
    assert!(answered(call.clone(), 200, r#"{"oauth_client":{"client_id":"id"}}"#).is_err());
    let error = answered(call, 401, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::Unauthorized);
}
