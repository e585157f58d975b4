//! What an authorization request can get wrong (RFC 6749, section 4.1.2.1).

use crate::support::*;

#[test]
fn a_bad_client_or_redirect_uri_is_a_page_and_never_a_redirect() {
    let sandbox = start();
    for more in [
        ("client_id", "unknown"),
        ("client_id", ""),
        ("redirect_uri", ""),
        ("redirect_uri", "/relative"),
        ("redirect_uri", "myapp://cb"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "http://a.example/cb#fragment"),
        ("redirect_uri", "http://a.example/\r\nSet-Cookie: x=y"),
        ("redirect_uri", "http://user:pass@a.example/"),
    ] {
        for path in [INDIVIDUAL, ENTERPRISE] {
            let page = browse(&sandbox, &target(&sandbox, path, &[more])).refused(400);
            assert!(
                page.header("location").is_none() && page.body.contains("cannot be answered"),
                "{more:?}"
            );
            assert_eq!(page.header("x-frame-options"), Some("DENY"));
        }
    }
    let twice = format!("{}&redirect_uri=http://b.example/", target(&sandbox, INDIVIDUAL, &[]));
    browse(&sandbox, &twice).refused(400);
}

#[test]
fn everything_else_goes_back_with_error_and_state() {
    let sandbox = start();
    let both = "read_write organizational_unit_scheduler";
    for (path, more, error) in [
        (INDIVIDUAL, &[("response_type", "token")][..], "unsupported_response_type"),
        (INDIVIDUAL, &[("response_type", "")], "invalid_request"),
        (INDIVIDUAL, &[("scope", "")], "invalid_scope"),
        (INDIVIDUAL, &[("scope", "read_write surprise")], "invalid_scope"),
        (INDIVIDUAL, &[("scope", BOTH_SCOPES)], "invalid_scope"),
        (INDIVIDUAL, &[("scope", both)], "invalid_scope"),
        (INDIVIDUAL, &[("delegated_scope", "read_write")], "invalid_scope"),
        (INDIVIDUAL, &[("delegated_scope", "free_busy read_only")], "invalid_scope"),
        (INDIVIDUAL, &[("provider_name", "google_free_busy")], "invalid_scope"),
        (INDIVIDUAL, &[("link_token", "unknown")], "invalid_request"),
        (ENTERPRISE, &[("delegated_scope", "read_write")], "invalid_scope"),
        (ENTERPRISE, &[("scope", BOTH_SCOPES)], "invalid_request"),
        (ENTERPRISE, &[("scope", BOTH_SCOPES), ("delegated_scope", "surprise")], "invalid_scope"),
    ] {
        let back = browse(&sandbox, &target(&sandbox, path, more)).refused(302);
        assert_eq!(back.param("error").as_deref(), Some(error), "{more:?}");
        assert_eq!(back.param("state").as_deref(), Some("s-1"), "{more:?}");
        assert_eq!(back.param("code"), None);
    }
}

#[test]
fn a_parameter_that_comes_twice_is_an_invalid_request() {
    let sandbox = start();
    let twice = format!("{}&scope=read_only", target(&sandbox, INDIVIDUAL, &[]));
    assert_eq!(browse(&sandbox, &twice).refused(302).param("error").as_deref(), Some("invalid_request"));
}

#[test]
fn business_connect_has_to_be_enabled() {
    let sandbox = builder().business_connect(false).start_blocking().expect("a sandbox starts");
    let back =
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("delegated_scope", "read_only")])).refused(302);
    assert_eq!(back.param("error").as_deref(), Some("unauthorized_client"));
}

#[test]
fn a_verified_application_gets_codes_at_registered_uris_only() {
    let registered = [REDIRECT_URI, "https://*.tenants.example/cb"];
    let sandbox = builder().verified(registered).start_blocking().expect("a sandbox starts");
    for uri in [REDIRECT_URI, "https://one.tenants.example/cb"] {
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("redirect_uri", uri)])).is(200);
    }
    for uri in [
        "http://127.0.0.1:9/cb?tenant=8",
        "http://127.0.0.1:10/cb?tenant=7",
        "https://a.b.tenants.example/cb",
    ] {
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("redirect_uri", uri)])).refused(400);
    }
}

#[test]
fn other_methods_are_not_taken() {
    let sandbox = start();
    send(sandbox.app_url(), "PUT", INDIVIDUAL, &[], b"").refused(405);
    let answer = send(sandbox.app_url(), "GET", "/oauth/token", &[], b"").refused(405);
    assert_eq!(answer.header("allow"), Some("POST"));
}
