//! Where credentials may go, judged before anything of a request is sent.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use http::uri::Scheme;

/// Why a URL is none that credentials may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// It names no host.
    #[error("the URL names no host")]
    NoHost,
    /// It holds credentials.
    #[error("the URL holds a user name")]
    Userinfo,
    /// It is neither `https` nor `http`.
    #[error("the URL is neither https nor http")]
    Scheme,
    /// It is `http`, and to another machine.
    #[error("plain http is for this machine only")]
    NotSecure,
}

/// `https` to anybody, `http` to this machine: bearer tokens and client secrets are on the way.
///
/// # Errors
///
/// Says what is wrong with the URL.
pub fn check(uri: &Uri) -> Result<(), Unfit> {
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
}
