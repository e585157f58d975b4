//! Sandboxes within a sandbox, where a sandbox listens, and what it calls itself.

use std::net::TcpStream;

use cronofy_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::*;

const TENANTS: &str = "/_sandbox/tenants";

fn tenant(sandbox: &Sandbox, wanted: &Value) -> Value {
    control(sandbox, "POST", TENANTS, wanted).is(201).json()
}

fn url<'a>(ready: &'a Value, name: &str) -> &'a str {
    ready[name].as_str().unwrap_or_else(|| panic!("no {name}: {ready}"))
}

/// Connects the first account that fits, at a tenant that consents by itself.
fn token(ready: &Value) -> String {
    let query = form(&[
        ("response_type", "code"),
        ("client_id", url(ready, "client_id")),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "read_write"),
    ]);
    let back = send(url(ready, "app_url"), "GET", &format!("{INDIVIDUAL}?{query}"), &[], b"");
    let body = json!({
        "client_id": ready["client_id"],
        "client_secret": ready["client_secret"],
        "grant_type": "authorization_code",
        "code": back.param("code"),
        "redirect_uri": REDIRECT_URI,
    });
    let headers = [("Content-Type", "application/json")];
    let answer = send(url(ready, "api_url"), "POST", "/oauth/token", &headers, body.to_string().as_bytes());
    answer.is(200).json()["access_token"].as_str().expect("a token").to_owned()
}

fn userinfo(ready: &Value, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    send(url(ready, "api_url"), "GET", "/v1/userinfo", &[("Authorization", &bearer)], b"")
}

#[test]
fn two_data_centers_take_nothing_from_each_other() {
    let sandbox = builder().seed(5).start_blocking().expect("a sandbox starts");
    let wanted = |name: &str| json!({ "name": name, "settings": { "auto_consent": "auto" } });
    let (us, de) = (tenant(&sandbox, &wanted("us")), tenant(&sandbox, &wanted("de")));
    assert_eq!((&us["tenant"], &de["tenant"]), (&json!("us"), &json!("de")));
    assert_ne!(us["client_id"], de["client_id"]);
    let (in_us, in_de) = (token(&us), token(&de));
    assert_ne!(in_us, in_de);
    userinfo(&us, &in_us).is(200);
    userinfo(&de, &in_de).is(200);
    userinfo(&de, &in_us).refused(401);
    get(&sandbox, "/v1/userinfo", &in_us).refused(401);
    assert_eq!(control(&sandbox, "GET", "/_sandbox/accounts", &json!({})).json(), json!({ "accounts": [] }));
}

#[test]
fn a_tenant_comes_with_a_world_of_its_own_and_goes() {
    let sandbox = builder().seed(5).start_blocking().expect("a sandbox starts");
    let scenario =
        "world = \"replace\"\n[[users]]\nemail = \"jo@a.example\"\nname = \"Jo\"\nprovider = \"icloud\"\n";
    let first = tenant(&sandbox, &json!({ "scenario": scenario, "seed": 9 }));
    assert_eq!(first["tenant"], "tenant-1");
    assert_eq!(first["users"].as_array().map(Vec::len), Some(1));
    assert_eq!(control(&sandbox, "GET", &format!("{TENANTS}/tenant-1"), &json!({})).is(200).json(), first);
    let listed = control(&sandbox, "GET", TENANTS, &json!({})).is(200).json();
    assert_eq!(listed, json!({ "tenants": [first] }));
    // A tenant has none, so that there is an end.
    let headers = [("Content-Type", "application/json")];
    send(url(&first, "api_url"), "POST", TENANTS, &headers, b"{}").refused(409);

    let again = json!({ "name": "tenant-1" });
    control(&sandbox, "POST", TENANTS, &again).refused(409);
    control(&sandbox, "POST", TENANTS, &json!({ "name": "No Name" })).refused(422);
    control(&sandbox, "POST", TENANTS, &json!({ "scenario": "x" })).refused(422);
    let host = url(&first, "api_url").trim_start_matches("http://").to_owned();
    let port: u16 = host.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    control(&sandbox, "POST", TENANTS, &json!({ "port": port })).refused(409);
    control(&sandbox, "DELETE", &format!("{TENANTS}/tenant-1"), &json!({})).is(204);
    assert!(TcpStream::connect(&host).is_err(), "nobody listens any more");
    control(&sandbox, "DELETE", &format!("{TENANTS}/tenant-1"), &json!({})).refused(404);
    // The same name and the same seed make the same tenant.
    let same = tenant(&sandbox, &json!({ "name": "tenant-1", "scenario": scenario, "seed": 9 }));
    assert_eq!((&same["client_secret"], &same["users"]), (&first["client_secret"], &first["users"]));
}

#[test]
fn tenants_end_with_their_parent() {
    let sandbox = start();
    let host = url(&tenant(&sandbox, &json!({})), "api_url").trim_start_matches("http://").to_owned();
    drop(TcpStream::connect(&host).expect("it listens"));
    sandbox.shutdown();
    assert!(TcpStream::connect(&host).is_err(), "nobody listens any more");
}

#[test]
fn it_listens_beyond_loopback_only_when_told_so() {
    let everywhere = "0.0.0.0:0".parse().expect("an address");
    let error = builder().listen(everywhere).start_blocking().expect_err("not on loopback").to_string();
    assert!(error.contains("in so many words"), "{error}");
    let sandbox = builder().listen_beyond_loopback(everywhere).start_blocking().expect("a sandbox starts");
    assert!(sandbox.api_url().starts_with("http://127.0.0.1:"), "{}", sandbox.api_url());
    control(&sandbox, "GET", "/_sandbox/health", &json!({})).is(200);
}

#[test]
fn links_have_the_public_url() {
    let everywhere = "127.0.0.1:0".parse().expect("an address");
    let build = |url: &str| builder().listen(everywhere).public_url(url).page_size(1).start_blocking();
    for wrong in ["sandbox:8080", "ftp://sandbox", "http://sandbox/?a=b", "http://me@sandbox/", ""] {
        assert!(build(wrong).is_err(), "{wrong}");
    }
    let sandbox = build("https://sandbox.test:8443/eu/").expect("a sandbox starts");
    assert_eq!(sandbox.api_url(), "https://sandbox.test:8443/eu");
    let ready = serde_json::to_value(sandbox.ready()).expect("it serialises");
    assert_eq!(ready["app_url"], "https://sandbox.test:8443/eu");
}

#[test]
fn what_can_be_done_is_listed() {
    let sandbox = start();
    let index = control(&sandbox, "GET", "/_sandbox/", &json!({})).is(200).json();
    let calls = index["calls"].as_array().expect("a list");
    assert!(
        calls.iter().any(|call| call["path"] == "/_sandbox/tenants" && call["method"] == "POST"),
        "{index}"
    );
    // No call that is listed is unknown.
    // The journal's stream does not end.
    for call in calls.iter().filter(|call| call["path"] != "/_sandbox/journal/stream") {
        let path = url(call, "path").replace(['{', '}'], "");
        let answer = control(&sandbox, url(call, "method"), &path, &json!({}));
        let why = answer.header("cronofy-sandbox-why").unwrap_or_default();
        assert!(!why.contains("does not serve") && answer.status < 500, "{call} {answer:?}");
    }
    let document = control(&sandbox, "GET", "/_sandbox/openapi.json", &json!({})).is(200).json();
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn ready_is_told_again_as_it_is_now() {
    let sandbox = start();
    let started = serde_json::to_value(sandbox.ready()).expect("it serialises");
    let ready = || control(&sandbox, "GET", "/_sandbox/ready", &json!({})).is(200).json();
    assert_eq!(ready(), started);
    let user = json!({ "email": "ida@orchard.example", "name": "Ida" });
    control(&sandbox, "POST", "/_sandbox/users", &user).is(201);
    assert_eq!(
        ready()["users"].as_array().map(Vec::len),
        started["users"].as_array().map(|users| users.len() + 1)
    );
}
