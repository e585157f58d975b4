//! What a call is authorized by, as types: a call that needs one cannot be built with another.
//!
//! | type | is | for |
//! |---|---|---|
//! | [`UserToken`] | the access token of a person's account, a resource's, or an application calendar's | whatever is of that account |
//! | [`ServiceAccountToken`] | the access token of a service account (Enterprise Connect) | access to others, its own userinfo |
//! | [`OrganizationalUnit`] | the access token of an organizational unit, or the client secret of its internal application | the unit's people and rooms |
//! | [`Impersonation`] | the same, in the name of a member | whatever is of that member's account |
//! | [`ApiKey`] | the client secret, as a bearer | what concerns many accounts, or none |
//! | [`App`](crate::core::App) | client id and secret, in the body | application calendars |
//! | [`AdminKey`] | the key of an organization's admin API | making applications |
//!
//! Each knows its data center, because a token is worth nothing in another one. Calls take them by value or by
//! reference.
//!
//! ```compile_fail,E0277
//! use cronofy_api::Tzid;
//! use cronofy_api::core::types::{AccessToken, DataCenter};
//! use cronofy_api::credential::ServiceAccountToken;
//! use cronofy_api::events::ReadEvents;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let service_account = ServiceAccountToken::new(DataCenter::Us, AccessToken::new("secret")?);
//! // A service account has no calendars: `ServiceAccountToken` is no credential of one account.
//! let events = ReadEvents::new(&service_account, Tzid::utc());
//! # Ok(())
//! # }
//! ```
//!
//! An organizational unit has to say whose events it means:
//!
//! ```compile_fail,E0277
//! # use cronofy_api::Tzid;
//! # use cronofy_api::core::types::{AccessToken, DataCenter};
//! # use cronofy_api::credential::OrganizationalUnit;
//! # use cronofy_api::events::ReadEvents;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let unit = OrganizationalUnit::new(DataCenter::Us, AccessToken::new("secret")?);
//! let events = ReadEvents::new(&unit, Tzid::utc());
//! # Ok(())
//! # }
//! ```
//!
//! and does so with [`impersonating`](OrganizationalUnit::impersonating):
//!
//! ```
//! # use cronofy_api::Tzid;
//! # use cronofy_api::core::Endpoint;
//! # use cronofy_api::core::types::{AccessToken, DataCenter, Sub};
//! # use cronofy_api::credential::OrganizationalUnit;
//! # use cronofy_api::events::ReadEvents;
//! let unit = OrganizationalUnit::new(DataCenter::Us, AccessToken::new("secret")?);
//! let member = unit.impersonating(Sub::new("acc_64f0c1d2e3a4b5c6d7e8f901")?);
//! let request = ReadEvents::new(&member, Tzid::utc()).request()?;
//! assert_eq!(request.headers()["cronofy-impersonate"], "acc_64f0c1d2e3a4b5c6d7e8f901");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caller;
mod kinds;
mod roles;

pub(crate) use caller::Caller;
pub use kinds::{AdminKey, ApiKey, Impersonation, OrganizationalUnit, ServiceAccountToken, UserToken};
pub(crate) use roles::Sealed;
pub use roles::{
    ForAccount, ForAccountOrApplication, ForAccountOrServiceAccount, ForSubject, ForUnitOrMember,
};
