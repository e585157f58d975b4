//! What is up to whoever sets up a sandbox: who consents, how long things live, what a refresh does.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits::RateLimits;

/// Who decides on the authorization pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum AutoConsent {
    /// A person, on the page.
    #[default]
    Off,
    /// Nobody: the first account that fits the request is taken and redirected at once.
    Auto,
    /// Nobody: the account with this address is taken and redirected at once. Where it does not fit the request,
    /// the redirect says `access_denied`.
    Email(String),
    /// Nobody: every request is redirected with `access_denied` at once.
    Deny,
}

impl FromStr for AutoConsent {
    type Err = Infallible;

    /// `off`, `auto`, `deny`, or an address.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text.to_owned()))
    }
}

impl From<String> for AutoConsent {
    fn from(text: String) -> Self {
        match text.as_str() {
            "off" => Self::Off,
            "auto" => Self::Auto,
            "deny" => Self::Deny,
            _ => Self::Email(text),
        }
    }
}

impl From<AutoConsent> for String {
    fn from(policy: AutoConsent) -> Self {
        policy.to_string()
    }
}

impl fmt::Display for AutoConsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Auto => "auto",
            Self::Deny => "deny",
            Self::Email(email) => email,
        })
    }
}

/// What a refresh does to the refresh token.
///
/// Cronofy's sources disagree (docs: faqs/access-token-expiry against api/authorization/refresh-token), so a
/// client must bear each of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshMode {
    /// The same refresh token comes back.
    #[default]
    Stable,
    /// A new one comes back and the old one is dead at once.
    RotateStrict,
    /// A new one comes back; for this long, the old one still gets an answer, which holds the new one.
    RotateWithGrace(Duration),
}

/// Who consents, how long things live, and what a refresh does.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) auto_consent: AutoConsent,
    /// Rows of a page of a paged list.
    pub(crate) page_size: usize,
    pub(crate) code_lifetime: Duration,
    pub(crate) user_token_lifetime: Duration,
    pub(crate) service_token_lifetime: Duration,
    pub(crate) refresh_mode: RefreshMode,
    pub(crate) revoke_on_replay: bool,
    pub(crate) rate_limits: RateLimits,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            auto_consent: AutoConsent::Off,
            page_size: 50,
            code_lifetime: Duration::from_secs(10 * 60),
            user_token_lifetime: Duration::from_secs(3600),
            service_token_lifetime: Duration::from_secs(1800),
            refresh_mode: RefreshMode::Stable,
            revoke_on_replay: false,
            rate_limits: RateLimits::default(),
        }
    }
}
