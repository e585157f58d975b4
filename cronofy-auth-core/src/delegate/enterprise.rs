//! `POST /v1/service_account_authorizations`.
//!
//! Asks, with a service account's token, for access to users and resources, one by one or up to 50 at once
//! (`developers/api/enterprise-connect/delegated-access`). It is not repeated after a fault that may have
//! reached the server: every mailbox would be called back about twice.

use bytes::Bytes;
use cronofy_types::{AccessToken, CallbackUrl, DataCenter, EmailAddress, Scopes, State, Timestamp};
use serde::Serialize;

use super::pending::{DelegationRequest, NotDelegated, PendingDelegation, Through};
use crate::answer::read_nothing;
use crate::error::Unsendable;
use crate::{App, Body, Credential, Endpoint, Error, Outgoing};

/// The most that one request can hold.
pub const MAX_BATCH: usize = 50;

/// Asks for access to these mailboxes through a service account.
///
/// What comes back is the call, and a pending value for each mailbox in the order given, to be kept before the
/// call is driven. A single mailbox is sent in the single form.
///
/// # Errors
///
/// Refuses none, more than 50, an entry without a scope, and entries that share a state.
pub fn enterprise(
    app: &App,
    service_account: AccessToken,
    requests: &[DelegationRequest],
    now: Timestamp,
) -> Result<(ServiceAccountAuthorizations, Vec<PendingDelegation>), NotDelegated> {
    for (second, request) in requests.iter().enumerate() {
        if let Some(first) = requests[..second].iter().position(|earlier| earlier.state == request.state) {
            return Err(NotDelegated::SameState { first, second });
        }
    }
    let pending = requests
        .iter()
        .map(|request| PendingDelegation::new(app, Through::ServiceAccount, request, now))
        .collect();
    let mut call = ServiceAccountAuthorizations::new(app.data_center().clone(), service_account);
    for DelegationRequest { email, callback_url, scope, state } in requests.iter().cloned() {
        call = call.entry(email, callback_url, scope, Some(state));
    }
    call.check()?;
    Ok((call, pending))
}

/// The request itself, for whoever keeps track of callbacks in a way of their own, such as a callback URL per
/// mailbox: states may be missing or shared. [`enterprise`] is what most applications want.
#[derive(Debug)]
pub struct ServiceAccountAuthorizations {
    data_center: DataCenter,
    token: AccessToken,
    entries: Vec<Entry>,
    form: Form,
}

#[derive(Debug)]
struct Entry {
    email: EmailAddress,
    callback_url: CallbackUrl,
    scope: Scopes,
    state: Option<State>,
}

#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// The single form for one entry, the batch form for more.
    ByCount,
    Batch,
}

impl ServiceAccountAuthorizations {
    /// Asks for nothing yet.
    pub fn new(data_center: DataCenter, token: AccessToken) -> Self {
        Self { data_center, token, entries: Vec::new(), form: Form::ByCount }
    }

    /// Asks for one more mailbox.
    pub fn entry(
        mut self,
        email: EmailAddress,
        callback_url: CallbackUrl,
        scope: Scopes,
        state: Option<State>,
    ) -> Self {
        self.entries.push(Entry { email, callback_url, scope, state });
        self
    }

    /// Uses the batch form even for one mailbox.
    pub fn as_batch(mut self) -> Self {
        self.form = Form::Batch;
        self
    }

    /// Holds the request to the documented limits, as [`request`](Endpoint::request) does before it writes it.
    ///
    /// # Errors
    ///
    /// Refuses no entry, more than 50, and an entry without a scope.
    pub fn check(&self) -> Result<(), NotDelegated> {
        match self.entries.len() {
            0 => return Err(NotDelegated::Nothing),
            count if count > MAX_BATCH => return Err(NotDelegated::TooMany { count }),
            _ => {}
        }
        match self.entries.iter().position(|entry| entry.scope.is_empty()) {
            Some(entry) => Err(NotDelegated::NoScope { entry }),
            None => Ok(()),
        }
    }
}

#[derive(Serialize)]
struct BatchBody<'a> {
    service_account_authorizations: Vec<EntryBody<'a>>,
}

#[derive(Serialize)]
struct EntryBody<'a> {
    email: &'a str,
    callback_url: &'a str,
    scope: &'a Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

impl<'a> From<&'a Entry> for EntryBody<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            email: entry.email.as_str(),
            callback_url: entry.callback_url.as_str(),
            scope: &entry.scope,
            state: entry.state.as_ref().map(State::as_str),
        }
    }
}

impl Endpoint for ServiceAccountAuthorizations {
    type Output = ();

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.check().map_err(Unsendable::from)?;
        let outgoing = Outgoing::post(&self.data_center, "/v1/service_account_authorizations")
            .bearer(Credential::Token(&self.token));
        match &*self.entries {
            [single] if self.form == Form::ByCount => outgoing.json(&EntryBody::from(single)),
            entries => outgoing.json(&BatchBody {
                service_account_authorizations: entries.iter().map(EntryBody::from).collect(),
            }),
        }
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
