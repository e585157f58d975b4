//! `POST /v1/conferencing_service_authorizations`.
//!
//! A page on which somebody connects a conferencing service to his or her account
//! (`developers/api/conferencing-services/authorization`).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{RedirectUri, Timestamp, open_enum, open_enum_from_any_text};
use serde::{Deserialize, Serialize};

use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks for a page on which a conferencing service is connected.
#[derive(Debug, Clone)]
pub struct AuthorizeConferencing {
    caller: Caller,
    redirect_uri: RedirectUri,
    provider: Option<ConferencingProvider>,
}

open_enum! {
    /// Whose conferencing service it is.
    pub enum ConferencingProvider {
        /// `GoTo` Meeting.
        GoTo = "go_to",
        /// Microsoft Teams.
        MsTeams = "ms_teams",
        /// Zoom.
        Zoom = "zoom",
    }
}
open_enum_from_any_text!(ConferencingProvider);

impl AuthorizeConferencing {
    /// The user of this account comes back to this URL, with `last_linked_profile_id` in its query, or, having refused,
    /// with `error=access_denied`. What is connected is seen in
    /// [userinfo](crate::core::types::CronofyData::conferencing_profiles).
    pub fn new(who: impl ForAccount, redirect_uri: RedirectUri) -> Self {
        Self { caller: who.into_caller(), redirect_uri, provider: None }
    }

    /// Goes straight to this provider.
    pub fn provider(mut self, provider: ConferencingProvider) -> Self {
        self.provider = Some(provider);
        self
    }
}

object! {
    /// Where somebody connects a conferencing service.
    pub struct ConferencingAuthorization {
        /// Where to send the user. It is none of the application's own pages.
        url: String,
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    redirect_uri: &'a RedirectUri,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_name: Option<&'a ConferencingProvider>,
}

impl Endpoint for AuthorizeConferencing {
    type Output = ConferencingAuthorization;

    // The user goes to whichever of the URLs was used.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, redirect_uri, provider } = self;
        let body = RequestBody { redirect_uri, provider_name: provider.as_ref() };
        caller.post("/v1/conferencing_service_authorizations").json(&body)
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<ConferencingAuthorization, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            authorization_request: ConferencingAuthorization,
        }

        read_json("conferencing authorization", &response, now)
            .map(|body: ResponseBody| body.authorization_request)
    }
}
