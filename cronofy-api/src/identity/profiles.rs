//! `GET /v1/profiles`.
//!
//! The connected calendar logins of an account (`developers/api/identity/profile`). One that is no longer connected
//! says where its owner links it again.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{Profile, Timestamp};

use crate::credential::{Caller, ForAccount};
use crate::object::object;

/// Asks for the profiles of an account.
#[derive(Debug, Clone)]
pub struct ListProfiles(Caller);

impl ListProfiles {
    /// Asks for all of them.
    pub fn new(who: impl ForAccount) -> Self {
        Self(who.into_caller())
    }
}

object! {
    /// The profiles of an account.
    pub struct ProfileList {
        /// One for each login, without its calendars. An account with free/busy access has two.
        profiles: Vec<Profile>,
    }
}

impl Endpoint for ListProfiles {
    type Output = ProfileList;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/profiles").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<ProfileList, Error> {
        read_json("profiles", &response, now)
    }
}
