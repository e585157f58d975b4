//! Finding out who and what can be reached.
//!
//! ```
//! use cronofy_auth_core::discovery::{MembersOf, UserinfoOf};
//! use cronofy_auth_core::types::{AccessToken, DataCenter, Sub};
//! use cronofy_auth_core::{Endpoint, Paged};
//!
//! let organization = AccessToken::new("an organizational unit's token")?;
//! // All pages, one after the other; the `sub` of the member with the right address is whom to impersonate.
//! let members = MembersOf::new(DataCenter::Us, organization.clone()).all();
//! # drop(members);
//! let member = Sub::new("acc_64f0c1d2e3a4b5c6d7e8f901")?;
//! let userinfo = UserinfoOf::new(DataCenter::Us, organization).impersonating(member);
//! assert_eq!(userinfo.request()?.headers()["cronofy-impersonate"], "acc_64f0c1d2e3a4b5c6d7e8f901");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accessible_calendars;
mod members;
mod resources;
mod userinfo;

pub use accessible_calendars::AccessibleCalendarsOf;
pub use members::MembersOf;
pub use resources::ResourcesOf;
pub use userinfo::UserinfoOf;
