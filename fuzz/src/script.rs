//! Inputs that a person can write: a response as text.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

/// Reads a status, then header lines, then, after an empty line, the body: HTTP without its first words. What is
/// no status is 200, and what is no header is left out, so that every input is some response.
pub(crate) fn response(data: &[u8]) -> http::Response<Bytes> {
    let (status, mut rest) = line(data);
    let status = core::str::from_utf8(status).ok().and_then(|text| text.trim().parse::<u16>().ok());
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    while !rest.is_empty() {
        let (header, after) = line(rest);
        rest = after;
        if header.is_empty() {
            break;
        }
        let Some(colon) = header.iter().position(|&byte| byte == b':') else { continue };
        let name = HeaderName::from_bytes(&header[..colon]);
        let value = HeaderValue::from_bytes(header[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    *response.body_mut() = Bytes::copy_from_slice(rest);
    response
}

/// The first line without its end, and what comes after it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|&byte| byte == b'\n') {
        Some(end) => (data[..end].strip_suffix(b"\r").unwrap_or(&data[..end]), &data[end + 1..]),
        None => (data, &[]),
    }
}
