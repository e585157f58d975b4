//! Kinds `service_account_authorizations` and `delegated_authorization`.

use cronofy_auth_core::delegate::{DelegationRequest, NotDelegated, ServiceAccountAuthorizations, business};
use cronofy_auth_core::types::{CallbackUrl, EmailAddress, ProfileId, State};
use serde::Deserialize;

use crate::answer::{Answer, Instead};
use crate::exchange::{exchange, ok};
use crate::given::{Bearer, NOW, Response, app_without_secret, scopes};

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
    exchange(call.checked()?, input.response, ok)
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
    let app = app_without_secret("client", data_center)?;
    let request = DelegationRequest {
        email: EmailAddress::new(input.email)?,
        callback_url: CallbackUrl::new(input.callback_url)?,
        scope: scopes(&input.scope)?,
        // None at all is refused by the library, as an empty one is.
        state: State::new(input.state.unwrap_or_default())?,
    };
    let (call, _pending) = business(&app, token, ProfileId::new(input.profile_id)?, request, NOW)?;
    exchange(call, input.response, ok)
}

impl From<NotDelegated> for Instead {
    fn from(error: NotDelegated) -> Self {
        Self::refused(&error)
    }
}
