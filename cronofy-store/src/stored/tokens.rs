//! The tokens of a grant.

use cronofy_auth_core::token::TokenSet;
use cronofy_types::{
    AccessToken, AccountId, ApplicationCalendarId, Extra, LinkingProfile, RefreshToken, Scopes,
    ServiceAccountId, Sub, Timestamp,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FormError, Version, read, write};

/// A secret is never `Serialize`, so it is borrowed here as text, and read as what it is.
#[derive(Serialize, Deserialize)]
struct Form<Access, Refresh> {
    version: Version,
    access_token: Access,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Refresh>,
    received_at: Timestamp,
    expires_at: Timestamp,
    scope: Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<Sub>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<ServiceAccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_calendar_id: Option<ApplicationCalendarId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linking_profile: Option<LinkingProfile>,
    #[serde(default, skip_serializing_if = "is_empty")]
    extra: Extra,
}

fn is_empty(extra: &Extra) -> bool {
    extra.is_empty()
}

/// Tokens in their stored form; `null` where an authorization has none any more.
pub fn write_tokens(tokens: Option<&TokenSet>) -> Result<Zeroizing<Vec<u8>>, FormError> {
    write(&tokens.map(|tokens| Form {
        version: Version,
        access_token: tokens.access_token.expose(),
        refresh_token: tokens.refresh_token.as_ref().map(RefreshToken::expose),
        received_at: tokens.received_at,
        expires_at: tokens.expires_at,
        scope: tokens.scope.clone(),
        sub: tokens.identity.sub.clone(),
        account_id: tokens.identity.account_id.clone(),
        service_account_id: tokens.identity.service_account_id.clone(),
        application_calendar_id: tokens.identity.application_calendar_id.clone(),
        linking_profile: tokens.linking_profile.clone(),
        extra: tokens.extra.clone(),
    }))
}

/// Tokens out of their stored form.
pub fn read_tokens(json: &[u8]) -> Result<Option<TokenSet>, FormError> {
    let form: Option<Form<AccessToken, RefreshToken>> = read(json)?;
    Ok(form.map(|form| {
        let mut tokens = TokenSet::new(form.access_token, form.received_at, form.expires_at);
        tokens.refresh_token = form.refresh_token;
        tokens.scope = form.scope;
        tokens.identity.sub = form.sub;
        tokens.identity.account_id = form.account_id;
        tokens.identity.service_account_id = form.service_account_id;
        tokens.identity.application_calendar_id = form.application_calendar_id;
        tokens.linking_profile = form.linking_profile;
        tokens.extra = form.extra;
        tokens
    }))
}
