//! What every extractor must do.

use std::time::Duration;

use cronofy_webhook::{ClientSecret, DEFAULT_BODY_LIMIT, Verifier, sign};

use crate::client::{Answer, post, post_to, raw};
use crate::server::Start;

fn secret() -> ClientSecret {
    ClientSecret::new("CRN_canary").unwrap()
}

pub(crate) fn verifier() -> Verifier {
    Verifier::new(&secret())
}

/// The header line that signs a body.
pub(crate) fn signed(body: &[u8]) -> Vec<u8> {
    line(sign(&secret(), body))
}

fn line(value: impl AsRef<[u8]>) -> Vec<u8> {
    [b"Cronofy-HMAC-SHA256: ", value.as_ref(), b"\r\n"].concat()
}

/// Made with a secret that is not ours.
fn foreign(body: &[u8]) -> String {
    sign(&ClientSecret::new("another").unwrap(), body)
}

fn chunked(headers: &[u8], chunks: &[&[u8]]) -> (Vec<u8>, Vec<u8>) {
    let mut body = Vec::new();
    for chunk in chunks {
        body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        body.extend_from_slice(chunk);
        body.extend_from_slice(b"\r\n");
    }
    ([headers, b"transfer-encoding: chunked\r\n"].concat(), body)
}

#[track_caller]
fn assert_echoed(answer: &Answer, body: &[u8]) {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, body);
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, message: &str) {
    assert_eq!((answer.status, String::from_utf8_lossy(&answer.body).as_ref()), (status, message));
}

pub(crate) fn a_signed_body_comes_through_byte_for_byte(start: Start) {
    let server = start(verifier());
    for body in
        [&b"{}"[..], b"", b"{ \"a\":\r\n1}\n", b"\x00\xFF\xFE\x80", "{\"\u{e9}\":\"\u{1f600}\"}".as_bytes()]
    {
        assert_echoed(&post(server, &signed(body), body), body);
    }
}

pub(crate) fn a_chunked_body_comes_through(start: Start) {
    let body = b"{\"a\":\"\xFF\"}";
    let (headers, chunks) = chunked(&signed(body), &[&body[..3], &body[3..], b""]);
    assert_echoed(&raw(start(verifier()), "/", &headers, &chunks), body);
}

/// The signature is over what travelled, not over what a decoder makes of it.
pub(crate) fn an_encoded_body_is_left_encoded(start: Start) {
    let body = b"not really gzip";
    let headers =
        [signed(body), b"content-encoding: gzip\r\ncontent-type: text/plain; charset=utf-16\r\n".to_vec()];
    assert_echoed(&post(start(verifier()), &headers.concat(), body), body);
}

pub(crate) fn s26_two_digests_with_a_space_after_the_comma(start: Start) {
    let body = b"{}";
    let headers = line(format!("{}, {}", foreign(body), sign(&secret(), body)));
    assert_echoed(&post(start(verifier()), &headers, body), body);
}

pub(crate) fn s26_digests_in_two_header_lines(start: Start) {
    let server = start(verifier());
    let [mine, other] = [signed(b"{}"), line(foreign(b"{}"))];
    assert_echoed(&post(server, &[&mine[..], &other].concat(), b"{}"), b"{}");
    assert_echoed(&post(server, &[&other[..], &mine].concat(), b"{}"), b"{}");
}

pub(crate) fn s27_every_failed_verification_is_the_same_401(start: Start) {
    let server = start(verifier());
    let mine = sign(&secret(), b"{}");
    for headers in [
        b"".to_vec(),
        line(""),
        line(" , "),
        line(b"\xFF"),
        line([b"\xFF".as_slice(), mine.as_bytes()].concat()),
        line("something-else"),
        line(mine.trim_end_matches('=')),
        line(foreign(b"{}")),
        line(sign(&secret(), b"{} ")),
        line(",".repeat(1000)),
        line(format!("{mine},").repeat(9)),
    ] {
        assert_refused(&post(server, &headers, b"{}"), 401, "not verified\n");
    }
    assert_refused(&post(server, &line(&mine), b"{}\n"), 401, "not verified\n");
    assert_echoed(&post(server, &line(&mine), b"{}"), b"{}");
}

pub(crate) fn s27_the_application_may_ask_why(start: Start) {
    let server = start(verifier().with_body_limit(4));
    for (headers, body, why) in [
        (b"".to_vec(), "{}", "the callback is not verified: the signature header is missing"),
        (
            line(foreign(b"{}")),
            "{}",
            "the callback is not verified: no digest in the signature header matches the body",
        ),
        (signed(b"12345"), "12345", "the callback is longer than the 4 bytes accepted"),
        (signed(b"1234"), "1234", "VerifiedBody(4 bytes)"),
    ] {
        let answer = post_to(server, "/why", &headers, body.as_bytes());
        assert_eq!(String::from_utf8(answer.body).unwrap(), why);
    }
}

pub(crate) fn s28_a_body_of_exactly_the_limit_comes_through(start: Start) {
    let server = start(verifier());
    let body = vec![b'x'; DEFAULT_BODY_LIMIT];
    assert_echoed(&post(server, &signed(&body), &body), &body);
    let (headers, chunks) = chunked(&signed(&body), &[&body[..1000], &body[1000..], b""]);
    assert_echoed(&raw(server, "/", &headers, &chunks), &body);
}

/// Not a byte of the body is sent, so that the answer cannot be about it.
pub(crate) fn s28_a_content_length_over_the_limit_is_413_before_the_body(start: Start) {
    let headers = [&signed(b"")[..], b"content-length: 65537\r\n"].concat();
    assert_refused(&raw(start(verifier()), "/", &headers, b""), 413, "body too large\n");
    let headers = [&signed(b"")[..], b"content-length: 11\r\n"].concat();
    let lower = start(verifier().with_body_limit(10));
    assert_refused(&raw(lower, "/", &headers, b""), 413, "body too large\n");
}

/// The chunk that would end the body is never sent.
pub(crate) fn s28_chunks_over_the_limit_are_413_before_their_end(start: Start) {
    let body = vec![b'x'; DEFAULT_BODY_LIMIT + 1];
    let (headers, chunks) = chunked(&signed(&body), &[&body]);
    assert_refused(&raw(start(verifier()), "/", &headers, &chunks), 413, "body too large\n");
}

pub(crate) fn s28_a_slow_body_is_408(start: Start) {
    let server = start(verifier().with_body_timeout(Some(Duration::from_millis(50))));
    let headers = [&signed(b"{}")[..], b"content-length: 2\r\n"].concat();
    assert_refused(&raw(server, "/", &headers, b"{"), 408, "body too slow\n");
    assert_echoed(&post(server, &signed(b"{}"), b"{}"), b"{}");
    let patient = start(verifier().with_body_timeout(None));
    assert_echoed(&post(patient, &signed(b"{}"), b"{}"), b"{}");
}

pub(crate) fn s28_an_unsigned_request_is_401_before_its_body(start: Start) {
    let server = start(verifier().with_body_timeout(None));
    assert_refused(&raw(server, "/", b"content-length: 100\r\n", b""), 401, "not verified\n");
}

pub(crate) fn s28_a_body_with_broken_framing_is_400(start: Start) {
    let (headers, chunks) = chunked(&signed(b"{}"), &[b"{"]);
    let answer = raw(start(verifier()), "/", &headers, &[&chunks[..], b"no length\r\n"].concat());
    assert_refused(&answer, 400, "body incomplete\n");
}

pub(crate) fn callbacks_are_parsed(start: Start) {
    let server = start(verifier());
    let body = br#"{"notification":{"type":"gdpr_requested"},"channel":{"channel_id":"chn_1"}}"#;
    assert_echoed(&post_to(server, "/notification", &signed(body), body), b"gdpr_requested");
    let body = br#"{"authorization":{"code":"c","state":"row-77"}}"#;
    assert_echoed(&post_to(server, "/delegation", &signed(body), body), b"row-77");
}
