//! `/_sandbox/` is for programs on this machine, and for no page that a developer happens to visit.

use serde_json::json;

use crate::support::*;

const STATE: &str = "/_sandbox/state";
const FAULTS: &str = "/_sandbox/faults";

#[test]
fn s20_names_of_others_lead_nowhere() {
    let sandbox = builder().allow_host("sandbox").start_blocking().expect("a sandbox starts");
    let ask = |host: &str| send(sandbox.api_url(), "GET", STATE, &[("Host", host)], b"");
    let port = sandbox.api_url().rsplit(':').next().expect("a port");
    for host in ["127.0.0.1", "localhost:1", "[::1]:8500", &format!("127.0.0.1:{port}"), "sandbox:8500"] {
        ask(host).is(200);
    }
    for host in ["a.example", "127.0.0.1.a.example", "192.0.2.1:8500", "user@a.example", "", "a b"] {
        ask(host).refused(403);
    }
    // Cronofy itself is asked for under any name: a client may send Cronofy's.
    send(sandbox.api_url(), "GET", "/v1/userinfo", &[("Host", "api.cronofy.com")], b"").refused(401);
}

#[test]
fn s20_pages_of_others_are_refused() {
    let sandbox = start();
    let own = sandbox.api_url().to_owned();
    let typed = ("Content-Type", "application/json");
    let body = json!({ "on": "*", "effect": "reset" }).to_string();
    let ask = |header: (&str, &str)| {
        let get = send(sandbox.api_url(), "GET", STATE, &[header], b"").status;
        let post = send(sandbox.api_url(), "POST", FAULTS, &[header, typed], body.as_bytes()).status;
        sandbox.clear_faults();
        (get, post)
    };
    for site in ["same-origin", "none"] {
        assert_eq!(ask(("Sec-Fetch-Site", site)), (200, 201), "{site}");
    }
    // Every other port of this machine is the same site.
    for site in ["cross-site", "same-site", "", "x"] {
        assert_eq!(ask(("Sec-Fetch-Site", site)), (403, 403), "{site}");
    }
    assert_eq!(ask(("Origin", &own)), (200, 201));
    for origin in ["null", "", "http://a.example", "http://127.0.0.1:1", &own.replace("http:", "https:")] {
        assert_eq!(ask(("Origin", origin)), (403, 403), "{origin}");
    }
}

#[test]
fn s20_bodies_that_a_form_can_send_are_refused() {
    let sandbox = start();
    let body = json!({ "on": "*", "effect": "reset" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"] {
        for (method, target) in [("POST", FAULTS), ("DELETE", FAULTS), ("PATCH", "/_sandbox/settings")] {
            let answer = send(sandbox.api_url(), method, target, &[("Content-Type", kind)], body.as_bytes());
            assert!(answer.header("cronofy-sandbox-why").is_some_and(|why| why.contains("Content-Type")));
            answer.is(403);
        }
    }
    send(sandbox.api_url(), "POST", FAULTS, &[], body.as_bytes()).refused(403);
    assert!(sandbox.faults().is_empty());
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        send(sandbox.api_url(), "POST", FAULTS, &[("Content-Type", kind)], body.as_bytes()).is(201);
    }
    send(sandbox.api_url(), "DELETE", FAULTS, &[], b"").is(204);
}

/// Whoever asks for a callback names its URL, and a token is all that it takes.
#[test]
fn s32_no_callback_is_heard() {
    let sandbox = start();
    delegate(&sandbox, &format!("{}/_sandbox/reset", sandbox.api_url()));
    // After a reset there would be none.
    eventually(|| {
        let undelivered = sandbox.undelivered_callbacks();
        undelivered.first().is_some_and(|callback| callback.reason == "answered 403")
    });
}

#[test]
fn another_method_is_told_which_ones_there_are() {
    let sandbox = start();
    let answer = send(sandbox.api_url(), "PATCH", FAULTS, &[], b"").refused(405);
    let allowed = answer.header("allow").unwrap_or_default();
    for method in ["GET", "POST", "DELETE"] {
        assert!(allowed.contains(method), "{allowed}");
    }
    assert_eq!(sandbox.requests_served(), 0);
}
