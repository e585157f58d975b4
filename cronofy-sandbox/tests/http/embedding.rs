//! The sandbox as a library.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use cronofy_sandbox::{AutoConsent, Sandbox};

use crate::support::*;

#[tokio::test]
async fn it_starts_on_a_runtime_and_stops() {
    let sandbox = Sandbox::start().await.expect("a sandbox starts");
    let address = sandbox.api_url().trim_start_matches("http://").to_owned();
    assert_eq!(sandbox.api_url(), sandbox.app_url());
    TcpStream::connect(&address).expect("it listens");
    sandbox.shutdown().await;
    assert!(TcpStream::connect(&address).is_err(), "it stopped listening");
}

#[test]
fn dropping_it_stops_it() {
    let sandbox = start();
    let address = sandbox.api_url().trim_start_matches("http://").to_owned();
    // An idle connection does not hold it up.
    let _idle = TcpStream::connect(&address).expect("it listens");
    drop(sandbox);
    assert!(TcpStream::connect(&address).is_err());
}

#[tokio::test]
async fn dropping_the_asynchronous_one_stops_it_too() {
    let sandbox = Sandbox::start().await.expect("a sandbox starts");
    let address = sandbox.api_url().trim_start_matches("http://").to_owned();
    drop(sandbox);
    while TcpStream::connect(&address).is_ok() {
        tokio::task::yield_now().await;
    }
}

/// Neither a request that never ends nor a callback that waits outlives a sandbox.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_it_is_left_after_a_shutdown() {
    let sandbox = Sandbox::builder()
        .callback_delay(Duration::from_secs(60))
        .auto_consent(AutoConsent::Auto)
        .start()
        .await
        .expect("a sandbox starts");
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let receiver = Receiver::start(&[]);
    let body = serde_json::json!({
        "email": "ada@orchard.example", "callback_url": receiver.url, "scope": "read_only",
    });
    post_json(&sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
    let mut hanging =
        TcpStream::connect(sandbox.api_url().trim_start_matches("http://")).expect("it listens");
    hanging.set_read_timeout(Some(Duration::from_secs(5))).expect("a socket option");
    let head = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    hanging.write_all(head).expect("it reads");
    // It asks for the body once it has begun to read it: now the sandbox is in the middle of it.
    let mut go_on = [0; 25];
    hanging.read_exact(&mut go_on).expect("it wants the body");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    hanging.write_all(b"abc").expect("it reads");
    let tasks = tokio::runtime::Handle::current().metrics();
    sandbox.shutdown().await;
    eventually(|| tasks.num_alive_tasks() == 0);
    assert!(matches!(hanging.read(&mut [0]), Ok(0) | Err(_)), "the connection was closed");
}

#[tokio::test]
async fn s42_only_loopback_addresses_are_listened_on() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let error = Sandbox::builder().listen(address.parse().expect("an address")).start().await;
        let error = error.expect_err("not on loopback");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("is not a loopback address"), "{error}");
    }
}

#[test]
fn a_seed_repeats_everything_and_no_seed_nothing() {
    let run = |builder: cronofy_sandbox::Builder| {
        let sandbox = builder.start_blocking().expect("a sandbox starts");
        let tokens = connect_user(&sandbox, "ada@orchard.example");
        let facts = [
            sandbox.client_id(),
            sandbox.client_secret(),
            tokens.token(),
            tokens.text("refresh_token"),
            tokens.text("sub"),
        ];
        facts.map(str::to_owned)
    };
    assert_eq!(run(builder().seed(5)), run(builder().seed(5)));
    for (one, other) in run(builder()).iter().zip(&run(builder())) {
        assert_ne!(one, other);
    }
    assert_ne!(run(builder().seed(5)), run(builder().seed(6)));
}

#[test]
fn auto_consent_redirects_at_once() {
    let auto = builder()
        .auto_consent("auto".parse().expect("infallible"))
        .start_blocking()
        .expect("a sandbox starts");
    let enterprise = [("scope", BOTH_SCOPES), ("delegated_scope", "read_write")];
    for (path, more) in [
        (INDIVIDUAL, &[][..]),
        (INDIVIDUAL, &[("scope", "organizational_unit_scheduler")]),
        (INDIVIDUAL, &[("delegated_scope", "free_busy")]),
        (ENTERPRISE, &enterprise),
    ] {
        let back = browse(&auto, &target(&auto, path, more)).is(302);
        let code = back.param("code").expect("a code");
        assert_eq!(back.param("state").as_deref(), Some("s-1"));
        exchange(&auto, &code).is(200);
    }
    let back = browse(&auto, &target(&auto, INDIVIDUAL, &[("scope", "free_busy_write")])).is(302);
    let tokens = exchange(&auto, &back.param("code").expect("a code")).is(200).json();
    assert_eq!(tokens["linking_profile"]["provider_name"], "google_free_busy");
}

#[test]
fn auto_consent_by_address_takes_that_account_or_none() {
    let policy = AutoConsent::Email("ines@harbourdental.example".to_owned());
    let sandbox = builder().auto_consent(policy).start_blocking().expect("a sandbox starts");
    let back = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(302);
    let tokens = exchange(&sandbox, &back.param("code").expect("a code")).is(200).json();
    assert_eq!(tokens["linking_profile"]["profile_name"], "ines@harbourdental.example");
    let more = [("scope", BOTH_SCOPES), ("delegated_scope", "read_write")];
    let back = browse(&sandbox, &target(&sandbox, ENTERPRISE, &more)).refused(302);
    assert_eq!(back.param("error").as_deref(), Some("access_denied"));
    let nobody =
        builder().auto_consent(AutoConsent::Email("nobody@orchard.example".to_owned())).start_blocking();
    assert_eq!(nobody.expect_err("there is nobody").kind(), ErrorKind::InvalidInput);
}

#[test]
fn the_description_is_one_json_object() {
    let sandbox = start();
    let line = serde_json::to_string(sandbox.ready()).expect("it serialises");
    assert!(!line.contains('\n'));
    let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(ready["ready"], true);
    assert_eq!((&ready["api_url"], &ready["app_url"]), (&ready["app_url"], &ready["api_url"]));
    assert_eq!(ready["client_secret"], sandbox.client_secret());
    assert_eq!(ready["users"][0]["profiles"][1]["provider_name"], "apple");
    assert_eq!(ready["service_account"]["domain"], "orchard.example");
    assert_eq!(ready["rooms"][0]["email"], "pear-room@orchard.example");
    assert!(ready["organizational_unit"]["members"].as_array().is_some_and(|members| members.len() > 5));
}

#[test]
fn nothing_secret_is_in_debug_output_or_in_the_journal() {
    let sandbox = start();
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    let path = format!("/v1/userinfo?access_token={}", tokens.token());
    get(&sandbox, &path, tokens.token()).is(200);
    let shown = format!("{sandbox:?} {:?} {:?}", sandbox.ready(), sandbox.journal());
    for secret in [sandbox.client_secret(), tokens.token(), tokens.text("refresh_token")] {
        assert!(!shown.contains(secret));
    }
    let journal = sandbox.journal();
    assert_eq!(sandbox.requests_served(), 3);
    let last = journal.last().expect("an entry");
    assert_eq!((last.method.as_str(), last.path.as_str(), last.status), ("GET", "/v1/userinfo", Some(200)));
}

#[test]
fn two_of_them_know_nothing_of_each_other() {
    let (one, other) = (start(), start());
    let tokens = connect_user(&one, "ada@orchard.example");
    get(&other, "/v1/userinfo", tokens.token()).refused(401);
    one.advance(Duration::from_secs(7200));
    get(&one, "/v1/userinfo", tokens.token()).refused(401);
    assert!(one.now() > other.now());
}

#[test]
fn the_dashboard_runs_its_own_script_and_is_framed_by_nobody() {
    let sandbox = start();
    for (path, kind) in [
        ("/_sandbox/dashboard", "text/html"),
        ("/_sandbox/dashboard/style.css", "text/css"),
        ("/_sandbox/dashboard/script.js", "text/javascript"),
    ] {
        let answer = send(sandbox.api_url(), "GET", path, &[], b"").is(200);
        assert!(answer.header("content-type").is_some_and(|found| found.starts_with(kind)), "{answer:?}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    // A browser finds it where a program finds the list of calls.
    let page = [("Accept", "text/html,application/xhtml+xml")];
    let answer = send(sandbox.api_url(), "GET", "/_sandbox/", &page, b"").is(303);
    assert_eq!(answer.header("location"), Some("/_sandbox/dashboard"));
    // Another site's page may not have it.
    let foreign = [("Sec-Fetch-Site", "cross-site")];
    send(sandbox.api_url(), "GET", "/_sandbox/dashboard", &foreign, b"").refused(403);
}

/// `curl -s` shows no header, and it is only Cronofy whose refusals are empty.
#[test]
fn a_refused_control_call_says_why_in_its_body_too() {
    let sandbox = start();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    for (method, path, headers, status, error) in [
        ("POST", "/_sandbox/clock/advance", &form[..], 403, "forbidden"),
        ("POST", "/_sandbox/snapshots/none/restore", &[], 404, "not_found"),
        ("DELETE", "/_sandbox/health", &[], 405, "method_not_allowed"),
        ("GET", "/_sandbox/nope", &[], 404, "not_served"),
    ] {
        let refused = send(sandbox.api_url(), method, path, headers, b"").refused(status);
        let body = refused.json();
        assert_eq!(body["error"], error, "{path}");
        assert!(body["error_description"].as_str().is_some_and(|why| !why.is_empty()), "{path}");
    }
    // Cronofy's own refusals stay empty.
    assert_eq!(get(&sandbox, "/v1/userinfo", "nobody").refused(401).body, "");
}
