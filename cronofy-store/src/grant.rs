//! What is kept of an authorization.

use std::sync::Arc;

use cronofy_auth_core::App;
use cronofy_auth_core::token::TokenSet;
use cronofy_types::{ClientId, DataCenter, InvalidValue, Sub, Timestamp};

use crate::decide::grant::{Phase, Row};
use crate::obtain::Tokens;

/// Which authorization: one application has one for each subject in each data center.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GrantId {
    /// The application.
    pub client_id: ClientId,
    /// The data center, as text that never changes.
    data_center: Box<str>,
    /// The account, service account or organizational unit.
    pub subject: Sub,
}

impl GrantId {
    /// The authorization of `app` for `subject`.
    pub fn new(app: &App, subject: Sub) -> Self {
        Self { client_id: app.client_id().clone(), data_center: name(app.data_center()), subject }
    }

    /// The authorization that `tokens` belong to.
    ///
    /// # Errors
    ///
    /// Where the answer that they came with named nobody. Ask userinfo, and use [`new`](Self::new).
    pub fn of(app: &App, tokens: &TokenSet) -> Result<Self, InvalidValue> {
        Ok(Self::new(app, Sub::new(tokens.subject().unwrap_or_default())?))
    }

    /// Whether `app` is the application, in the data center.
    pub fn is_of(&self, app: &App) -> bool {
        let data_center = app.data_center();
        let name = data_center.id().unwrap_or_else(|| data_center.api_origin());
        self.client_id == *app.client_id() && *self.data_center == *name
    }

    /// Out of a database.
    pub fn from_parts(client_id: ClientId, data_center: impl Into<Box<str>>, subject: Sub) -> Self {
        Self { client_id, data_center: data_center.into(), subject }
    }

    /// The data center: its two letters, or the API origin of a base of your own.
    pub fn data_center(&self) -> &str {
        &self.data_center
    }
}

fn name(data_center: &DataCenter) -> Box<str> {
    data_center.id().unwrap_or_else(|| data_center.api_origin()).into()
}

/// How an authorization came about, and what ends with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A person connected their own account.
    Account,
    /// An administrator connected a service account.
    ServiceAccount,
    /// A service account made it: it ends when that ends.
    Delegated {
        /// The service account.
        through: Sub,
    },
    /// A primary account made it (Business Connect). Whether it ends with that is not documented, so it does not.
    Business {
        /// The primary account.
        through: Sub,
    },
    /// An organizational unit.
    Organization,
    /// A calendar of the application's own.
    ApplicationCalendar,
}

/// An authorization as it is kept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Grant {
    /// Which one.
    pub id: GrantId,
    /// How it came about.
    pub origin: Origin,
    /// How often its tokens have changed.
    pub generation: u64,
    /// What is known about the tokens.
    pub phase: Phase,
    /// The tokens; none once it was revoked.
    pub tokens: Option<Arc<TokenSet>>,
    /// How many attempts to refresh have failed in a row.
    pub failures: u32,
    /// Nobody refreshes before this, unless a user asks.
    pub not_before: Timestamp,
}

impl Grant {
    /// As the decisions see it.
    pub(crate) fn row(&self) -> Row<Arc<TokenSet>> {
        Row {
            generation: self.generation,
            tokens: self.tokens.clone(),
            phase: self.phase,
            failures: self.failures,
            not_before: self.not_before,
        }
    }

    pub(crate) fn from_row(id: GrantId, origin: Origin, row: Row<Arc<TokenSet>>) -> Self {
        let Row { generation, tokens, phase, failures, not_before } = row;
        Self { id, origin, generation, phase, tokens, failures, not_before }
    }
}

impl Tokens for Arc<TokenSet> {
    fn expires_within(&self, margin: core::time::Duration, now: Timestamp) -> bool {
        TokenSet::expires_within(self, margin, now)
    }

    fn can_be_refreshed(&self) -> bool {
        self.refresh_token.is_some()
    }
}
