//! `GET /v1/organizational_unit_members`.
//!
//! The people of an organizational unit, in pages; with its token, or with the client secret of an internal
//! application (`developers/api-alpha/organizational-unit-members`). The `sub` of a member is whom to
//! impersonate; there is no filter, so a person is found by listing and matching the address.

use bytes::Bytes;
use cronofy_types::{AccessToken, ClientSecret, DataCenter, Member, MembersPage, Timestamp};

use crate::answer::read_json;
use crate::{Body, Credential, Endpoint, Error, NextPage, Outgoing, Page, Paged, Place};

/// Asks for one page of members. [`all`](Paged::all) asks for all of them.
#[derive(Debug, Clone)]
pub struct MembersOf {
    data_center: DataCenter,
    credential: OwnedCredential,
    place: Place,
}

#[derive(Debug, Clone)]
enum OwnedCredential {
    Token(AccessToken),
    ApiKey(ClientSecret),
}

impl MembersOf {
    /// Asks with the token of an organizational unit.
    pub fn new(data_center: DataCenter, organization: AccessToken) -> Self {
        Self { data_center, credential: OwnedCredential::Token(organization), place: Place::default() }
    }

    /// Asks with the client secret of an internal application.
    pub fn internal(data_center: DataCenter, client_secret: ClientSecret) -> Self {
        Self { data_center, credential: OwnedCredential::ApiKey(client_secret), place: Place::default() }
    }
}

impl Endpoint for MembersOf {
    type Output = Page<Member>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let credential = match &self.credential {
            OwnedCredential::Token(token) => Credential::Token(token),
            OwnedCredential::ApiKey(secret) => Credential::ApiKey(secret),
        };
        let first = || Outgoing::get(&self.data_center, "/v1/organizational_unit_members");
        self.place.outgoing(&self.data_center, first)?.bearer(credential).build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Page<Member>, Error> {
        let MembersPage { members, pages, .. } = read_json("organizational unit members", &response, now)?;
        Ok(self.place.page(&self.data_center, &response, members, pages))
    }
}

impl Paged for MembersOf {
    type Item = Member;

    fn at(mut self, page: NextPage) -> Self {
        self.place.turn_to(page);
        self
    }
}
