//! Whatever arrives.

use std::sync::LazyLock;

use cronofy_sandbox::{AutoConsent, BlockingSandbox};
use proptest::prelude::*;

use crate::support::*;

static SANDBOX: LazyLock<BlockingSandbox> =
    LazyLock::new(|| builder().auto_consent(AutoConsent::Auto).start_blocking().expect("a sandbox starts"));

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_redirect_uri_keeps_its_query(query in "[a-zA-Z0-9%&=+._~/?-]{0,40}", state in "\\PC{1,40}") {
        let uri = format!("http://app.example/cb?{query}");
        let back = browse(&SANDBOX, &target(&SANDBOX, INDIVIDUAL, &[("redirect_uri", &uri), ("state", &state)]));
        let location = back.header("location").expect("a redirect").to_owned();
        prop_assert!(location.starts_with(&uri), "{location}");
        let codes = back.redirect().into_iter().filter(|(name, value)| name == "code" && value.len() == 32).count();
        prop_assert_eq!(codes, 1);
        let states = back.redirect().into_iter().filter(|(name, value)| name == "state" && *value == state).count();
        prop_assert!(states >= 1);
    }

    #[test]
    fn s31_no_bytes_make_the_token_endpoint_fail(
        body in prop::collection::vec(any::<u8>(), 0..400),
        kind in prop::sample::select(vec!["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
    ) {
        for path in ["/oauth/token", "/oauth/token/revoke"] {
            let answer = send(SANDBOX.api_url(), "POST", path, &[("Content-Type", kind)], &body);
            prop_assert_eq!(answer.status, 400);
        }
    }

    #[test]
    fn no_query_makes_the_authorization_page_fail(query in "[!$-;=?-~]{0,120}") {
        for path in [INDIVIDUAL, ENTERPRISE] {
            let answer = browse(&SANDBOX, &format!("{path}?{query}"));
            prop_assert!(answer.status < 500);
            prop_assert!(!answer.body.contains("<script"));
        }
    }

    #[test]
    fn no_json_makes_an_endpoint_fail(text in "[\\[\\]{}\":,a-z0-9 ]{0,80}") {
        let bearer = format!("Bearer {}", SANDBOX.client_secret());
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
        for path in ["/v1/availability", "/v1/application_verification", "/v1/application_calendars"] {
            let answer = send(SANDBOX.api_url(), "POST", path, &headers, text.as_bytes());
            prop_assert!(answer.status < 500, "{path} {}", answer.status);
        }
    }
}
