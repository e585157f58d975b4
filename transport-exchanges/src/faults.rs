//! Answers that do not come, or not as they should: what is known of the request then.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use cronofy_auth_core::Fault;

use crate::subject::unanswered;
use crate::{Limits, Make, Server};

const BROKEN: &str = "the connection failed before a whole answer came";

const BAD_HEAD: &str = "the answer is not HTTP, or its head is longer than 65536 bytes";

const UNREACHABLE: &str = "the server cannot be reached";

/// Long enough to connect on this machine, and short enough to wait for.
const SOON: Duration = Duration::from_millis(600);

/// Plays that, hangs up, and expects the request to count as perhaps acted on.
#[track_caller]
fn broken(make: Make<'_>, answer: &'static [u8], message: &str) {
    let subject = make(&Limits::default());
    let server = Server::answering(answer);
    unanswered(&*subject, &server.url(), Fault::Unknown, message);
    server.finish();
}

/// Nothing listens at that port.
pub fn nobody_listens(make: Make<'_>) {
    let subject = make(&Limits::default());
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    unanswered(&*subject, &format!("http://127.0.0.1:{port}"), Fault::NotSent, UNREACHABLE);
}

/// The head does not come: the deadline passes, and the connection is closed.
pub fn nobody_answers(make: Make<'_>) {
    let subject = make(&Limits { deadline: SOON, ..Limits::default() });
    let server = Server::one(|peer| {
        peer.request();
        peer.until_hung_up();
    });
    unanswered(&*subject, &server.url(), Fault::Unknown, "no whole answer came within 600 ms");
    server.finish();
}

/// The head comes, and the body does not: the same deadline.
pub fn nobody_goes_on(make: Make<'_>) {
    let subject = make(&Limits { deadline: SOON, ..Limits::default() });
    let server = Server::one(|peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
        peer.until_hung_up();
    });
    unanswered(&*subject, &server.url(), Fault::Unknown, "no whole answer came within 600 ms");
    server.finish();
}

/// The server read the request, and hung up.
pub fn cut_off_before_the_head(make: Make<'_>) {
    broken(make, b"", BROKEN);
}

/// It hung up in the middle of the head.
pub fn cut_off_in_the_head(make: Make<'_>) {
    broken(make, b"HTTP/1.1 200 OK\r\ncontent-le", BROKEN);
}

/// It announced more than it sent. Half of a token is no token.
pub fn cut_off_in_the_body(make: Make<'_>) {
    broken(make, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", BROKEN);
}

/// It hung up between two chunks, or in one.
pub fn cut_off_in_a_chunk(make: Make<'_>) {
    broken(make, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n", BROKEN);
    broken(make, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf", BROKEN);
}

/// Something else answers at that port.
pub fn not_http(make: Make<'_>) {
    broken(make, b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", BAD_HEAD);
    broken(make, b"HTTP/1.1 banana\r\n\r\n", BAD_HEAD);
    broken(make, b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n", BAD_HEAD);
    broken(make, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n", BROKEN);
}

/// The body is too long, and says so in advance: not a byte of it is read.
pub fn s11_too_long_as_announced(make: Make<'_>) {
    for length in ["10", "4294967296", "18446744073709551613"] {
        let subject = make(&Limits { body: 8, ..Limits::default() });
        // Whoever does not heed the announcement finds out by reading.
        let begun = if subject.is_ours() { "" } else { "123456789" };
        let server = Server::one(move |peer| {
            peer.request();
            peer.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{begun}").as_bytes());
            peer.until_hung_up();
        });
        unanswered(&*subject, &server.url(), Fault::Unknown, "the body of the answer is longer than 8 bytes");
        server.finish();
    }
}

/// The body is too long, and does not say so.
pub fn s11_too_long_in_chunks(make: Make<'_>) {
    let subject = make(&Limits { body: 8, ..Limits::default() });
    let server = Server::one(|peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n12345678\r\n1\r\n9\r\n");
        peer.until_hung_up();
    });
    unanswered(&*subject, &server.url(), Fault::Unknown, "the body of the answer is longer than 8 bytes");
    server.finish();
}

/// A head that is too long is not read to its end, even where its end is near.
pub fn s11_too_long_a_head(make: Make<'_>) {
    let subject = make(&Limits::default());
    // Ours take 64 KiB, and what had come with them when hyper looked; left alone, hyper takes 400 KiB.
    let lines = if subject.is_ours() { 20 } else { 99 };
    let server = Server::one(move |peer| {
        peer.request();
        let line = format!("x-long: {}\r\n", "a".repeat(8000));
        let head = format!("HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n", line.repeat(lines));
        peer.write_until_refused(head.as_bytes());
        peer.until_hung_up();
    });
    unanswered(&*subject, &server.url(), Fault::Unknown, BAD_HEAD);
    server.finish();
}

/// Plain HTTP to another machine is refused before its name is looked up.
pub fn plain_http_elsewhere(make: Make<'_>) {
    let subject = make(&Limits::default());
    if subject.is_ours() {
        // TEST-NET-1 (RFC 5737) answers nobody: trying would take a minute here.
        for host in ["192.0.2.1", "api.cronofy.com", "localhost.example"] {
            unanswered(
                &*subject,
                &format!("http://{host}"),
                Fault::NotSent,
                "plain http is for this machine only",
            );
        }
        unanswered(&*subject, "https://canary@127.0.0.1:1", Fault::NotSent, "the URL holds a user name");
    }
}
