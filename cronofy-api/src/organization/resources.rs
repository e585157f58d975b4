//! `GET /v1/organizational_unit_resources`.
//!
//! The rooms and equipment of an organizational unit, page after page
//! (`developers/api-alpha/organizational-unit-resources`). Needs the scope `organizational_unit_scheduler`.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, NextPage, Page, Paged, Place, read_json};
use cronofy_types::{EmailAddress, Pages, Scheduler, Sub, Timestamp};

use crate::credential::{Caller, OrganizationalUnit, Sealed as _};
use crate::object::object;

/// Asks for one page of resources; [`pages`](crate::core::pages) and its likes ask for those that follow.
#[derive(Debug, Clone)]
pub struct ListUnitResources {
    caller: Caller,
    place: Place,
}

impl ListUnitResources {
    /// Asks for the resources of a unit.
    pub fn new(unit: &OrganizationalUnit) -> Self {
        Self { caller: unit.into_caller(), place: Place::default() }
    }
}

object! {
    struct ResourcesPage {
        pages: Pages = default,
        organizational_unit_resources: Vec<UnitResource>,
    }
}

object! {
    /// A room, or a piece of equipment.
    pub struct UnitResource {
        /// What availability is asked about.
        sub: Sub,
        /// Its address.
        email: Option<EmailAddress> = text,
        /// Its name.
        name: Option<String> = text,
        /// Whether the scheduler has it.
        scheduler: Option<Scheduler> = absent,
    }
}

impl Endpoint for ListUnitResources {
    type Output = Page<UnitResource>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.page(&self.place, || self.caller.get("/v1/organizational_unit_resources"))?.build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Page<UnitResource>, Error> {
        let body: ResourcesPage = read_json("organizational unit resources", &response, now)?;
        let resources = body.organizational_unit_resources;
        let page = self.place.page(self.caller.data_center(), &response, resources, body.pages);
        Ok(page.with_extra(body.extra))
    }
}

impl Paged for ListUnitResources {
    type Item = UnitResource;

    fn at(mut self, page: NextPage) -> Self {
        self.place.turn_to(page);
        self
    }
}
