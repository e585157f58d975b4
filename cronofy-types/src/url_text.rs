//! URLs that are compared as text: kept exactly, and judged without being rewritten.
//!
//! RFC 9700 section 2.1 asks for exact string comparison of redirect URIs, so a parser that normalises is
//! the wrong tool to keep them in.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::invalid::{InvalidValue, Problem};

/// Longer than any URL that browsers and servers agree on.
const URL_LIMIT: usize = 8 * 1024;

/// What a judged URL consists of.
pub(crate) struct Parts<'a> {
    pub(crate) secure: bool,
    /// Without the brackets of an IPv6 address.
    pub(crate) host: &'a str,
    /// Path and query.
    pub(crate) after_authority: &'a str,
}

/// Holds a URL to RFC 3986 as far as this library depends on it: `http` or `https`, a host, no user
/// information, no fragment, nothing that a browser would read differently (controls, spaces, backslashes).
pub(crate) fn parse<'a>(what: &'static str, url: &'a str) -> Result<Parts<'a>, InvalidValue> {
    let refuse = |problem| InvalidValue::new(what, problem);
    crate::invalid::check_text(what, url, URL_LIMIT)?;
    if let Some(at) = url.find(['\\', ' ', '"', '<', '>', '`']) {
        return Err(refuse(Problem::Character { at }));
    }
    if let Some(at) = url.find('#') {
        return Err(refuse(Problem::Fragment { at }));
    }
    let (secure, rest) = strip_scheme(url).ok_or(refuse(Problem::Scheme))?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, after_authority) = rest.split_at(end);
    if authority.contains('@') {
        return Err(refuse(Problem::Userinfo));
    }
    let (host, port) = split_port(authority).ok_or(refuse(Problem::Host))?;
    if !is_host(host, authority.starts_with('[')) {
        return Err(refuse(Problem::Host));
    }
    // `u16::from_str` alone would take a plus sign.
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if port.is_some_and(|port| !is_port(port)) {
        return Err(refuse(Problem::Port));
    }
    Ok(Parts { secure, host, after_authority })
}

fn strip_scheme(url: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => Some((true, rest)),
        _ if scheme.eq_ignore_ascii_case("http") => Some((false, rest)),
        _ => None,
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None if rest.is_empty() => Some((host, None)),
            None => None,
        };
    }
    Some(match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    })
}

fn is_host(host: &str, bracketed: bool) -> bool {
    if bracketed {
        return host.parse::<Ipv6Addr>().is_ok();
    }
    // `*` is allowed for the patterns of an application's registered redirect URIs.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*');
    // A dot at the very end is the root of all names; anywhere else something stands between two.
    let labels = host.strip_suffix('.').unwrap_or(host);
    labels.split('.').all(|label| !label.is_empty()) && host.bytes().all(allowed)
}

/// `localhost`, or an address of this machine in its ordinary form. `127.1` and `2130706433` are refused:
/// what one program takes for loopback another might look up.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

macro_rules! url_text {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// Kept as the exact string, since that is what is compared; `http` and `https` are both legal at
        /// Cronofy, and [`is_secure`](Self::is_secure) tells which it is. A clone shares the string.
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes a URL and keeps it as it is.
            ///
            /// # Errors
            ///
            /// Refuses another scheme than `http` and `https`, a missing host, a user name or password, a
            /// fragment, control characters, spaces, backslashes, and more than 8 KiB.
            pub fn new(url: impl Into<Arc<str>>) -> Result<Self, InvalidValue> {
                let url = url.into();
                parse($what, &url)?;
                Ok(Self(url))
            }

            /// The URL, exactly as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether it is `https`. What arrives over `http` can be read and replaced on its way, except
            /// on this machine.
            pub fn is_secure(&self) -> bool {
                strip_scheme(&self.0).is_some_and(|(secure, _)| secure)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&&*self.0).finish()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = InvalidValue;

            fn from_str(url: &str) -> Result<Self, InvalidValue> {
                Self::new(url)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "url")]
        impl TryFrom<&url::Url> for $name {
            type Error = InvalidValue;

            /// Takes the text of a parsed URL, which may differ from what was parsed: register that text.
            fn try_from(url: &url::Url) -> Result<Self, InvalidValue> {
                Self::new(url.as_str())
            }
        }

        #[cfg(feature = "url")]
        impl TryFrom<&$name> for url::Url {
            type Error = url::ParseError;

            fn try_from(text: &$name) -> Result<Self, url::ParseError> {
                url::Url::parse(text.as_str())
            }
        }
    };
}

url_text!(
    /// Where the browser comes back to (RFC 6749 section 3.1.2).
    RedirectUri,
    "redirect URI"
);
url_text!(
    /// Where Cronofy posts the outcome of a delegated authorization
    /// (`developers/api/enterprise-connect/delegated-access`). Nothing in the body names the mailbox, so a
    /// query of its own, or the `state`, tells which one it was.
    CallbackUrl,
    "callback URL"
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn s3_kept_exactly() {
        for url in [
            "http://red.ire.ct/Uri",
            "https://app.example",
            "https://APP.example:443/cb/",
            "https://app.example/cb?u=1&v=%20&w=%2F..%2f",
            "HTTP://127.0.0.1:8080/cb",
            "http://[::1]:8080/cb",
            "https://app.example/caf\u{e9}?x={y}",
        ] {
            assert_eq!(RedirectUri::new(url).unwrap().as_str(), url);
        }
        assert!(RedirectUri::new("HTTPS://app.example/").unwrap().is_secure());
        assert!(!CallbackUrl::new("http://app.example/").unwrap().is_secure());
    }

    #[test]
    fn s4_what_is_refused_and_why() {
        for (url, why) in [
            ("", "redirect URI is empty"),
            ("https://app.example/cb#x", "redirect URI has a fragment at byte 22"),
            ("https://app.example/cb\r\nX: 1", "redirect URI has a control character at byte 22"),
            ("https://me:pw@app.example/cb", "redirect URI has a user name or password before its host"),
            ("https://app.example@evil.example/", "redirect URI has a user name or password before its host"),
            ("//evil.example/", "redirect URI does not start with http:// or https://"),
            ("https:evil.example", "redirect URI does not start with http:// or https://"),
            ("javascript://app.example/%0Aalert(1)", "redirect URI does not start with http:// or https://"),
            ("https://", "redirect URI has no valid host"),
            ("https:///cb", "redirect URI has no valid host"),
            ("https://a%2e.example/", "redirect URI has no valid host"),
            ("https://a..b/", "redirect URI has no valid host"),
            ("https://../", "redirect URI has no valid host"),
            ("https://[::1/", "redirect URI has no valid host"),
            ("https://[nonsense]/", "redirect URI has no valid host"),
            ("https://app.example:99999/", "redirect URI has a port that is no number up to 65535"),
            ("https://app.example:/", "redirect URI has a port that is no number up to 65535"),
            ("https://app.example:+80/", "redirect URI has a port that is no number up to 65535"),
            (
                "https://app.example\\@evil.example/",
                "redirect URI has a character that is not allowed at byte 19",
            ),
            ("https://app.example/a b", "redirect URI has a character that is not allowed at byte 21"),
        ] {
            assert_eq!(RedirectUri::new(url).unwrap_err().to_string(), why, "{url:?}");
        }
    }

    #[test]
    fn loopback_is_what_every_program_takes_for_it() {
        for yes in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in ["127.1", "2130706433", "localhost.example", "0.0.0.0", "::ffff:127.0.0.1", "0x7f.0.0.1"] {
            assert!(!is_loopback(no), "{no}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_kept_or_refused(text in "\\PC*") {
            if let Ok(url) = RedirectUri::new(text.as_str()) {
                prop_assert_eq!(url.as_str(), text);
            }
        }
    }
}
