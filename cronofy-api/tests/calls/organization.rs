//! The people and rooms of an organizational unit.

use cronofy_api::core::types::{ClientSecret, DataCenter};
use cronofy_api::core::{NextPage, Paged};
use cronofy_api::credential::OrganizationalUnit;
use cronofy_api::organization::{ListMembers, ListUnitResources, UnitResource};
use serde_json::json;

use crate::support::{answered, refused, sent, survives, unit};

#[test]
fn list_members() {
    assert_eq!(
        sent(&ListMembers::new(&unit())),
        "GET https://api.cronofy.com/v1/organizational_unit_members\nauthorization: Bearer token\n"
    );
    let internal =
        OrganizationalUnit::internal_application(DataCenter::Us, ClientSecret::new("CRN_secret").unwrap());
    let second = ListMembers::new(&internal).at(NextPage::new("https://api.cronofy.com/v1/x?page=2"));
    assert_eq!(sent(&second), "GET https://api.cronofy.com/v1/x?page=2\nauthorization: Bearer CRN_secret\n");
    // `developers/api-alpha/organizational-unit-members`
    let body = r#"{"organizational_unit_members":[{"sub":"acc_1","email":"ines@harbourdental.example",
        "roles":["owner"],"scheduler":{"enabled":true,"public_url":null}}],"pages":{"current":1,"total":1}}"#;
    let page = answered(ListMembers::new(&unit()), 200, body).unwrap();
    assert_eq!((page.items.len(), page.next_page()), (1, Ok(None)));
}

#[test]
fn list_unit_resources() {
    assert_eq!(
        sent(&ListUnitResources::new(&unit())),
        "GET https://api.cronofy.com/v1/organizational_unit_resources\nauthorization: Bearer token\n"
    );
    // `developers/api-alpha/organizational-unit-resources`
    let room = json!({ "sub": "res_1", "email": "sala-norte@orchard.example", "name": "Sala Norte",
        "scheduler": { "enabled": true, "public_url": null } });
    survives::<UnitResource>(room.clone(), &["name"]);
    let body = json!({ "organizational_unit_resources": [room], "x": 1,
        "pages": { "next_page": "https://evil.example/" } });
    let page = answered(ListUnitResources::new(&unit()), 200, &body.to_string()).unwrap();
    assert_eq!((page.items[0].sub.as_str(), &page.extra["x"]), ("res_1", &json!(1)));
    assert!(page.next_page().is_err());
    let foreign = ListUnitResources::new(&unit()).at(NextPage::new("https://evil.example/"));
    assert_eq!(refused(&foreign), "the page is on another server than the credentials are for");
}
