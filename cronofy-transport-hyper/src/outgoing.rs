//! A request, judged before anything of it is sent.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use cronofy_auth_core::Body;
use http::header::{CONTENT_LENGTH, HeaderValue, InvalidHeaderValue, USER_AGENT};
use http::uri::Scheme;
use http::{Method, Uri};

use crate::error::Unfit;

/// `https` to anybody, `http` to this machine: bearer tokens and client secrets are on the way.
pub(crate) fn check(uri: &Uri) -> Result<(), Unfit> {
    let authority = uri.authority().ok_or(Unfit::NoHost)?;
    let text = authority.as_str().as_bytes();
    if text.contains(&b'@') {
        return Err(Unfit::Userinfo);
    }
    // Without a user name the host comes first, and is empty where nothing but a port comes.
    if matches!(text.first(), None | Some(b':')) {
        return Err(Unfit::NoHost);
    }
    match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => Ok(()),
        Some(scheme) if *scheme != Scheme::HTTP => Err(Unfit::Scheme),
        Some(_) if is_loopback(authority.host()) => Ok(()),
        Some(_) => Err(Unfit::NotSecure),
        None => Err(Unfit::Scheme),
    }
}

/// The ordinary forms only: what one program takes for loopback (`127.1`), another might look up.
fn is_loopback(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(bare) => bare.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
                || host.eq_ignore_ascii_case("localhost")
        }
    }
}

/// Adds who asks, where the request does not say so already, and the length that hyper leaves out: a `POST`
/// of nothing has a length as well (RFC 9110 section 8.6).
pub(crate) fn complete(request: &mut http::Request<Body>, user_agent: &HeaderValue) {
    let of_nothing = request.body().as_bytes().is_empty()
        && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let headers = request.headers_mut();
    if of_nothing {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    headers.entry(USER_AGENT).or_insert_with(|| user_agent.clone());
}

/// The more significant product comes first (RFC 9110 section 10.1.5).
pub(crate) fn user_agent(application: Option<&str>) -> Result<HeaderValue, InvalidHeaderValue> {
    const OURS: &str = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (hyper)");
    match application {
        None => Ok(HeaderValue::from_static(OURS)),
        Some(application) => HeaderValue::from_str(&format!("{application} {OURS}")),
    }
}

/// A whole body in one piece, as hyper wants it; zeroed when hyper is done with it.
pub(crate) struct Whole(Option<Bytes>);

impl Whole {
    pub(crate) fn new(body: Body) -> Self {
        Self(Some(body.into_bytes()).filter(|bytes| !bytes.is_empty()))
    }
}

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(hyper::body::Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_at_home() {
        for (url, expected) in [
            ("https://api.cronofy.com/oauth/token", Ok(())),
            ("HTTPS://api.cronofy.com", Ok(())),
            ("http://127.0.0.1:1", Ok(())),
            ("http://127.8.8.8", Ok(())),
            ("http://[::1]:80/", Ok(())),
            ("http://LocalHost:80/", Ok(())),
            ("http://api.cronofy.com/", Err(Unfit::NotSecure)),
            ("https://:443/", Err(Unfit::NoHost)),
            ("http://127.1/", Err(Unfit::NotSecure)),
            ("http://0.0.0.0/", Err(Unfit::NotSecure)),
            ("http://localhost.example/", Err(Unfit::NotSecure)),
            ("http://localhost./", Err(Unfit::NotSecure)),
            ("http://[::ffff:127.0.0.1]/", Err(Unfit::NotSecure)),
            ("http://127.0.0.1@api.cronofy.com/", Err(Unfit::Userinfo)),
            ("https://user:canary@api.cronofy.com/", Err(Unfit::Userinfo)),
            ("ftp://127.0.0.1/", Err(Unfit::Scheme)),
            ("/oauth/token", Err(Unfit::NoHost)),
            ("127.0.0.1:80", Err(Unfit::Scheme)),
        ] {
            assert_eq!(check(&Uri::from_static(url)), expected, "{url}");
        }
    }

    #[test]
    fn the_application_comes_first() {
        let ours = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (hyper)");
        assert_eq!(user_agent(None).unwrap(), ours);
        assert_eq!(user_agent(Some("my-app/1.2")).unwrap(), format!("my-app/1.2 {ours}").as_str());
        assert!(user_agent(Some("my\napp")).is_err());
    }
}
