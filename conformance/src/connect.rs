//! Kinds `authorize_url` and `redirect`.

use cronofy_auth_core::authorize::{
    AuthorizeError, BusinessConnect, EnterpriseConnect, IndividualConnect, OrganizationConnect, Resumed,
};
use cronofy_auth_core::types::{DataCenter, LinkToken, Redirect, RedirectUri, Scope, Scopes, State};
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Answer, Instead};
use crate::given::{NOW, app_without_secret, data_center, scopes};

#[derive(Deserialize)]
pub(crate) struct AuthorizeUrl {
    mode: String,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    scope: Vec<String>,
    delegated_scope: Option<Vec<String>>,
    state: Option<String>,
    data_center: Option<String>,
    #[serde(flatten)]
    options: Options,
}

/// What only a page for users knows.
#[derive(Deserialize)]
struct Options {
    provider_name: Option<String>,
    avoid_linking: Option<bool>,
    link_token: Option<String>,
}

macro_rules! with_options {
    ($connect:expr, $options:expr) => {{
        let mut connect = $connect;
        if let Some(provider) = &$options.provider_name {
            connect = connect.provider(provider.as_str().into());
        }
        if $options.avoid_linking == Some(true) {
            connect = connect.avoid_linking();
        }
        if let Some(token) = $options.link_token {
            connect = connect.link_token(LinkToken::new(token)?);
        }
        connect
    }};
}

/// The modes without these options are asked for them all the same: their refusal is the answer.
macro_rules! without_options {
    ($connect:expr, $options:expr) => {{
        let mut connect = $connect;
        if let Some(provider) = $options.provider_name {
            connect = connect.parameter("provider_name", provider)?;
        }
        if $options.avoid_linking == Some(true) {
            connect = connect.parameter("avoid_linking", "true")?;
        }
        if let Some(token) = $options.link_token {
            connect = connect.parameter("link_token", token)?;
        }
        connect
    }};
}

pub(crate) fn authorize_url(input: AuthorizeUrl) -> Result<Answer, Instead> {
    let app = app_without_secret(&input.client_id, data_center(input.data_center.as_deref())?)?;
    let redirect_uri = RedirectUri::new(input.redirect_uri)?;
    let scope = scopes(&input.scope)?;
    let delegated_scope = input.delegated_scope.as_deref().map(scopes).transpose()?;
    // The library sends a state always.
    let state = input.state.map_or_else(|| Ok(State::from_random([0x5C; 16])), State::new)?;
    let options = input.options;
    let url = match (input.mode.as_str(), delegated_scope) {
        ("individual", None) => {
            with_options!(IndividualConnect::new(redirect_uri, scope)?, options).url(&app, &state)
        }
        // To the service it is the delegated scope that makes the difference between these two.
        ("individual" | "business", delegated) => {
            let connect = BusinessConnect::new(redirect_uri, scope, delegated.unwrap_or_default())?;
            with_options!(connect, options).url(&app, &state)
        }
        ("enterprise", delegated) => {
            let connect = EnterpriseConnect::new(redirect_uri, scope, delegated.unwrap_or_default())?;
            without_options!(connect, options).url(&app, &state)
        }
        ("organization", _)
            if !scope.is_empty() && scope != Scopes::from([Scope::OrganizationalUnitScheduler]) =>
        {
            return Err(Instead::Refused("the library asks an organization for one scope only".to_owned()));
        }
        ("organization", _) => {
            without_options!(OrganizationConnect::new(redirect_uri), options).url(&app, &state)
        }
        (other, _) => return Err(Instead::Unsupported(format!("no mode is called {other:?}"))),
    };
    Ok(Answer::of("url", url))
}

#[derive(Deserialize)]
pub(crate) struct Returned {
    redirect_uri: String,
    state: Option<String>,
    url: String,
}

pub(crate) fn redirect(input: Returned) -> Result<Answer, Instead> {
    let app = app_without_secret("client", DataCenter::Us)?;
    let redirect_uri = RedirectUri::new(input.redirect_uri).map_err(|error| Instead::rejected(&error))?;
    let state = State::new(input.state.unwrap_or_default()).map_err(|error| Instead::rejected(&error))?;
    let connect = IndividualConnect::new(redirect_uri, Scopes::from([Scope::ReadEvents]))?;
    let pending = connect.authorize(&app, state, NOW).pending;
    let redirect = Redirect::from_url(&input.url).map_err(|error| Instead::rejected(&error))?;
    match pending.resume(&redirect, &app, NOW) {
        Ok(Resumed::Granted(exchange)) => Ok(Answer::of("code", exchange.code().expose())),
        Ok(Resumed::Denied(denial)) => {
            let (error, description) = (denial.error.as_str(), denial.description);
            Ok(Answer::of("denied", json!({ "error": error, "error_description": description })))
        }
        Err(error) => Err(Instead::rejected(&error)),
    }
}

impl From<AuthorizeError> for Instead {
    fn from(error: AuthorizeError) -> Self {
        Self::refused(&error)
    }
}
