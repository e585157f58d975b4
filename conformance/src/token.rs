//! Kinds `token_request`, `token_response`, `refresh`, `revoke`, `revoke_profile` and `error_response`.

use cronofy_auth_core::Endpoint as _;
use cronofy_auth_core::token::{CodeOrigin, Refresh, Revoke, RevokeProfile, TokenExchange, TokenSet};
use cronofy_auth_core::types::{
    AccessToken, AccountId, ApplicationCalendarId, AuthorizationCode, CallbackUrl, DataCenter,
    LinkingProfile, ProfileId, ProviderService, RedirectUri, RefreshToken, Scope, Scopes, ServiceAccountId,
    Sub, TokenResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Instead};
use crate::exchange::{exchange, ok, read, request_json};
use crate::given::{Application, Bearer, Response, app_without_secret};

#[derive(Deserialize)]
pub(crate) struct TokenRequest {
    #[serde(flatten)]
    application: Application,
    code: String,
    redirect_uri: Option<String>,
    callback_url: Option<String>,
}

pub(crate) fn token_request(input: TokenRequest) -> Result<Answer, Instead> {
    let origin = match (input.redirect_uri, input.callback_url) {
        (Some(uri), None) => CodeOrigin::Redirect(RedirectUri::new(uri)?),
        (None, Some(url)) => CodeOrigin::Callback(CallbackUrl::new(url)?),
        _ => return Err(Instead::Unsupported("a code comes by one URL".to_owned())),
    };
    let code = AuthorizationCode::new(input.code)?;
    let exchange = TokenExchange::new(input.application.app()?, code, origin);
    let request = exchange.request().map_err(|error| Instead::refused(&error))?;
    Ok(Answer::of("request", request_json(&request)))
}

#[derive(Deserialize)]
pub(crate) struct Answered {
    response: Response,
}

pub(crate) fn token_response(input: Answered) -> Result<Answer, Instead> {
    let response = input.response.received()?;
    if response.status().is_success() {
        // Rather than through the exchange, which makes an instant of the lifetime and bounds it.
        let parsed = TokenResponse::parse(response.body()).map_err(|error| Instead::rejected(&error))?;
        return Ok(Answer::of("token", Written::from(&parsed).json()));
    }
    let app = app_without_secret("client", DataCenter::Us)?;
    let origin = CodeOrigin::Redirect(RedirectUri::new("https://app.example/")?);
    let exchange = TokenExchange::new(app, AuthorizationCode::new("code")?, origin);
    Ok(read(exchange, response, |tokens| Answer::of("token", Written::from(&tokens).json())))
}

pub(crate) fn error_response(input: Answered) -> Result<Answer, Instead> {
    let revoke = Revoke::sub(app_without_secret("client", DataCenter::Us)?, Sub::new("sub")?);
    Ok(read(revoke, input.response.received()?, ok))
}

#[derive(Deserialize)]
pub(crate) struct Refreshed {
    #[serde(flatten)]
    application: Application,
    refresh_token: String,
    response: Response,
}

pub(crate) fn refresh(input: Refreshed) -> Result<Answer, Instead> {
    let token = RefreshToken::new(input.refresh_token)?;
    let refresh = Refresh::with_token(input.application.app()?, token);
    exchange(refresh, input.response, |tokens| Answer::of("token", Written::from(&tokens).json()))
}

#[derive(Deserialize)]
pub(crate) struct Revoked {
    #[serde(flatten)]
    application: Application,
    token: Option<String>,
    sub: Option<String>,
    request_pii_erasure: Option<bool>,
    response: Response,
}

pub(crate) fn revoke(input: Revoked) -> Result<Answer, Instead> {
    let app = input.application.app()?;
    let revoke = match (input.token, input.sub) {
        (Some(token), None) => Revoke::access_token(app, AccessToken::new(token)?),
        (None, Some(sub)) => Revoke::sub(app, Sub::new(sub)?),
        _ => return Err(Instead::Unsupported("an authorization is named by one thing".to_owned())),
    };
    let erasing = input.request_pii_erasure == Some(true);
    exchange(if erasing { revoke.erasing_personal_data() } else { revoke }, input.response, ok)
}

#[derive(Deserialize)]
pub(crate) struct RevokedProfile {
    #[serde(flatten)]
    bearer: Bearer,
    profile_id: String,
    response: Response,
}

pub(crate) fn revoke_profile(input: RevokedProfile) -> Result<Answer, Instead> {
    let (data_center, token) = input.bearer.token()?;
    let revoke = RevokeProfile::new(data_center, token, ProfileId::new(input.profile_id)?);
    exchange(revoke, input.response, ok)
}

/// A token answer, whether the library gave it out as it came or as a set.
struct Written<'a> {
    access_token: &'a AccessToken,
    refresh_token: Option<&'a RefreshToken>,
    expires_in: Option<u64>,
    scope: &'a Scopes,
    account_id: Option<&'a AccountId>,
    sub: Option<&'a Sub>,
    service_account_id: Option<&'a ServiceAccountId>,
    application_calendar_id: Option<&'a ApplicationCalendarId>,
    linking_profile: Option<&'a LinkingProfile>,
}

impl<'a> From<&'a TokenResponse> for Written<'a> {
    fn from(response: &'a TokenResponse) -> Self {
        Self {
            access_token: &response.access_token,
            refresh_token: response.refresh_token.as_ref(),
            expires_in: response.expires_in,
            scope: &response.scope,
            account_id: response.account_id.as_ref(),
            sub: response.sub.as_ref(),
            service_account_id: response.service_account_id.as_ref(),
            application_calendar_id: response.application_calendar_id.as_ref(),
            linking_profile: response.linking_profile.as_ref(),
        }
    }
}

impl<'a> From<&'a TokenSet> for Written<'a> {
    fn from(tokens: &'a TokenSet) -> Self {
        let identity = &tokens.identity;
        Self {
            access_token: &tokens.access_token,
            refresh_token: tokens.refresh_token.as_ref(),
            expires_in: Some(tokens.expires_at.saturating_since(tokens.received_at).as_secs()),
            scope: &tokens.scope,
            account_id: identity.account_id.as_ref(),
            sub: identity.sub.as_ref(),
            service_account_id: identity.service_account_id.as_ref(),
            application_calendar_id: identity.application_calendar_id.as_ref(),
            linking_profile: tokens.linking_profile.as_ref(),
        }
    }
}

impl Written<'_> {
    fn json(&self) -> Value {
        json!({
            "access_token": self.access_token.expose(),
            "refresh_token": self.refresh_token.map(RefreshToken::expose),
            "expires_in": self.expires_in,
            "scope": self.scope.iter().map(Scope::as_str).collect::<Vec<_>>(),
            "account_id": self.account_id,
            "sub": self.sub,
            "service_account_id": self.service_account_id,
            "application_calendar_id": self.application_calendar_id,
            "linking_profile": self.linking_profile.map(|profile| json!({
                "provider_name": profile.provider_name.as_str(),
                "provider_service": profile.provider_service.as_ref().map(ProviderService::as_str),
                "profile_id": profile.profile_id,
                "profile_name": profile.profile_name,
            })),
        })
    }
}
