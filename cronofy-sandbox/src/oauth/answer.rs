//! What is answered with tokens (docs: api/authorization/request-token).

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::state::{Grant, Kind, TokenPair};
use crate::wire::{json, never_cache};

/// Tokens and, where a grant was redeemed, whose they are.
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    token_type: &'static str,
    access_token: String,
    expires_in: u64,
    refresh_token: String,
    scope: String,
    #[serde(flatten)]
    identity: Option<Identity>,
}

/// The subject of a grant.
#[derive(Serialize)]
pub(crate) struct Identity {
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_calendar_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linking_profile: Option<LinkingProfile>,
}

#[derive(Serialize)]
struct LinkingProfile {
    provider_name: &'static str,
    provider_service: &'static str,
    profile_id: String,
    profile_name: String,
}

impl TokenAnswer {
    pub(crate) fn new(tokens: TokenPair, identity: Option<Identity>) -> Self {
        Self {
            token_type: "bearer",
            access_token: tokens.access_token,
            expires_in: tokens.expires_in.as_secs(),
            refresh_token: tokens.refresh_token,
            scope: tokens.scope,
            identity,
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = json(StatusCode::OK, &self);
        never_cache(&mut response);
        response
    }
}

impl Identity {
    pub(crate) fn of(grant: &Grant) -> Self {
        let sub = &grant.key.sub;
        Self {
            sub: sub.clone(),
            account_id: (grant.kind == Kind::Account).then(|| sub.clone()),
            service_account_id: (grant.kind == Kind::ServiceAccount).then(|| sub.clone()),
            application_calendar_id: match &grant.kind {
                Kind::ApplicationCalendar { application_calendar_id } => {
                    Some(application_calendar_id.clone())
                }
                Kind::Account | Kind::ServiceAccount | Kind::Unit => None,
            },
            linking_profile: grant.profiles.first().map(|profile| LinkingProfile {
                provider_name: profile.provider_name,
                provider_service: profile.provider_service,
                profile_id: profile.id.clone(),
                profile_name: profile.name.clone(),
            }),
        }
    }
}
