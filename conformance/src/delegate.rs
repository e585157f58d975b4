//! Kinds `service_account_authorizations` and `delegated_authorization`.

use cronofy_auth_core::delegate::{DelegatedAuthorization, ServiceAccountAuthorizations};
use cronofy_auth_core::types::{CallbackUrl, EmailAddress, ProfileId, State};
use serde::Deserialize;

use crate::answer::{Answer, Instead};
use crate::exchange::{exchange, ok};
use crate::given::{Bearer, Response, scopes};

#[derive(Deserialize)]
pub(crate) struct Enterprise {
    #[serde(flatten)]
    bearer: Bearer,
    batch: bool,
    entries: Vec<Entry>,
    response: Response,
}

#[derive(Deserialize)]
struct Entry {
    email: String,
    callback_url: String,
    scope: Vec<String>,
    state: Option<String>,
}

pub(crate) fn service_account_authorizations(input: Enterprise) -> Result<Answer, Instead> {
    let (data_center, token) = input.bearer.token()?;
    let mut call = ServiceAccountAuthorizations::new(data_center, token);
    for Entry { email, callback_url, scope, state } in input.entries {
        let state = state.map(State::new).transpose()?;
        let (email, callback_url) = (EmailAddress::new(email)?, CallbackUrl::new(callback_url)?);
        call = call.entry(email, callback_url, scopes(&scope)?, state);
    }
    let call = if input.batch { call.as_batch() } else { call };
    exchange(call, input.response, ok)
}

#[derive(Deserialize)]
pub(crate) struct Business {
    #[serde(flatten)]
    bearer: Bearer,
    profile_id: String,
    email: String,
    callback_url: String,
    scope: Vec<String>,
    state: Option<String>,
    response: Response,
}

pub(crate) fn delegated_authorization(input: Business) -> Result<Answer, Instead> {
    let (data_center, token) = input.bearer.token()?;
    let (profile, email) = (ProfileId::new(input.profile_id)?, EmailAddress::new(input.email)?);
    let callback_url = CallbackUrl::new(input.callback_url)?;
    let scope = scopes(&input.scope)?;
    let mut call = DelegatedAuthorization::new(data_center, token, profile, email, callback_url, scope);
    if let Some(state) = input.state {
        call = call.state(State::new(state)?);
    }
    exchange(call, input.response, ok)
}
