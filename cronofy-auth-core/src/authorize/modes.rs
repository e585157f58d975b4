//! The ways of connecting: a type each, with what that way allows.

use core::fmt;
use core::time::Duration;

use cronofy_types::{LinkToken, ProviderName, RedirectUri, Scope, Scopes, Shown, State, Timestamp};

use super::pending::{ConnectMode, PendingAuthorization};
use super::url::{OURS, Parameters};
use crate::App;

const USER_PATH: &str = "/oauth/authorize";
const ENTERPRISE_PATH: &str = "/enterprise_connect/oauth/authorize";

/// How long a user may take, unless said otherwise. Cronofy documents no limit of its own before the code.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Where to send the browser, and what to keep until it comes back.
#[non_exhaustive]
pub struct Authorization {
    /// Where to send the browser. Not for the log: it holds the `state` and perhaps a link token.
    pub url: String,
    /// What to keep, in a place that another process can read: the browser may come back to any of them.
    pub pending: PendingAuthorization,
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before_the_query = self.url.split_once('?').map_or(self.url.as_str(), |(url, _)| url);
        f.debug_struct("Authorization")
            .field("url", &format_args!("{before_the_query}?…"))
            .field("pending", &self.pending)
            .finish()
    }
}

/// A parameter or scope list that no authorize URL can be made of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizeError {
    /// At least one scope is required (`developers/api/authorization/request-authorization`).
    #[error("no scope is asked for")]
    NoScope,
    /// What is to be handed on has to be named.
    #[error("no delegated scope is asked for")]
    NoDelegatedScope,
    /// The parameter has a method of its own, or must never be in a URL.
    #[error("the parameter `{0}` is set by its own method")]
    Ours(&'static str),
    /// The parameter is there already.
    #[error("the parameter `{}` is there already", Shown(.0))]
    Repeated(String),
    /// The parameter has no name.
    #[error("a parameter has no name")]
    Nameless,
}

macro_rules! connect_mode {
    ($name:ident, $mode:ident, $path:ident) => {
        impl $name {
            /// The display language of the page, such as `fr-CA`; without it the browser decides.
            pub fn locale(mut self, locale: impl Into<String>) -> Self {
                self.0.locale = Some(locale.into());
                self
            }

            /// A parameter that has no method here.
            ///
            /// # Errors
            ///
            /// Refuses the names that this library sets, and a name that is empty or there already.
            pub fn parameter(
                mut self,
                name: impl Into<String>,
                value: impl Into<String>,
            ) -> Result<Self, AuthorizeError> {
                let name = name.into();
                // What frameworks read as the same parameter is: `State`, `scope[]`.
                let base = name.split('[').next().unwrap_or_default();
                if let Some(ours) = OURS.iter().find(|ours| ours.eq_ignore_ascii_case(base)) {
                    return Err(AuthorizeError::Ours(ours));
                }
                if name.is_empty() {
                    return Err(AuthorizeError::Nameless);
                }
                if self.0.more.iter().any(|(known, _)| *known == name) {
                    return Err(AuthorizeError::Repeated(name));
                }
                self.0.more.push((name, value.into()));
                Ok(self)
            }

            /// The URL alone, for whoever keeps the pending part in a way of their own.
            pub fn url(&self, app: &App, state: &State) -> String {
                self.0.url(app, $path, state)
            }

            /// The URL, and what to keep until the browser comes back, for an hour.
            ///
            /// `state` is new for every request and comes from a secure random source:
            /// [`State::from_random`], or the `random_state` of a transport.
            pub fn authorize(&self, app: &App, state: State, now: Timestamp) -> Authorization {
                self.authorize_within(PATIENCE, app, state, now)
            }

            /// As [`authorize`](Self::authorize), and the user may take that long.
            pub fn authorize_within(
                &self,
                patience: Duration,
                app: &App,
                state: State,
                now: Timestamp,
            ) -> Authorization {
                let url = self.url(app, &state);
                let pending = PendingAuthorization {
                    mode: ConnectMode::$mode,
                    client_id: app.client_id().clone(),
                    data_center: app.data_center().clone(),
                    state,
                    redirect_uri: self.0.redirect_uri.clone(),
                    scope: self.0.scope.clone(),
                    delegated_scope: self.0.delegated_scope.clone(),
                    started_at: now,
                    expires_at: now.saturating_add(patience),
                };
                Authorization { url, pending }
            }
        }
    };
}

/// Individual Connect: a user connects calendars of their own
/// (`developers/api/authorization/request-authorization`).
#[derive(Debug, Clone)]
pub struct IndividualConnect(Parameters);

connect_mode!(IndividualConnect, Individual, USER_PATH);

impl IndividualConnect {
    /// Asks for these scopes.
    ///
    /// # Errors
    ///
    /// [`AuthorizeError::NoScope`].
    pub fn new(redirect_uri: RedirectUri, scope: Scopes) -> Result<Self, AuthorizeError> {
        Ok(Self(Parameters::new(redirect_uri, at_least_one(scope)?)))
    }

    /// Free/Busy Access: asks for `free_busy_write`, whereupon the page lets the user choose how much to
    /// show. What was chosen is told by the provider of the linking profile. Go straight to one provider
    /// with [`provider`](Self::provider) and [`ProviderName::GoogleFreeBusy`] or
    /// [`ProviderName::MsGraphFreeBusy`].
    pub fn free_busy(redirect_uri: RedirectUri) -> Self {
        Self(Parameters::new(redirect_uri, Scopes::from([Scope::FreeBusyWrite])))
    }

    /// Goes straight to this provider, past the page that offers all of them.
    pub fn provider(mut self, provider: ProviderName) -> Self {
        self.0.provider_name = Some(provider);
        self
    }

    /// Keeps the new login out of the account that the same browser has connected before. Without it,
    /// Cronofy joins all logins of one browser into one account.
    pub fn avoid_linking(mut self) -> Self {
        self.0.avoid_linking = true;
        self
    }

    /// Joins the new login to the account of this token (`developers/api-alpha/explicit-linking`).
    pub fn link_token(mut self, token: LinkToken) -> Self {
        self.0.link_token = Some(token);
        self
    }
}

/// Business Connect: as Individual Connect, and calendars shared with the user come within reach
/// (`developers/api-alpha/business-connect/request-authorization`). What follows is
/// [`delegate::business`](crate::delegate::business).
#[derive(Debug, Clone)]
pub struct BusinessConnect(Parameters);

connect_mode!(BusinessConnect, Business, USER_PATH);

impl BusinessConnect {
    /// Asks for `scope` on the user's own calendars, and for `delegated_scope` on those of others: one
    /// [`DelegatedScope`](cronofy_types::DelegatedScope) as documented, though other scopes are sent as
    /// they are.
    ///
    /// # Errors
    ///
    /// [`AuthorizeError::NoScope`] and [`AuthorizeError::NoDelegatedScope`].
    pub fn new(
        redirect_uri: RedirectUri,
        scope: Scopes,
        delegated_scope: impl Into<Scopes>,
    ) -> Result<Self, AuthorizeError> {
        Ok(Self(delegating(redirect_uri, scope, delegated_scope.into())?))
    }

    /// Goes straight to this provider, past the page that offers all of them.
    pub fn provider(mut self, provider: ProviderName) -> Self {
        self.0.provider_name = Some(provider);
        self
    }

    /// As [`IndividualConnect::avoid_linking`].
    pub fn avoid_linking(mut self) -> Self {
        self.0.avoid_linking = true;
        self
    }

    /// As [`IndividualConnect::link_token`].
    pub fn link_token(mut self, token: LinkToken) -> Self {
        self.0.link_token = Some(token);
        self
    }
}

/// Enterprise Connect: an administrator authorizes a service account
/// (`developers/api/enterprise-connect/request-authorization`). What follows is
/// [`delegate::enterprise`](crate::delegate::enterprise).
#[derive(Debug, Clone)]
pub struct EnterpriseConnect(Parameters);

connect_mode!(EnterpriseConnect, Enterprise, ENTERPRISE_PATH);

impl EnterpriseConnect {
    /// Asks for `scope` for the service account itself, and for `delegated_scope` as the most that users and
    /// resources will ever be asked for through it.
    ///
    /// # Errors
    ///
    /// [`AuthorizeError::NoScope`] and [`AuthorizeError::NoDelegatedScope`].
    pub fn new(
        redirect_uri: RedirectUri,
        scope: Scopes,
        delegated_scope: Scopes,
    ) -> Result<Self, AuthorizeError> {
        Ok(Self(delegating(redirect_uri, scope, delegated_scope)?))
    }

    /// Free/Busy Access for a whole organization: `free_busy_write` for accounts of users.
    pub fn free_busy(redirect_uri: RedirectUri) -> Self {
        let mut parameters =
            Parameters::new(redirect_uri, Scopes::from([Scope::ServiceAccountAccountsManage]));
        parameters.delegated_scope = Some(Scopes::from([Scope::FreeBusyWrite]));
        Self(parameters)
    }
}

/// Organization Connect: an organizational unit is opened to the application
/// (`developers/api/organization-connect/request-authorization`).
#[derive(Debug, Clone)]
pub struct OrganizationConnect(Parameters);

connect_mode!(OrganizationConnect, Organization, USER_PATH);

impl OrganizationConnect {
    /// Asks for `organizational_unit_scheduler`, the one scope there is.
    pub fn new(redirect_uri: RedirectUri) -> Self {
        Self(Parameters::new(redirect_uri, Scopes::from([Scope::OrganizationalUnitScheduler])))
    }
}

fn delegating(
    redirect_uri: RedirectUri,
    scope: Scopes,
    delegated_scope: Scopes,
) -> Result<Parameters, AuthorizeError> {
    if delegated_scope.is_empty() {
        return Err(AuthorizeError::NoDelegatedScope);
    }
    let mut parameters = Parameters::new(redirect_uri, at_least_one(scope)?);
    parameters.delegated_scope = Some(delegated_scope);
    Ok(parameters)
}

fn at_least_one(scope: Scopes) -> Result<Scopes, AuthorizeError> {
    if scope.is_empty() { Err(AuthorizeError::NoScope) } else { Ok(scope) }
}
