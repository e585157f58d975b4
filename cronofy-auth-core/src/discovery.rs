//! Finding out who and what can be reached.

mod accessible_calendars;
mod members;
mod resources;
mod userinfo;

pub use accessible_calendars::AccessibleCalendarsOf;
pub use members::{AllMembers, MembersOf, NextPage};
pub use resources::ResourcesOf;
pub use userinfo::UserinfoOf;
