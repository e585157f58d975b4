//! S33, S34: every flow runs with known secrets, with all logging at trace level, going well and going wrong;
//! then all logs, all that the library prints of itself, and all that the demo prints is searched for them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Debug;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body, DriveError, Flow, drive_blocking};
use cronofy_cli::demo::{self, Driver, FlowName, Format, Paint, TransportName, Witness};
use cronofy_sandbox::Sandbox;
use cronofy_transport_ureq::{SendError, UreqTransport};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use tracing_subscriber::fmt::MakeWriter;

#[test]
fn s33_no_secret_is_in_any_log_or_debug_output() {
    let logs = Logs::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(logs.clone())
        .init();
    let seen = Seen::default();
    let mut printed = Vec::new();

    // All as it should be, over both transports.
    let story = Format::Story(Paint::Colour);
    assert!(demo::run(&TransportName::ALL, story, &mut printed, &seen).unwrap());
    assert!(demo::run(&TransportName::ALL, Format::Json, &mut printed, &seen).unwrap());
    // And with answers that cannot be used, which is where parsers like to quote.
    for mangle in [cut_off, with_a_secret_in_the_wrong_place, not_json] {
        let driver = Mangling { transport: UreqTransport::new().unwrap(), mangle };
        for flow in FlowName::ALL {
            let (outcome, script) = demo::play(flow, Sandbox::builder(), &driver, &seen);
            printed.extend_from_slice(format!("{outcome:?} {script:?} {}\n", outcome.detail).as_bytes());
        }
    }

    let secrets = seen.secrets.into_inner();
    let logs = logs.text();
    let values: Vec<String> = seen.values.into_inner().into_iter().collect();
    let values = values.join("\n");
    let printed = String::from_utf8(printed).unwrap();

    // The search is worth something: there are secrets, there are logs of both clients, and it finds things.
    assert!(secrets.len() > 300, "{} secrets", secrets.len());
    for part in ["TRACE hyper_util", "DEBUG ureq::run", "DEBUG ureq::pool"] {
        assert!(logs.contains(part), "no logs of {part}");
    }
    for part in ["TokenSet", "PendingDelegation", "Refused", "BadAnswer", "Response(200", "Body("] {
        assert!(values.contains(part), "no value has {part}");
    }
    for needle in needles(secrets.first().unwrap()) {
        assert_eq!(leak(&format!("a{needle}b"), &secrets).as_ref(), Some(&needle));
    }

    for (what, text) in [("logs", &logs), ("debug output", &values), ("output of the demo", &printed)] {
        if let Some(found) = leak(text, &secrets) {
            let at = text.find(&found).unwrap();
            let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            panic!("{what} has a secret: {}", text[line..].lines().next().unwrap());
        }
    }
}

/// What a secret may look like in a text.
fn needles(secret: &str) -> Vec<String> {
    let mut needles = vec![
        secret.to_owned(),
        percent_encode(secret.as_bytes(), NON_ALPHANUMERIC).to_string(),
        secret.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat(),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
        format!("{:?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned(),
    ];
    for before in 0..3 {
        // Base64 of something with the secret in it: the characters that depend on the secret alone.
        let padded = [&[0; 2][..before], secret.as_bytes()].concat();
        let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        needles.push(STANDARD_NO_PAD.encode(&padded)[from..to].to_owned());
        needles.push(URL_SAFE_NO_PAD.encode(&padded)[from..to].to_owned());
    }
    needles
}

/// The first secret in the text, in whichever form. One pass over the text, however many secrets there are.
fn leak(text: &str, secrets: &BTreeSet<String>) -> Option<String> {
    const HEAD: usize = 16;
    let needles: Vec<String> = secrets.iter().flat_map(|secret| needles(secret)).collect();
    let mut by_head: HashMap<&[u8], Vec<&String>> = HashMap::new();
    for needle in &needles {
        by_head.entry(&needle.as_bytes()[..HEAD]).or_default().push(needle);
    }
    let found = text.as_bytes().windows(HEAD).enumerate().find_map(|(at, head)| {
        let candidates = by_head.get(head)?;
        candidates.iter().find(|needle| text.as_bytes()[at..].starts_with(needle.as_bytes()))
    });
    found.map(|needle| (*needle).clone())
}

/// Knows every secret because it sees all that is sent and answered, and keeps all that could be logged.
#[derive(Default)]
struct Seen {
    secrets: RefCell<BTreeSet<String>>,
    values: RefCell<BTreeSet<String>>,
}

impl Seen {
    fn learn(&self, body: &[u8]) {
        const SECRET: [&str; 7] =
            ["access_token", "refresh_token", "token", "client_secret", "code", "link_token", "state"];
        let body = String::from_utf8_lossy(body);
        for name in SECRET {
            for (_, after) in
                body.match_indices(&format!("\"{name}\":\"")).map(|(at, name)| body.split_at(at + name.len()))
            {
                let value = after.split('"').next().unwrap();
                // What is cut off is no secret any more, and short pieces are found anywhere.
                if value.len() >= 16 {
                    self.secrets.borrow_mut().insert(value.to_owned());
                }
            }
        }
    }
}

impl Witness for Seen {
    fn request(&self, request: &http::Request<Body>) {
        self.learn(request.body().as_bytes());
        if let Some(bearer) = request.headers().get(http::header::AUTHORIZATION) {
            let token = bearer.to_str().unwrap().strip_prefix("Bearer ").unwrap();
            self.secrets.borrow_mut().insert(token.to_owned());
        }
    }

    fn response(&self, response: &http::Response<Bytes>) {
        self.learn(response.body());
    }

    fn value(&self, value: &dyn Debug) {
        self.values.borrow_mut().extend([format!("{value:?}"), format!("{value:#?}")]);
    }
}

/// Answers that are not what was promised.
struct Mangling {
    transport: UreqTransport,
    mangle: fn(&[u8]) -> Vec<u8>,
}

fn cut_off(body: &[u8]) -> Vec<u8> {
    body[..body.len() - body.len() / 8].to_vec()
}

/// The messages of `serde_json` quote a value of the wrong kind.
fn with_a_secret_in_the_wrong_place(body: &[u8]) -> Vec<u8> {
    let body = String::from_utf8_lossy(body);
    let token = body.split_once("\"access_token\":\"").and_then(|(_, after)| after.split('"').next());
    let token = token.unwrap_or("nothing");
    body.replace("\"bearer\"", &format!("\"{token}\"")).replace("3600", &format!("\"{token}\"")).into_bytes()
}

fn not_json(body: &[u8]) -> Vec<u8> {
    [b"<html>", body].concat()
}

impl BlockingTransport for Mangling {
    type Error = SendError;

    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, SendError> {
        let answer = self.transport.send(request)?;
        Ok(answer.map(|body| (self.mangle)(&body).into()))
    }

    fn sleep(&self, _duration: Duration) {}

    fn now(&self) -> Timestamp {
        self.transport.now()
    }
}

impl Driver for Mangling {
    type Error = SendError;

    fn transport(&self) -> TransportName {
        TransportName::Ureq
    }

    fn drive<F: Flow>(&self, flow: F) -> Result<F::Output, DriveError<SendError>> {
        drive_blocking(self, flow)
    }
}

/// Everything that was logged.
#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
