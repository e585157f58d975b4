//! OAuth clients: their secrets, their redirect URIs, what is enabled for them.

use url::Url;

use crate::world::AccessMode;

/// An application of a developer. Not `Debug`: it holds secrets.
#[derive(Clone)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    /// Every active secret, oldest first. Any of them is accepted, each of them signs callbacks.
    pub(crate) secrets: Vec<String>,
    pub(crate) name: String,
    /// An unverified application is in development mode: its codes go to any redirect URI.
    pub(crate) verified: bool,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) features: Features,
}

/// What the dashboard calls features.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four independent switches, as in the dashboard")]
pub(crate) struct Features {
    pub(crate) business_connect: bool,
    pub(crate) free_busy: bool,
    pub(crate) no_access: bool,
    pub(crate) explicit_linking: bool,
}

impl Default for Features {
    /// Everything is enabled, so that nothing has to be asked for before it can be tried.
    fn default() -> Self {
        Self { business_connect: true, free_busy: true, no_access: true, explicit_linking: true }
    }
}

impl Application {
    pub(crate) fn knows_secret(&self, secret: &str) -> bool {
        self.secrets.iter().any(|active| active == secret)
    }

    /// Whether a code may be sent to `uri`: always in development mode, else only where registered.
    pub(crate) fn accepts(&self, uri: &str) -> bool {
        !self.verified || self.redirect_uris.iter().any(|registered| matches(registered, uri))
    }

    /// The modes that the consent page offers once `free_busy_write` is asked for, the asked-for one first.
    pub(crate) fn reduced_modes(&self) -> Vec<AccessMode> {
        let Features { free_busy, no_access, .. } = self.features;
        [(AccessMode::FreeBusy, free_busy), (AccessMode::ReadWrite, true), (AccessMode::NoAccess, no_access)]
            .into_iter()
            .filter_map(|(mode, enabled)| enabled.then_some(mode))
            .collect()
    }
}

/// Exact comparison, except that a leading `*` label in the host stands for exactly one label.
fn matches(registered: &str, uri: &str) -> bool {
    if registered == uri {
        return true;
    }
    let Some((scheme, rest)) = registered.split_once("://*.") else { return false };
    let Some(candidate) = uri.strip_prefix(scheme).and_then(|uri| uri.strip_prefix("://")) else {
        return false;
    };
    let Some((label, candidate)) = candidate.split_once('.') else { return false };
    !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && candidate == rest
}

/// Why `uri` cannot be a redirect URI or a callback URL, if it cannot.
pub(crate) fn flaw(uri: &str) -> Option<&'static str> {
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("it holds a space, a control character or a character outside ASCII");
    }
    let Ok(url) = Url::parse(uri) else { return Some("it is not an absolute URL") };
    if !matches!(url.scheme(), "http" | "https") {
        return Some("its scheme is neither http nor https");
    }
    if url.fragment().is_some() {
        return Some("it has a fragment, which RFC 6749, section 3.1.2, forbids");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it holds a user name or a password");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_uris_match_exactly_or_by_one_leading_label() {
        assert!(matches("https://a.example/cb", "https://a.example/cb"));
        assert!(!matches("https://a.example/cb", "https://a.example/cb/"));
        assert!(!matches("https://a.example/cb", "https://a.example/cb?x=1"));
        assert!(matches("https://*.a.example/cb", "https://one.a.example/cb"));
        assert!(!matches("https://*.a.example/cb", "https://one.two.a.example/cb"));
        assert!(!matches("https://*.a.example/cb", "https://.a.example/cb"));
        assert!(!matches("https://*.a.example/cb", "https://x@evil.example/.a.example/cb"));
        assert!(!matches("https://*.a.example/cb", "http://one.a.example/cb"));
        assert!(!matches("https://a.example/*", "https://a.example/cb"));
    }

    #[test]
    fn flaws_are_named() {
        assert!(flaw("http://127.0.0.1:1/cb?x=1").is_none());
        for bad in [
            "",
            "/cb",
            "myapp://cb",
            "javascript:alert(1)",
            "http://a.example/#f",
            "http://a.example/é",
            "http://u:p@a.example/",
            "http://a b/",
        ] {
            assert!(flaw(bad).is_some(), "{bad}");
        }
    }
}
