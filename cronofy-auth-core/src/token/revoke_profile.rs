//! `POST /v1/profiles/{profile_id}/revoke`.
//!
//! Ends the access to one calendar login of an account; the authorization and its tokens stay
//! (`developers/api/authorization/revoke-profile`).

use bytes::Bytes;
use cronofy_types::{AccessToken, DataCenter, ProfileId, Timestamp};

use crate::answer::read_nothing;
use crate::{Body, Credential, Endpoint, Error, Outgoing};

/// Ends the access to one profile.
#[derive(Debug)]
pub struct RevokeProfile {
    data_center: DataCenter,
    token: AccessToken,
    profile: ProfileId,
}

impl RevokeProfile {
    /// Ends the access to this profile of the token's account.
    pub fn new(data_center: DataCenter, token: AccessToken, profile: ProfileId) -> Self {
        Self { data_center, token, profile }
    }
}

impl Endpoint for RevokeProfile {
    type Output = ();

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(&self.data_center, "/v1/profiles/")
            .segment(self.profile.as_str())
            .path("/revoke")
            .bearer(Credential::Token(&self.token))
            .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
