//! `GET /v1/organizational_unit_members`.
//!
//! The people of an organizational unit, page after page (`developers/api-alpha/organizational-unit-members`). Needs
//! the scope `organizational_unit_scheduler`.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, NextPage, Page, Paged, Place, read_json};
use cronofy_types::{Member, MembersPage, Timestamp};

use crate::credential::{Caller, OrganizationalUnit, Sealed as _};

/// Asks for one page of members; [`pages`](crate::core::pages) and its likes ask for those that follow.
#[derive(Debug, Clone)]
pub struct ListMembers {
    caller: Caller,
    place: Place,
}

impl ListMembers {
    /// Asks for the members of a unit.
    pub fn new(unit: &OrganizationalUnit) -> Self {
        Self { caller: unit.into_caller(), place: Place::default() }
    }
}

impl Endpoint for ListMembers {
    type Output = Page<Member>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.page(&self.place, || self.caller.get("/v1/organizational_unit_members"))?.build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Page<Member>, Error> {
        let MembersPage { members, pages, .. } = read_json("organizational unit members", &response, now)?;
        Ok(self.place.page(self.caller.data_center(), &response, members, pages))
    }
}

impl Paged for ListMembers {
    type Item = Member;

    fn at(mut self, page: NextPage) -> Self {
        self.place.turn_to(page);
        self
    }
}
