//! The way back to the application (RFC 6749, section 4.1.2).

use axum::response::Response;
use form_urlencoded::Serializer;
use http::{HeaderValue, StatusCode, header};

use super::decide::{COOKIE, Issued};
use crate::wire::{empty, errors};

pub(super) fn success(issued: &Issued, status: StatusCode) -> Response {
    let mut response = to(&issued.redirect_uri, "code", &issued.code, issued.state.as_deref(), status);
    if let Some(cookie) = &issued.cookie {
        let text = format!("{COOKIE}={cookie}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(header::SET_COOKIE, value);
        }
    }
    response
}

/// Cronofy shows no `error_description`; the reason is for the person who reads the header.
pub(super) fn failure(
    redirect_uri: &str,
    error: &str,
    state: Option<&str>,
    why: &str,
    status: StatusCode,
) -> Response {
    let mut response = to(redirect_uri, "error", error, state, status);
    response.headers_mut().insert(errors::WHY, errors::why_value(why));
    response
}

fn to(uri: &str, name: &str, value: &str, state: Option<&str>, status: StatusCode) -> Response {
    at(&extended(uri, name, value, state), status)
}

/// Back from a page on which somebody picks a time.
pub(super) fn with_token(uri: &str, token: &str, state: Option<&str>) -> Response {
    to(uri, "token", token, state, StatusCode::SEE_OTHER)
}

/// Back, with nothing to say besides what the address says.
pub(super) fn at(location: &str, status: StatusCode) -> Response {
    let mut response = empty(status);
    // A redirect URI is printable ASCII, or it was refused; the rest is percent-encoded.
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    super::page::protect(&mut response);
    response
}

/// `uri` as it is, with one or two parameters more: its own query stays (RFC 6749, section 3.1.2).
fn extended(uri: &str, name: &str, value: &str, state: Option<&str>) -> String {
    let separator = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let mut query = Serializer::new(String::new());
    query.append_pair(name, value);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    format!("{uri}{separator}{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::extended;

    #[test]
    fn the_query_of_a_redirect_uri_stays() {
        assert_eq!(extended("http://a/cb", "code", "x", None), "http://a/cb?code=x");
        assert_eq!(extended("http://a/cb?", "code", "x", None), "http://a/cb?code=x");
        assert_eq!(
            extended("http://a/cb?b=%20c", "code", "x", Some("s &")),
            "http://a/cb?b=%20c&code=x&state=s+%26"
        );
    }
}
