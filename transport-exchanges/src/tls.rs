//! Over TLS: nothing is sent to whoever cannot prove who they are.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::Fault;
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::certificates::Authority;
use crate::server::read_request;
use crate::subject::{secret_request, unanswered};
use crate::{Limits, Make, Peer, Server};

/// Expects that nothing is sent over TLS to a server with that certificate.
#[track_caller]
fn mistrusted(make: Make<'_>, trusted: &Authority, config: Arc<ServerConfig>) {
    let subject = make(&Limits { roots: vec![trusted.der()], ..Limits::default() });
    let server = Server::one(move |peer| {
        let mut connection = ServerConnection::new(config).unwrap();
        // The client says why, and hangs up: the handshake fails on this side as well.
        connection.complete_io(peer.stream()).unwrap_err();
    });
    let url = format!("https://127.0.0.1:{}", server.port());
    unanswered(&*subject, &url, Fault::NotSent, "the server cannot be reached");
    server.finish();
}

/// A request and its answer.
pub fn a_trusted_certificate(make: Make<'_>) {
    let authority = Authority::new();
    let config = authority.server("localhost");
    let subject = make(&Limits { roots: vec![authority.der()], ..Limits::default() });
    let server = Server::one(move |peer| {
        let mut connection = ServerConnection::new(config).unwrap();
        let mut stream = Stream::new(&mut connection, peer.stream());
        for _ in 0..2 {
            let request = read_request(&mut stream);
            assert_eq!(
                (request.line.as_str(), &request.body[..]),
                ("POST /oauth/token?secret=canary HTTP/1.1", &b"canary"[..])
            );
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap();
        }
    });
    for _ in 0..2 {
        let request = secret_request(&format!("https://localhost:{}", server.port()));
        assert_eq!(subject.send(request).unwrap().body(), "ok");
    }
    server.finish();
}

/// Nobody vouches for it.
pub fn a_certificate_of_its_own(make: Make<'_>) {
    mistrusted(make, &Authority::new(), Authority::new().server("127.0.0.1"));
}

/// The right authority vouches for somebody else.
pub fn a_certificate_of_another_host(make: Make<'_>) {
    let authority = Authority::new();
    mistrusted(make, &authority, authority.server("api.cronofy.com"));
}

/// It is no longer valid.
pub fn a_certificate_of_the_past(make: Make<'_>) {
    let authority = Authority::new();
    mistrusted(make, &authority, authority.expired_server("127.0.0.1"));
}

/// TLS belongs to connecting, and so to its time limit.
pub fn a_handshake_that_never_ends(make: Make<'_>) {
    let roots = vec![Authority::new().der()];
    let subject = make(&Limits { connect: Duration::from_millis(150), roots, ..Limits::default() });
    let server = Server::one(Peer::until_hung_up);
    let url = format!("https://127.0.0.1:{}", server.port());
    unanswered(&*subject, &url, Fault::NotSent, "the server was not reached within 150 ms");
    server.finish();
}

/// A server without TLS.
pub fn something_that_is_not_tls(make: Make<'_>) {
    let subject = make(&Limits { roots: vec![Authority::new().der()], ..Limits::default() });
    let server = Server::one(|peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        peer.until_hung_up();
    });
    let url = format!("https://127.0.0.1:{}", server.port());
    unanswered(&*subject, &url, Fault::NotSent, "the server cannot be reached");
    server.finish();
}
