//! What is asked for, and what is kept until the callback comes.

use core::time::Duration;

use cronofy_types::{
    CallbackUrl, ClientId, DataCenter, DelegationCallback, DelegationFailure, DelegationOutcome,
    EmailAddress, ProfileId, Scopes, State, Timestamp,
};

use crate::App;
use crate::token::{CodeOrigin, TokenExchange};

/// How long a callback is waited for. Cronofy documents no limit; a mailbox that has not been set up after a
/// week is better asked for again.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One mailbox that access is asked for.
///
/// The `state` is new for each and comes from a secure random source ([`State::from_random`]): nothing else
/// in the callback tells which mailbox it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DelegationRequest {
    /// The address of the user or resource.
    pub email: EmailAddress,
    /// Where the outcome is posted. Cronofy has to be able to reach it.
    pub callback_url: CallbackUrl,
    /// What is asked for, within what the service account or the primary account was granted to hand on.
    pub scope: Scopes,
    /// What comes back with the outcome.
    pub state: State,
}

impl DelegationRequest {
    /// Asks for one mailbox.
    pub fn new(email: EmailAddress, callback_url: CallbackUrl, scope: Scopes, state: State) -> Self {
        Self { email, callback_url, scope, state }
    }
}

/// Requests that are not sent, because they cannot succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotDelegated {
    /// Nothing is asked for.
    #[error("no mailbox is asked for")]
    Nothing,
    /// More than one request can hold.
    #[error("{count} mailboxes are asked for at once, more than 50")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Two entries share a state, so that their callbacks could not be told apart.
    #[error("entries {first} and {second} have the same state")]
    SameState {
        /// The place of the first, from zero.
        first: usize,
        /// The place of the second.
        second: usize,
    },
    /// An entry asks for no scope.
    #[error("entry {entry} asks for no scope")]
    NoScope {
        /// Its place, from zero.
        entry: usize,
    },
}

/// A mailbox that was asked for, waiting for its callback.
///
/// Plain data: keep it where every process can read it, under its [`state`](Self::state), and keep it before
/// the request is sent. With the feature `serde` it serialises; the form carries a version. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingDelegation {
    pub(crate) through: Through,
    pub(crate) client_id: ClientId,
    pub(crate) data_center: DataCenter,
    pub(crate) state: State,
    pub(crate) callback_url: CallbackUrl,
    pub(crate) email: EmailAddress,
    pub(crate) scope: Scopes,
    pub(crate) started_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// What the access goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Through {
    /// A service account (Enterprise Connect).
    ServiceAccount,
    /// A profile of a primary account (Business Connect).
    Profile(ProfileId),
}

/// How a pending delegation ended.
#[derive(Debug)]
pub enum Resumed {
    /// Granted: drive this to have the tokens.
    Granted(TokenExchange),
    /// Failed, for this reason.
    Failed(DelegationFailure),
}

/// The callback did not end the delegation, which is still pending and in here.
#[derive(Debug, thiserror::Error)]
#[error("the delegation is not resumed")]
#[non_exhaustive]
pub struct DelegationResumeError {
    /// Why not.
    #[source]
    pub reason: NotMatched,
    /// Still pending, unless it has expired.
    pub pending: Box<PendingDelegation>,
}

/// Why a callback did not end the delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotMatched {
    /// The callback has no state.
    #[error("the callback has no state")]
    StateMissing,
    /// The callback is about another mailbox.
    #[error("the callback has another state than was sent out")]
    StateDiffers,
    /// It was begun by another application, or in another data center.
    #[error("it was begun by another application or in another data center")]
    OtherApp,
    /// It took too long.
    #[error("it expired at {0}")]
    Expired(Timestamp),
}

impl PendingDelegation {
    pub(super) fn new(app: &App, through: Through, request: &DelegationRequest, now: Timestamp) -> Self {
        Self {
            through,
            client_id: app.client_id().clone(),
            data_center: app.data_center().clone(),
            state: request.state.clone(),
            callback_url: request.callback_url.clone(),
            email: request.email.clone(),
            scope: request.scope.clone(),
            started_at: now,
            expires_at: now.saturating_add(PATIENCE),
        }
    }

    /// Waits until then, rather than a week.
    pub fn expiring_at(mut self, instant: Timestamp) -> Self {
        self.expires_at = instant;
        self
    }

    /// Ends the wait with a callback. That it parsed says that it was verified.
    ///
    /// # Errors
    ///
    /// Gives the pending delegation back with the reason.
    pub fn resume(
        self,
        callback: DelegationCallback,
        app: &App,
        now: Timestamp,
    ) -> Result<Resumed, DelegationResumeError> {
        if let Some(reason) = self.refuses(&callback, app, now) {
            return Err(DelegationResumeError { reason, pending: Box::new(self) });
        }
        Ok(match callback.outcome {
            DelegationOutcome::Granted(code) => Resumed::Granted(TokenExchange::new(
                app.clone(),
                code,
                CodeOrigin::Callback(self.callback_url),
            )),
            DelegationOutcome::Failed(failure) => Resumed::Failed(failure),
        })
    }

    fn refuses(&self, callback: &DelegationCallback, app: &App, now: Timestamp) -> Option<NotMatched> {
        let Some(state) = &callback.state else { return Some(NotMatched::StateMissing) };
        if *state != self.state {
            return Some(NotMatched::StateDiffers);
        }
        if self.client_id != *app.client_id() || self.data_center != *app.data_center() {
            return Some(NotMatched::OtherApp);
        }
        (now >= self.expires_at).then_some(NotMatched::Expired(self.expires_at))
    }

    /// What the access goes through.
    pub fn through(&self) -> &Through {
        &self.through
    }

    /// What the callback has to bring back.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whose calendar it is.
    pub fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// Where the outcome is posted.
    pub fn callback_url(&self) -> &CallbackUrl {
        &self.callback_url
    }

    /// What was asked for.
    pub fn scope(&self) -> &Scopes {
        &self.scope
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
