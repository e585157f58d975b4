//! Accounts and their profiles.

use cronofy_api::core::RefusalKind;
use cronofy_api::identity::{AccountAnswer, ListProfiles, ProfileList, ReadAccount, ReadUserinfo};
use serde_json::json;

use crate::support::{answered, member, sent, service_account, survives, user};

fn asks(call: &impl cronofy_api::core::Endpoint, path: &str, impersonate: &str) {
    let bearer = "authorization: Bearer token\n";
    assert_eq!(sent(call), format!("GET https://api.cronofy.com{path}\n{bearer}{impersonate}"));
}

#[test]
fn read_userinfo() {
    asks(&ReadUserinfo::new(user()), "/v1/userinfo", "");
    asks(&ReadUserinfo::new(service_account()), "/v1/userinfo", "");
    asks(&ReadUserinfo::new(member()), "/v1/userinfo", "cronofy-impersonate: acc_1\n");
    let body = r#"{"sub":"acc_1","cronofy.type":"made_up_later","cronofy.data":{}}"#;
    assert_eq!(answered(ReadUserinfo::new(user()), 200, body).unwrap().sub.as_str(), "acc_1");
}

#[test]
fn read_account() {
    asks(&ReadAccount::new(service_account()), "/v1/account", "");
    // `developers/api/identity/account`
    let body = json!({
        "account": { "account_id": "acc_1", "email": "ines@harbourdental.example", "name": "Ines Okafor",
            "scope": "read_account list_calendars", "default_tzid": "Europe/Lisbon" },
        "sub": "acc_1",
    });
    survives::<AccountAnswer>(body.clone(), &["default_tzid"]);
    let answer = answered(ReadAccount::new(user()), 200, &body.to_string()).unwrap();
    assert_eq!(answer.account.scope.unwrap().len(), 2);
    let short = r#"{"account":{"account_id":"acc_1","name":null,"email":""}}"#;
    assert_eq!(answered(ReadAccount::new(user()), 200, short).unwrap().account.email, None);
    assert!(answered(ReadAccount::new(user()), 200, "{}").is_err());
    let refused = answered(ReadAccount::new(user()), 403, "Forbidden").unwrap_err();
    assert_eq!(refused.refusal().unwrap().kind(), RefusalKind::Forbidden);
}

#[test]
fn list_profiles() {
    asks(&ListProfiles::new(user()), "/v1/profiles", "");
    // `developers/api/identity/profile`
    let body = json!({ "profiles": [
        { "provider_name": "google_free_busy", "provider_service": "google_free_busy", "profile_id": "pro_1",
          "profile_name": "tom@orchard.example", "profile_connected": false, "profile_initial_sync_required": false,
          "profile_relink_url": "https://app.cronofy.example/relink" },
        { "provider_name": "cronofy", "provider_service": "cronofy", "profile_id": "pro_2" },
    ] });
    survives::<ProfileList>(body.clone(), &["provider_name", "provider_service"]);
    let list = answered(ListProfiles::new(user()), 200, &body.to_string()).unwrap();
    assert!(list.profiles[0].provider_name.is_free_busy() && !list.profiles[1].provider_name.is_free_busy());
}
