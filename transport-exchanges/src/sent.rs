//! What is sent, and over which connection.

use std::sync::mpsc;

use cronofy_auth_core::Body;

use crate::subject::{answered, secret_request};
use crate::{Limits, Make, Peer, Received, Server};

const NOTHING: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Sends a request to a server that checks every byte of it.
fn sends(
    make: Make<'_>,
    request: impl FnOnce(&str) -> http::Request<Body>,
    expected: impl Fn(&str, &str) -> Received,
) {
    let subject = make(&Limits::default());
    let (sender, received) = mpsc::channel();
    let server = Server::one(move |peer| {
        sender.send(peer.request()).unwrap();
        peer.write(NOTHING);
    });
    let answer = subject.send(request(&server.url())).unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(received.recv().unwrap(), expected(&server.authority(), &subject.user_agent()));
    server.finish();
}

fn lines<const N: usize>(lines: [&str; N]) -> Vec<String> {
    let mut lines: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    lines.sort();
    lines
}

/// A token request, every byte.
pub fn post_with_body(make: Make<'_>) {
    sends(
        make,
        |url| {
            http::Request::post(format!("{url}/oauth/token?a=b%20c&d="))
                .header("accept", "application/json")
                .header("content-type", "application/json; charset=utf-8")
                .header("Cronofy-Impersonate", "acc_1")
                .body(Body::new(b"{\"client_id\":\"x\"}".to_vec()))
                .unwrap()
        },
        |host, user_agent| Received {
            line: "POST /oauth/token?a=b%20c&d= HTTP/1.1".into(),
            headers: lines([
                "accept: application/json",
                "content-length: 17",
                "content-type: application/json; charset=utf-8",
                "cronofy-impersonate: acc_1",
                &format!("host: {host}"),
                &named(user_agent),
            ]),
            body: b"{\"client_id\":\"x\"}".to_vec(),
        },
    );
}

/// A GET has neither a body nor a length.
pub fn get_without_body(make: Make<'_>) {
    sends(
        make,
        |url| {
            http::Request::get(format!("{url}/v1/userinfo"))
                .header("accept", "application/json")
                .header("authorization", "Bearer x")
                .body(Body::default())
                .unwrap()
        },
        |host, user_agent| Received {
            line: "GET /v1/userinfo HTTP/1.1".into(),
            headers: lines([
                "accept: application/json",
                "authorization: Bearer x",
                &format!("host: {host}"),
                &named(user_agent),
            ]),
            body: Vec::new(),
        },
    );
}

/// A POST without a body says so (RFC 9110 section 8.6).
pub fn post_without_body(make: Make<'_>) {
    sends(
        make,
        |url| {
            let request = http::Request::post(format!("{url}/v1/x")).header("accept", "a/b");
            request.body(Body::default()).unwrap()
        },
        |host, user_agent| Received {
            line: "POST /v1/x HTTP/1.1".into(),
            headers: lines([
                "accept: a/b",
                // reqwest and hyper leave it out, and most servers do without it.
                if user_agent.starts_with("cronofy-rust") { "content-length: 0" } else { "" },
                &format!("host: {host}"),
                &named(user_agent),
            ]),
            body: Vec::new(),
        },
    );
}

/// Whoever writes a user agent into the request means it.
pub fn the_callers_user_agent_stays(make: Make<'_>) {
    sends(
        make,
        |url| {
            let request = http::Request::get(url).header("accept", "a/b").header("user-agent", "mine/1");
            request.body(Body::default()).unwrap()
        },
        |host, _| Received {
            line: "GET / HTTP/1.1".into(),
            headers: lines(["accept: a/b", &format!("host: {host}"), "user-agent: mine/1"]),
            body: Vec::new(),
        },
    );
}

fn named(user_agent: &str) -> String {
    if user_agent.is_empty() { String::new() } else { format!("user-agent: {user_agent}") }
}

fn answer_once(peer: &mut Peer) {
    peer.request();
    peer.write(NOTHING);
}

/// Connections are kept open.
pub fn two_requests_share_a_connection(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::one(|peer| {
        answer_once(peer);
        answer_once(peer);
    });
    answered(&*subject, &server);
    answered(&*subject, &server);
    server.finish();
}

/// `Connection: close` is obeyed.
pub fn a_connection_that_the_server_ends_is_not_used_again(make: Make<'_>) {
    let subject = make(&Limits::default());
    let last = |peer: &mut Peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        peer.until_hung_up();
    };
    let server = Server::start(vec![Box::new(last), Box::new(last)]);
    answered(&*subject, &server);
    answered(&*subject, &server);
    drop(subject);
    server.finish();
}

/// A request is not lost to a connection that the server has closed in the meantime.
pub fn a_connection_that_the_server_closed_is_replaced(make: Make<'_>) {
    let subject = make(&Limits::default());
    let (close, asked) = mpsc::channel();
    let (closed, wait) = mpsc::channel();
    let server = Server::start(vec![
        Box::new(move |peer| {
            answer_once(peer);
            asked.recv().unwrap();
            peer.stream().shutdown(std::net::Shutdown::Both).unwrap();
            closed.send(()).unwrap();
        }),
        Box::new(answer_once),
    ]);
    answered(&*subject, &server);
    close.send(()).unwrap();
    wait.recv().unwrap();
    let answer = subject.send(secret_request(&server.url())).unwrap();
    assert_eq!(answer.status(), 200);
    server.finish();
}
