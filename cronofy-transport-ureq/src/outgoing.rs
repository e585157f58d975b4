//! A request, judged before anything of it is sent.

use std::net::{Ipv4Addr, Ipv6Addr};

use cronofy_auth_core::Body;
use http::Uri;
use http::header::{HeaderValue, InvalidHeaderValue, USER_AGENT};
use http::uri::Scheme;

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

/// Adds who asks, where the request does not say so already.
pub(crate) fn complete(request: &mut http::Request<Body>, user_agent: &HeaderValue) {
    request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
}

/// The more significant product comes first (RFC 9110 section 10.1.5).
pub(crate) fn user_agent(application: Option<&str>) -> Result<HeaderValue, InvalidHeaderValue> {
    const OURS: &str = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (ureq)");
    match application {
        None => Ok(HeaderValue::from_static(OURS)),
        Some(application) => HeaderValue::from_str(&format!("{application} {OURS}")),
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
        let ours = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (ureq)");
        assert_eq!(user_agent(None).unwrap(), ours);
        assert_eq!(user_agent(Some("my-app/1.2")).unwrap(), format!("my-app/1.2 {ours}").as_str());
        assert!(user_agent(Some("my\napp")).is_err());
    }
}
