//! What is kept while a person decides.

use cronofy_types::{
    ClientId, DataCenter, Denial, Redirect, RedirectError, RedirectOutcome, RedirectUri, Scopes, State,
    Timestamp,
};

use crate::App;
use crate::token::{CodeOrigin, TokenExchange};

/// An authorization that waits for the browser to come back.
///
/// Plain data: keep it where every process can read it, under its [`state`](Self::state) (or, better, a hash
/// of it), bound to the browser's own session. With the feature `serde` it serialises; the form carries a
/// version. It holds no secret: the `state` alone opens nothing without the browser that it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAuthorization {
    pub(crate) mode: ConnectMode,
    pub(crate) client_id: ClientId,
    pub(crate) data_center: DataCenter,
    pub(crate) state: State,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) scope: Scopes,
    pub(crate) delegated_scope: Option<Scopes>,
    pub(crate) started_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Which way of connecting an authorization goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectMode {
    /// A user connects calendars of their own.
    Individual,
    /// The same, and calendars shared with the user come within reach.
    Business,
    /// An administrator authorizes a service account.
    Enterprise,
    /// An organizational unit is opened to the application.
    Organization,
}

/// How a pending authorization ended.
#[derive(Debug)]
pub enum Resumed {
    /// The user agreed: drive this to have the tokens.
    Granted(TokenExchange),
    /// The user, or Cronofy, said no.
    Denied(Denial),
}

/// The redirect did not end the authorization, which is still pending and in here.
///
/// Anybody can send a browser to a redirect URI, so a stray or forged redirect must not end somebody's wait.
#[derive(Debug, thiserror::Error)]
#[error("the authorization is not resumed")]
#[non_exhaustive]
pub struct ResumeError {
    /// Why not.
    #[source]
    pub reason: NotResumed,
    /// Still pending, unless it has expired.
    pub pending: Box<PendingAuthorization>,
}

/// Why a redirect did not end the authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotResumed {
    /// The redirect cannot be believed or read.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// It was begun by another application, or in another data center.
    #[error("it was begun by another application or in another data center")]
    OtherApp,
    /// It took too long.
    #[error("it expired at {0}")]
    Expired(Timestamp),
}

impl PendingAuthorization {
    /// Ends the wait with what the browser brought: the state is compared first, then a denial, then the
    /// code.
    ///
    /// # Errors
    ///
    /// Gives the pending authorization back with the reason.
    pub fn resume(self, redirect: &Redirect, app: &App, now: Timestamp) -> Result<Resumed, ResumeError> {
        match self.outcome(redirect, app, now) {
            Ok(RedirectOutcome::Denied(denial)) => Ok(Resumed::Denied(denial)),
            Ok(RedirectOutcome::Code(code)) => {
                let origin = CodeOrigin::Redirect(self.redirect_uri);
                Ok(Resumed::Granted(TokenExchange::new(app.clone(), code, origin)))
            }
            Err(reason) => Err(ResumeError { reason, pending: Box::new(self) }),
        }
    }

    fn outcome(&self, redirect: &Redirect, app: &App, now: Timestamp) -> Result<RedirectOutcome, NotResumed> {
        let outcome = redirect.outcome(&self.state)?;
        // RFC 9207: where the server names itself, it has to be the one that the browser was sent to.
        if let Some(issuer) = redirect.issuer()? {
            let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
            if issuer != self.data_center.app_origin() && issuer != self.data_center.api_origin() {
                return Err(RedirectError::IssuerDiffers.into());
            }
        }
        if self.client_id != *app.client_id() || self.data_center != *app.data_center() {
            return Err(NotResumed::OtherApp);
        }
        if now >= self.expires_at {
            return Err(NotResumed::Expired(self.expires_at));
        }
        Ok(outcome)
    }

    /// Which way of connecting this is.
    pub fn mode(&self) -> ConnectMode {
        self.mode
    }

    /// What the redirect has to bring back.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Where the browser comes back to.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// What was asked for. Compare with what was granted.
    pub fn scope(&self) -> &Scopes {
        &self.scope
    }

    /// What was asked for on behalf of others, in Business and Enterprise Connect.
    pub fn delegated_scope(&self) -> Option<&Scopes> {
        self.delegated_scope.as_ref()
    }

    /// When it was begun.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// When it is too late. Sweep what is older.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}
