//! A client that sends exactly what it is told, since a proper one would refuse half of it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Posts a body with these header lines, each of which ends in a line break.
#[track_caller]
pub(crate) fn post(server: SocketAddr, headers: &[u8], body: &[u8]) -> Answer {
    post_to(server, "/", headers, body)
}

#[track_caller]
pub(crate) fn post_to(server: SocketAddr, path: &str, headers: &[u8], body: &[u8]) -> Answer {
    let length = format!("content-length: {}\r\n", body.len());
    raw(server, path, &[headers, length.as_bytes()].concat(), body)
}

/// Sends a head and whatever follows it, and reads the answer; the request may well be unfinished.
#[track_caller]
pub(crate) fn raw(server: SocketAddr, path: &str, headers: &[u8], rest: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(server).unwrap();
    // Only so that a fault shows as a failure and not as a test that hangs.
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    stream.write_all(&[head.as_bytes(), headers, b"\r\n", rest].concat()).unwrap();
    read(&mut stream)
}

#[track_caller]
fn read(stream: &mut TcpStream) -> Answer {
    let mut received = Vec::new();
    loop {
        if let Some(answer) = complete(&received) {
            return answer;
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).unwrap() {
            0 => panic!("closed after {:?}", String::from_utf8_lossy(&received)),
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
}

fn complete(received: &[u8]) -> Option<Answer> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(received[..end].to_ascii_lowercase()).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let body = received[end + 4..].get(..length.parse().unwrap())?.to_vec();
    Some(Answer { status: head.get(9..12)?.parse().ok()?, body })
}
