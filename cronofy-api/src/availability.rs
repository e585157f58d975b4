//! When people have time, and the periods and rules that say when they may be booked.
//!
//! ```
//! use cronofy_api::availability::{AvailabilityQuery, Buffer, FindAvailability, Group};
//! use cronofy_api::core::types::{Sub, Userinfo};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::ApiKey;
//! use cronofy_api::time::{DateTime, Duration};
//!
//! # #[allow(unused)]
//! fn find<T: BlockingTransport>(
//!     transport: &T,
//!     application: &ApiKey,
//!     ines: &Userinfo,
//!     tom: &Userinfo,
//!     rooms: Vec<Sub>,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let tuesday: (DateTime, DateTime) = ("2031-03-04T08:00:00Z".parse()?, "2031-03-04T17:00:00Z".parse()?);
//!     // When do Ines and Tom have 45 minutes on Tuesday, in one of the rooms, with ten to spare on both sides?
//!     let query = AvailabilityQuery::new(Group::all([ines, tom]), Duration::minutes(45), [tuesday])
//!         .and(Group::at_least(1, rooms))
//!         .buffer(Buffer::around(Duration::minutes(10), Duration::minutes(10)))
//!         .starting_every(Duration::minutes(15))
//!         .in_slots();
//!     let found = drive_blocking(transport, FindAvailability::new(application, query).call())?;
//!     for slot in &found {
//!         let coming: Vec<_> = slot.participants().map(|participant| participant.sub().as_str()).collect();
//!         println!("{} to {}: {coming:?}", slot.start(), slot.end());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! A member can be made of a [`Sub`](crate::core::types::Sub) or of an account's
//! [`Userinfo`](crate::core::types::Userinfo); the latter names the calendars of each profile of the account.

mod delete_periods;
mod delete_rule;
mod find;
mod found;
mod list_rules;
mod name;
mod people;
mod period;
mod query;
mod read_periods;
mod read_rule;
mod rule;
mod sequenced;
mod sequences;
mod upsert_period;
mod upsert_rule;
mod when;

pub use delete_periods::DeleteAvailablePeriods;
pub use delete_rule::DeleteAvailabilityRule;
pub use find::FindAvailability;
pub use found::{Availability, Available, AvailableTimes, MemberStatus, Participant, SyncStatus};
pub use list_rules::{AvailabilityRules, ListAvailabilityRules};
pub use people::{Constraint, Group, Member};
pub use period::AvailablePeriod;
pub use query::AvailabilityQuery;
pub use read_periods::ReadAvailablePeriods;
pub use read_rule::ReadAvailabilityRule;
pub use rule::{AvailabilityRule, WeeklyPeriod};
pub use sequenced::{FindSequencedAvailability, SequencedEvent};
pub use sequences::{Sequence, SequencedParticipant, SequencedTime, Sequences};
pub use upsert_period::UpsertAvailablePeriod;
pub use upsert_rule::{Hours, UpsertAvailabilityRule};
pub use when::{Buffer, Gap, Period};
pub(crate) use when::{at_least_a_minute, at_most_an_integer, whole_seconds};
