//! The tokens of one authorization, and whose they are.

use core::time::Duration;

use cronofy_types::{
    AccessToken, AccountId, ApplicationCalendarId, Extra, LinkingProfile, RefreshToken, Scopes,
    ServiceAccountId, Sub, Timestamp, TokenResponse,
};

/// How long an access token is taken to live where the answer does not say: the shortest lifetime in
/// Cronofy's documentation, that of a service account's token.
pub const ASSUMED_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A longer lifetime than this is cut to it, so that no answer makes a token valid for ever.
pub const LONGEST_LIFETIME: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Refresh at least this long before the access token dies.
const EARLY: Duration = Duration::from_secs(45);

/// And up to this much earlier.
const SPREAD: Duration = Duration::from_secs(30);

/// The tokens of one authorization.
///
/// Store all of it in one atomic write before anyone uses it: Cronofy may have replaced the refresh token,
/// and the old one is then dead. It is not `Serialize`, so that no token gets into a file by accident; a row of a
/// database is written with [`expose`](AccessToken::expose), and encrypted:
///
/// ```
/// use cronofy_auth_core::token::TokenSet;
/// use cronofy_auth_core::types::{AccessToken, LinkingProfile, RefreshToken, Scopes, Sub, Timestamp};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Row {
///     access_token: String,
///     refresh_token: Option<String>,
///     received_at: Timestamp,
///     expires_at: Timestamp,
///     scope: Scopes,
///     sub: Option<Sub>, // and the other fields of `Identity`, where they are of use
///     linking_profile: Option<LinkingProfile>,
/// }
///
/// fn store(tokens: &TokenSet) -> Row {
///     Row {
///         access_token: tokens.access_token.expose().to_owned(),
///         refresh_token: tokens.refresh_token.as_ref().map(|token| token.expose().to_owned()),
///         received_at: tokens.received_at,
///         expires_at: tokens.expires_at,
///         scope: tokens.scope.clone(),
///         sub: tokens.identity.sub.clone(),
///         linking_profile: tokens.linking_profile.clone(),
///     }
/// }
///
/// fn restore(row: Row) -> Result<TokenSet, cronofy_auth_core::types::InvalidValue> {
///     let mut tokens = TokenSet::new(AccessToken::new(row.access_token)?, row.received_at, row.expires_at);
///     tokens.refresh_token = row.refresh_token.map(RefreshToken::new).transpose()?;
///     tokens.scope = row.scope;
///     tokens.identity.sub = row.sub;
///     tokens.linking_profile = row.linking_profile;
///     Ok(tokens)
/// }
/// # let now = Timestamp::from_unix_seconds(0);
/// # let mut tokens = TokenSet::new(AccessToken::new("a")?, now, now);
/// # tokens.refresh_token = Some(RefreshToken::new("r")?);
/// # let row = serde_json::to_string(&store(&tokens)).unwrap();
/// # let back = restore(serde_json::from_str(&row).unwrap())?;
/// # assert_eq!(back.refresh_token.unwrap().expose(), "r");
/// # Ok::<(), cronofy_auth_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenSet {
    /// Bears the authorization until [`expires_at`](Self::expires_at).
    pub access_token: AccessToken,
    /// Buys the next access token. `None` where none was ever given.
    pub refresh_token: Option<RefreshToken>,
    /// When the answer came.
    pub received_at: Timestamp,
    /// When the access token dies: an instant rather than a number of seconds, so that it stays true in a
    /// database.
    pub expires_at: Timestamp,
    /// What was granted; it may be less than was asked for.
    pub scope: Scopes,
    /// Whose tokens these are.
    pub identity: Identity,
    /// The profile that the authorization went through, from the first answer.
    pub linking_profile: Option<LinkingProfile>,
    /// What else the answer said. Of an organizational unit's answer nothing is documented but the tokens.
    pub extra: Extra,
}

/// Whose tokens these are. Only the first answer says so; a refresh keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Identity {
    /// The subject.
    pub sub: Option<Sub>,
    /// The user account.
    pub account_id: Option<AccountId>,
    /// The service account.
    pub service_account_id: Option<ServiceAccountId>,
    /// The caller's own name of an application calendar.
    pub application_calendar_id: Option<ApplicationCalendarId>,
}

impl TokenSet {
    /// Tokens out of a store. Set the other fields as they were stored.
    pub fn new(access_token: AccessToken, received_at: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            access_token,
            refresh_token: None,
            received_at,
            expires_at,
            scope: Scopes::default(),
            identity: Identity::default(),
            linking_profile: None,
            extra: Extra::default(),
        }
    }

    pub(crate) fn from_response(response: TokenResponse, now: Timestamp) -> Self {
        let lifetime = response.expires_in.map_or(ASSUMED_LIFETIME, Duration::from_secs);
        Self {
            access_token: response.access_token,
            refresh_token: response.refresh_token,
            received_at: now,
            expires_at: now.saturating_add(lifetime.min(LONGEST_LIFETIME)),
            scope: response.scope,
            identity: Identity {
                sub: response.sub,
                account_id: response.account_id,
                service_account_id: response.service_account_id,
                application_calendar_id: response.application_calendar_id,
            },
            linking_profile: response.linking_profile,
            extra: response.extra,
        }
    }

    /// Whose tokens these are, in one word: the `sub`, or the account or service account where the answer
    /// named only that.
    pub fn subject(&self) -> Option<&str> {
        let identity = &self.identity;
        let sub = identity.sub.as_ref().map(Sub::as_str);
        let account = identity.account_id.as_ref().map(AccountId::as_str);
        sub.or(account).or(identity.service_account_id.as_ref().map(ServiceAccountId::as_str))
    }

    /// How long before its end the access token is refreshed while it still works: at least 45 seconds, and up to 30
    /// more by the moment that the tokens came, so that those of many accounts, bought together, are not all refreshed
    /// together; but never more than a fifth of its lifetime.
    pub fn early(&self) -> Duration {
        let lifetime = self.expires_at.saturating_since(self.received_at);
        let spread = SPREAD.mul_f64(f64::from(self.received_at.subsec_nanoseconds()) / 1e9);
        (EARLY + spread).min(lifetime / 5)
    }

    /// Whether the access token is dead, or will be within `margin`.
    pub fn expires_within(&self, margin: Duration, now: Timestamp) -> bool {
        now.saturating_add(margin) >= self.expires_at
    }
}
