//! The people and rooms of an organizational unit.
//!
//! There is no filter: a person is found by listing the members and matching the address. Whom the unit then acts for
//! is said by [`impersonating`](crate::credential::OrganizationalUnit::impersonating).
//!
//! ```
//! use cronofy_api::core::{BlockingTransport, DriveError, Endpoint, pages_blocking};
//! use cronofy_api::credential::{Impersonation, OrganizationalUnit};
//! use cronofy_api::organization::ListMembers;
//!
//! # #[allow(unused)]
//! fn member<T: BlockingTransport>(
//!     transport: &T,
//!     unit: &OrganizationalUnit,
//!     address: &str,
//! ) -> Result<Option<Impersonation>, DriveError<T::Error>> {
//!     for member in pages_blocking(transport, ListMembers::new(unit).call())?.items() {
//!         let member = member?;
//!         if member.email.is_some_and(|email| email.as_str().eq_ignore_ascii_case(address)) {
//!             return Ok(Some(unit.impersonating(member.sub)));
//!         }
//!     }
//!     Ok(None)
//! }
//! ```

mod members;
mod resources;

pub use members::ListMembers;
pub use resources::{ListUnitResources, UnitResource};
