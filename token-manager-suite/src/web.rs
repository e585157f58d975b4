//! A browser and a receiver of callbacks, as small as they can be.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

/// A test that hangs for that long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a page sends the browser.
pub fn sent_on(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
    location.unwrap_or_else(|| panic!("sent nowhere: {answer}")).to_owned()
}

/// What is posted there is told to somebody, and answered with the status that they give.
pub(crate) fn answered(mut stream: TcpStream, status: impl FnOnce(&[u8]) -> u16) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        // Whoever connects and says nothing wants nothing.
        if stream.read_exact(&mut byte).is_err() {
            return;
        }
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    let status = status(&body);
    write!(stream, "HTTP/1.1 {status} so\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
}

/// Posts nothing to one of the sandbox's controls.
pub(crate) fn control(api_url: &str, path: &str) {
    let authority = api_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

/// Posts JSON with a bearer's token, and has it accepted.
pub(crate) fn post(api_url: &str, path: &str, token: &str, json: &str) {
    let authority = api_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let length = json.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

/// Takes callbacks.
#[derive(Debug)]
pub struct Receiver(TcpListener);

impl Receiver {
    /// At a free port of this machine.
    pub fn listen() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
    }

    /// Where callbacks go.
    pub fn url(&self) -> String {
        format!("http://{}/callback", self.0.local_addr().unwrap())
    }

    /// Waits for one, answers 200, and gives its body.
    pub fn next(&self) -> Vec<u8> {
        let mut kept = Vec::new();
        answered(self.0.accept().unwrap().0, |body| {
            kept = body.to_vec();
            200
        });
        kept
    }
}
