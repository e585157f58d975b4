//! `POST /v1/delegated_authorizations`.
//!
//! Asks, with the primary account's token, for access to a colleague's or a resource's calendar that is shared
//! with the primary user (`developers/api-alpha/business-connect/delegated-authorization`). It is not repeated
//! after a fault that may have reached the server: the mailbox would be called back about twice.

use bytes::Bytes;
use cronofy_types::{
    AccessToken, CallbackUrl, DataCenter, EmailAddress, ProfileId, Scopes, State, Timestamp,
};
use serde::Serialize;

use super::pending::{DelegationRequest, NotDelegated, PendingDelegation, Through};
use crate::answer::read_nothing;
use crate::error::Unsendable;
use crate::{App, Body, Credential, Endpoint, Error, Outgoing};

/// Asks for access to one mailbox through a profile of the primary account.
///
/// What comes back is the call, and the pending value, to be kept before the call is driven.
///
/// # Errors
///
/// [`NotDelegated::NoScope`].
pub fn business(
    app: &App,
    primary_account: AccessToken,
    profile: ProfileId,
    request: DelegationRequest,
    now: Timestamp,
) -> Result<(DelegatedAuthorization, PendingDelegation), NotDelegated> {
    if request.scope.is_empty() {
        return Err(NotDelegated::NoScope { entry: 0 });
    }
    let pending = PendingDelegation::new(app, Through::Profile(profile.clone()), &request, now);
    let DelegationRequest { email, callback_url, scope, state } = request;
    let data_center = app.data_center().clone();
    let call = DelegatedAuthorization::new(data_center, primary_account, profile, email, callback_url, scope)
        .state(state);
    Ok((call, pending))
}

/// The request itself, for whoever keeps track of callbacks in a way of their own. [`business`] is what most
/// applications want.
#[derive(Debug)]
pub struct DelegatedAuthorization {
    data_center: DataCenter,
    token: AccessToken,
    profile: ProfileId,
    email: EmailAddress,
    callback_url: CallbackUrl,
    scope: Scopes,
    state: Option<State>,
}

impl DelegatedAuthorization {
    /// Asks for one mailbox, without a state.
    pub fn new(
        data_center: DataCenter,
        primary_account: AccessToken,
        profile: ProfileId,
        email: EmailAddress,
        callback_url: CallbackUrl,
        scope: Scopes,
    ) -> Self {
        Self { data_center, token: primary_account, profile, email, callback_url, scope, state: None }
    }

    /// Has this state come back with the outcome.
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    profile_id: &'a str,
    email: &'a str,
    callback_url: &'a str,
    scope: &'a Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

impl Endpoint for DelegatedAuthorization {
    type Output = ();

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        if self.scope.is_empty() {
            return Err(Unsendable::from(NotDelegated::NoScope { entry: 0 }).into());
        }
        Outgoing::post(&self.data_center, "/v1/delegated_authorizations")
            .bearer(Credential::Token(&self.token))
            .json(&RequestBody {
                profile_id: self.profile.as_str(),
                email: self.email.as_str(),
                callback_url: self.callback_url.as_str(),
                scope: &self.scope,
                state: self.state.as_ref().map(State::as_str),
            })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
