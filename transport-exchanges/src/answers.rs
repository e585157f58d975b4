//! Answers that come through: all of them, whatever their status.

use crate::subject::answered;
use crate::{Limits, Make, Ping, Server};

/// 429 with `Retry-After`, then 200, on one connection, by the transport's own loop.
pub fn rate_limited_then_answered(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::one(|peer| {
        let first = peer.request();
        peer.write(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(peer.request(), first);
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n\"pong\"");
    });
    let (result, sleeps) = subject.drive(Ping::new(&server.url()));
    assert_eq!(result.as_deref(), Ok("pong"));
    // As long as the server asked, and a little longer, so that not everybody comes back at once.
    assert!(matches!(sleeps[..], [slept] if slept.as_secs() == 7), "{sleeps:?}");
    server.finish();
}

/// No redirect is followed: not with a GET that a 302 makes of it, nor with the body that a 307 asks for.
pub fn redirects_come_through(make: Make<'_>) {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let subject = make(&Limits::default());
        let server = Server::one(move |peer| {
            peer.request();
            let location = format!("http://{}/stolen", peer.stream().local_addr().unwrap());
            let head = format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 2\r\n\r\nno");
            peer.write(head.as_bytes());
        });
        let answer = answered(&*subject, &server);
        assert_eq!(answer.status().as_str(), status.get(..3).unwrap());
        assert_eq!(answer.headers()["location"], format!("{}/stolen", server.url()));
        assert_eq!(answer.body(), "no");
        // A second connection, or a second request on the first, would be reported here.
        server.finish();
    }
}

/// 4xx and 5xx are answers, with all of their headers and their body.
pub fn refusals_come_through(make: Make<'_>) {
    for status in [400, 401, 403, 404, 422, 423, 429, 500, 502, 503, 599] {
        let subject = make(&Limits::default());
        let server = Server::answering(format!(
            "HTTP/1.1 {status} X\r\nX-A: 1\r\nx-a: 2\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\n{{}}"
        ));
        let answer = answered(&*subject, &server);
        assert_eq!((answer.status().as_u16(), &answer.body()[..]), (status, &b"{}"[..]));
        assert_eq!(answer.headers().get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(answer.headers()["retry-after"], "1");
        server.finish();
    }
}

/// 204 and 205, which is how many calls are answered.
pub fn no_content(make: Make<'_>) {
    for head in [
        "204 No Content\r\n",
        "205 Reset Content\r\ncontent-length: 0\r\n",
        "202 Accepted\r\ncontent-length: 0\r\n",
    ] {
        let subject = make(&Limits::default());
        let server = Server::answering(format!("HTTP/1.1 {head}\r\n"));
        let answer = answered(&*subject, &server);
        assert_eq!(answer.status().as_str(), head.get(..3).unwrap());
        assert!(answer.body().is_empty());
        server.finish();
    }
}

/// Whether it is JSON is not the transport's business; the flow says what is wrong.
pub fn what_is_not_json_comes_through(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::answering(
        &b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>"[..],
    );
    let (result, sleeps) = subject.drive(Ping::new(&server.url()));
    assert_eq!(result.unwrap_err(), "the answer with status 200 and content type text/html cannot be used");
    assert!(sleeps.is_empty());
    server.finish();
}

/// 1xx before the answer, which a server may send unasked.
pub fn interim_answers_are_passed_over(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::answering(
        &b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"[..],
    );
    let answer = answered(&*subject, &server);
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"ok"[..]));
    server.finish();
}

/// An older server, or a proxy that speaks like one: the body ends with the connection.
pub fn http_1_0(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::answering(&b"HTTP/1.0 200 OK\r\nserver: old\r\n\r\nuntil the end"[..]);
    let answer = answered(&*subject, &server);
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"until the end"[..]));
    server.finish();
}

/// A body in pieces is put together.
pub fn chunks(make: Make<'_>) {
    let subject = make(&Limits::default());
    let server = Server::one(|peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n5;x=y\r\n, two\r\n");
        peer.write(b"A\r\n and three\r\n0\r\n\r\n");
        // What follows comes over the same connection: the trailer was read to its end.
        peer.request();
        peer.write(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    assert_eq!(answered(&*subject, &server).body(), "one, two and three");
    assert_eq!(answered(&*subject, &server).status(), 204);
    server.finish();
}

/// A body exactly as long as is allowed.
pub fn what_just_fits(make: Make<'_>) {
    for head in [
        "content-length: 8\r\n\r\n12345678",
        "transfer-encoding: chunked\r\n\r\n4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n",
    ] {
        let subject = make(&Limits { body: 8, ..Limits::default() });
        let server = Server::answering(format!("HTTP/1.1 200 OK\r\n{head}"));
        assert_eq!(answered(&*subject, &server).body(), "12345678");
        server.finish();
    }
}
