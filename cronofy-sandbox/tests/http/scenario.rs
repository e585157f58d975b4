//! Worlds that are written down: at the start, and while the sandbox runs.

use serde_json::json;

use crate::support::*;

/// A dentist with one practice, in a world of her own.
const PRACTICE: &str = r#"
world = "replace"

[settings]
auto_consent = "zoe@practice.example"
user_token_seconds = 600

[[applications]]
name = "Booking desk"
client_id = "booking-desk"
client_secrets = ["not-a-secret"]

[[organizations]]
domain = "practice.example"
name = "Practice"
provider = "office365"
administrator = "zoe@practice.example"

[[users]]
email = "zoe@practice.example"
name = "Zoe"
tzid = "Europe/Madrid"
reaches = ["chair@practice.example"]
calendars = [{ name = "Nights", color = "blue" }]
events = [
  { summary = "Root canal", day = 1, start = "09:00", end = "10:00" },
  { summary = "On call", day = 1, last_day = 2, start = "20:00", end = "08:00", calendar = "Nights" },
  { summary = "Congress", day = 4, last_day = 5 },
]

[[rooms]]
email = "chair@practice.example"
name = "Chair"
capacity = 1

[organizational_unit]
name = "Practices"
members = [{ email = "zoe@practice.example", roles = ["owner"] }]
resources = ["chair@practice.example"]
"#;

#[test]
fn a_world_of_ones_own() {
    let sandbox = builder().scenario(PRACTICE).start_blocking().expect("the scenario can be");
    let ready = serde_json::to_value(sandbox.ready()).expect("it serialises");
    assert_eq!((sandbox.client_id(), sandbox.client_secret()), ("booking-desk", "not-a-secret"));
    assert_eq!(ready["users"].as_array().map(Vec::len), Some(1));
    assert_eq!(ready["users"][0]["profiles"][0]["provider_service"], "office365");
    assert_eq!(ready["service_account"]["email"], "cronofy-service@practice.example");
    assert_eq!(ready["rooms"][0]["domain"], "practice.example");
    let code = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).param("code").expect("she agrees");
    let zoe = Connected(exchange(&sandbox, &code).is(200).json());
    assert_eq!(zoe.0["expires_in"], 600);
    let calendars = get(&sandbox, "/v1/calendars", zoe.token()).is(200).json();
    let names: Vec<&str> = calendars["calendars"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|c| c["calendar_name"].as_str())
        .collect();
    assert_eq!(names, ["Zoe", "Public holidays", "Nights"]);
    let busy = get(&sandbox, "/v1/free_busy?tzid=Etc/UTC", zoe.token()).is(200).json();
    assert_eq!(busy["free_busy"].as_array().map(Vec::len), Some(3), "{busy}");
}

#[test]
fn what_the_builder_says_counts_more() {
    let builder = builder().scenario(PRACTICE).page_size(7).auto_consent(cronofy_sandbox::AutoConsent::Deny);
    let sandbox = builder.start_blocking().expect("the scenario can be");
    let denied = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[]));
    assert_eq!(denied.param("error").as_deref(), Some("access_denied"));
}

#[test]
fn a_file_that_cannot_be_starts_nothing() {
    let start = |toml: &str| builder().scenario(toml).start_blocking().expect_err("it cannot be").to_string();
    let taken = "[[users]]\nemail = \"Ada@orchard.example\"\nname = \"Another\"\n";
    assert_eq!(
        start(taken),
        "scenario: line 2, column 9: users[0].email: Ada@orchard.example is taken already"
    );
    let lost = "[[users]]\nemail = \"ida@elsewhere.example\"\nname = \"Ida\"\n";
    assert_eq!(
        start(lost),
        "scenario: line 1, column 1: users[0]: `provider` is missing, and no organization has the domain of \
         ida@elsewhere.example"
    );
    let nobody = "[settings]\nauto_consent = \"nobody@orchard.example\"\n";
    assert_eq!(
        start(nobody),
        "scenario: line 2, column 16: settings.auto_consent: nobody in the sandbox has the address \
         nobody@orchard.example"
    );
    assert!(builder().scenario_file("no-such.toml").start_blocking().is_err());
}

#[test]
fn the_built_in_world_is_extended() {
    let more =
        "[[users]]\nemail = \"ida@orchard.example\"\nname = \"Ida\"\nreaches = [\"ada@orchard.example\"]\n";
    let sandbox = builder().seed(3).scenario(more).start_blocking().expect("the scenario can be");
    let plain = builder().seed(3).start_blocking().expect("a sandbox starts");
    assert_eq!(sandbox.client_id(), plain.client_id());
    let of = |sandbox: &cronofy_sandbox::Sandbox| json!(sandbox.ready().users[..8]);
    assert_eq!(of(&sandbox), of(&plain));
    assert_eq!(sandbox.ready().users.len(), plain.ready().users.len() + 1);
    let ida = connect_user(&sandbox, "ida@orchard.example");
    assert_eq!(ida.0["linking_profile"]["provider_service"], "gsuite");
}
