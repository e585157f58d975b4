//! A small HTTP client, a receiver of callbacks, and the steps that take a test to what it is about.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cronofy_sandbox::{BlockingSandbox, Builder, Sandbox};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:9/cb?tenant=7";

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The parameters that a redirect brings back.
    #[track_caller]
    pub(crate) fn redirect(&self) -> Vec<(String, String)> {
        assert!(matches!(self.status, 302 | 303), "{self:?}");
        let location = self.header("location").expect("a redirect has a location");
        url::Url::parse(location).expect("an absolute URL").query_pairs().into_owned().collect()
    }

    #[track_caller]
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        self.redirect().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A refusal says why, and the answer names the sandbox.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.header("cronofy-sandbox-why").is_some_and(|why| !why.is_empty()), "{self:?}");
        self
    }

    /// `{"error": error}` with 400.
    #[track_caller]
    pub(crate) fn oauth_error(self, error: &str) {
        assert_eq!(self.json(), json!({ "error": error }));
        let answer = self.refused(400);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

/// Sends bytes and reads the answer.
#[track_caller]
pub(crate) fn send(base: &str, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let host = base.trim_start_matches("http://");
    let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        write!(head, "Host: {host}\r\n").expect("writing to a string");
    }
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").expect("writing to a string");
    }
    write!(head, "Content-Length: {}\r\n\r\n", body.len()).expect("writing to a string");
    let mut stream = TcpStream::connect(host).expect("the sandbox listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket option");
    stream.write_all(head.as_bytes()).expect("the sandbox reads");
    // A body that is too large is refused before all of it is read.
    let _ = stream.write_all(body);
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("the sandbox answers");
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let mut body = Vec::new();
    // With an unread rest of the request the connection may be reset after the answer.
    let _ = reader.read_to_end(&mut body);
    let status = lines[0].split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let answer = Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() };
    assert_eq!(answer.header("cronofy-sandbox"), Some("not-cronofy"), "{answer:?}");
    answer
}

pub(crate) fn get(sandbox: &Sandbox, target: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    send(sandbox.api_url(), "GET", target, &[("Authorization", &bearer)], b"")
}

pub(crate) fn get_as(sandbox: &Sandbox, target: &str, token: &str, sub: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Cronofy-Impersonate", sub)];
    send(sandbox.api_url(), "GET", target, &headers, b"")
}

pub(crate) fn post_json(sandbox: &Sandbox, target: &str, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json; charset=utf-8")];
    send(sandbox.api_url(), "POST", target, &headers, body.to_string().as_bytes())
}

/// A request to the sandbox about itself.
pub(crate) fn control(sandbox: &Sandbox, method: &str, target: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(sandbox.api_url(), method, target, &headers, body.as_bytes())
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn post_form(sandbox: &Sandbox, target: &str, pairs: &[(&str, &str)]) -> Answer {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(sandbox.api_url(), "POST", target, &headers, form(pairs).as_bytes())
}

/// A sandbox whose callbacks come at once and are tried once.
pub(crate) fn builder() -> Builder {
    Sandbox::builder().callback_delay(Duration::ZERO).callback_retries([])
}

pub(crate) fn start() -> BlockingSandbox {
    builder().start_blocking().expect("a sandbox starts")
}

pub(crate) const INDIVIDUAL: &str = "/oauth/authorize";
pub(crate) const ENTERPRISE: &str = "/enterprise_connect/oauth/authorize";

/// An authorization request: the usual parameters, and `more`, which replaces those of the same name.
pub(crate) fn target(sandbox: &Sandbox, path: &str, more: &[(&str, &str)]) -> String {
    let usual = [
        ("response_type", "code"),
        ("client_id", sandbox.client_id()),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "read_write"),
        ("state", "s-1"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let pairs: Vec<(&str, &str)> = kept.chain(more.iter().copied()).collect();
    format!("{path}?{}", form(&pairs))
}

pub(crate) fn browse(sandbox: &Sandbox, target: &str) -> Answer {
    send(sandbox.app_url(), "GET", target, &[], b"")
}

/// Presses a button of the consent form.
pub(crate) fn decide(sandbox: &Sandbox, target: &str, fields: &[(&str, &str)]) -> Answer {
    post_form(sandbox, target, fields)
}

#[track_caller]
pub(crate) fn allow(sandbox: &Sandbox, target: &str, account: &str) -> String {
    let answer = decide(sandbox, target, &[("decision", "allow"), ("account", account)]);
    answer.param("code").unwrap_or_else(|| panic!("no code: {answer:?}"))
}

/// Exchanges a code that came by redirect.
pub(crate) fn exchange(sandbox: &Sandbox, code: &str) -> Answer {
    exchange_as(sandbox, code, "redirect_uri", REDIRECT_URI)
}

pub(crate) fn exchange_as(sandbox: &Sandbox, code: &str, name: &str, uri: &str) -> Answer {
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "grant_type": "authorization_code",
        "code": code,
        name: uri,
    });
    post_json(sandbox, "/oauth/token", "", &body)
}

pub(crate) fn refresh(sandbox: &Sandbox, refresh_token: &str) -> Answer {
    let pairs = [
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    post_form(sandbox, "/oauth/token", &pairs)
}

pub(crate) fn revoke(sandbox: &Sandbox, name: &str, value: &str) -> Answer {
    let pairs =
        [("client_id", sandbox.client_id()), ("client_secret", sandbox.client_secret()), (name, value)];
    post_form(sandbox, "/oauth/token/revoke", &pairs)
}

/// The token answer of an account that went through the whole flow.
#[derive(Debug)]
pub(crate) struct Connected(pub(crate) Value);

impl Connected {
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }

    #[track_caller]
    pub(crate) fn token(&self) -> &str {
        self.text("access_token")
    }

    #[track_caller]
    pub(crate) fn profile_id(&self) -> &str {
        self.0["linking_profile"]["profile_id"].as_str().expect("a linking profile")
    }
}

#[track_caller]
pub(crate) fn connect(sandbox: &Sandbox, path: &str, account: &str, more: &[(&str, &str)]) -> Connected {
    let code = allow(sandbox, &target(sandbox, path, more), account);
    Connected(exchange(sandbox, &code).is(200).json())
}

#[track_caller]
pub(crate) fn connect_user(sandbox: &Sandbox, account: &str) -> Connected {
    connect(sandbox, INDIVIDUAL, account, &[])
}

pub(crate) const BOTH_SCOPES: &str = "service_account/accounts/manage service_account/resources/manage";

#[track_caller]
pub(crate) fn connect_domain(sandbox: &Sandbox, administrator: &str, delegated_scope: &str) -> Connected {
    let more = [("scope", BOTH_SCOPES), ("delegated_scope", delegated_scope)];
    connect(sandbox, ENTERPRISE, administrator, &more)
}

/// Has access delegated, of which `callback_url` is told the outcome.
#[track_caller]
pub(crate) fn delegate(sandbox: &Sandbox, callback_url: &str) {
    let service = connect_domain(sandbox, "admin@orchard.example", "read_write");
    let body = json!({ "email": "ada@orchard.example", "callback_url": callback_url, "scope": "read_only" });
    post_json(sandbox, "/v1/service_account_authorizations", service.token(), &body).is(202);
}

/// What signs `body`, in code of the tests' own.
pub(crate) fn digest(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A callback that arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }

    #[track_caller]
    pub(crate) fn signature(&self) -> &str {
        self.header("cronofy-hmac-sha256").expect("a signature")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// `authorization` of the body.
    #[track_caller]
    pub(crate) fn authorization(&self) -> Value {
        self.json()["authorization"].clone()
    }

    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let authorization = self.authorization();
        authorization["code"].as_str().unwrap_or_else(|| panic!("no code: {authorization}")).to_owned()
    }
}

/// A server that takes callbacks and answers each with the next of `statuses`, then with 200.
pub(crate) struct Receiver {
    pub(crate) url: String,
    arrived: mpsc::Receiver<Arrived>,
}

impl Receiver {
    pub(crate) fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/hook?user=9", listener.local_addr().expect("an address"));
        let (sender, arrived) = mpsc::channel();
        let mut statuses = VecDeque::from(statuses.to_vec());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                let status = statuses.pop_front().unwrap_or(200);
                if sender.send(receive(stream, status)).is_err() {
                    break;
                }
            }
        });
        Self { url, arrived }
    }

    #[track_caller]
    pub(crate) fn next(&self) -> Arrived {
        self.arrived.recv_timeout(Duration::from_secs(10)).expect("a callback arrives")
    }

    /// Whether nothing more has arrived.
    pub(crate) fn is_quiet(&self) -> bool {
        self.arrived.try_recv().is_err()
    }
}

fn receive(stream: TcpStream, status: u16) -> Arrived {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a request");
        if line.trim().is_empty() {
            break;
        }
        if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = text.trim().parse().expect("a length");
        }
        head.push_str(line.trim_end());
        head.push('\n');
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let answer =
        format!("HTTP/1.1 {status} Any\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    reader.into_inner().write_all(answer.as_bytes()).expect("the sandbox reads the answer");
    Arrived { head, body }
}

/// Waits for what another thread is about to do.
#[track_caller]
pub(crate) fn eventually(mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !happened() {
        assert!(Instant::now() < deadline, "it did not happen");
        thread::yield_now();
    }
}
