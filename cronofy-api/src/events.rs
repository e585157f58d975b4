//! Events: what is in the calendars of an account, and what an application puts there.
//!
//! ```
//! use cronofy_api::core::types::{AccessToken, CalendarId, DataCenter};
//! use cronofy_api::core::{BlockingTransport, DriveError, Endpoint, drive_blocking, pages_blocking};
//! use cronofy_api::credential::UserToken;
//! use cronofy_api::events::{EventDetails, Location, ReadEvents, UpsertEvent};
//! use cronofy_api::time::{Date, EventTime};
//! use cronofy_api::{EventId, Tzid};
//!
//! # #[allow(unused)]
//! fn week<T: BlockingTransport>(transport: &T, user: &UserToken) -> Result<(), Box<dyn std::error::Error>> {
//!     let events = ReadEvents::new(user, "Europe/Lisbon".parse()?)
//!         .from("2031-03-03".parse::<Date>()?)
//!         .to("2031-03-10".parse::<Date>()?)
//!         .including_managed();
//!     for event in pages_blocking(transport, events.call())?.items() {
//!         let event = event?;
//!         println!("{:?} {:?}", event.start, event.summary);
//!     }
//!     Ok(())
//! }
//!
//! let user = UserToken::new(DataCenter::Us, AccessToken::new("secret")?);
//! let lisbon: Tzid = "Europe/Lisbon".parse()?;
//! let at = |time: &str| -> Result<_, cronofy_api::time::InvalidTime> {
//!     Ok(EventTime::in_zone(time.parse::<cronofy_api::time::DateTime>()?, lisbon.clone()))
//! };
//! let visit = EventDetails::new("Dental check-up")
//!     .description("First visit.")
//!     .location(Location::new().description("Room 2"))
//!     .reminder(60);
//! let upsert = UpsertEvent::new(
//!     &user,
//!     CalendarId::new("cal_Zq81kLmWt0_h4dTq9Xx")?,
//!     EventId::new("visit-20931")?,
//!     (at("2031-03-04T09:00:00Z")?, at("2031-03-04T09:40:00Z")?),
//!     visit,
//! );
//! assert_eq!(upsert.request()?.uri().path(), "/v1/calendars/cal_Zq81kLmWt0_h4dTq9Xx/events");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attachment;
mod borrowed;
mod delete;
mod delete_external;
mod delete_many;
mod details;
mod edit_external;
mod event;
mod participation;
mod read;
mod recurrence;
mod upsert;
mod values;

pub use attachment::{Attachment, CreateAttachment};
pub use borrowed::{AttendeeRef, EventRef, EventsPageRef, LocationRef, OrganizerRef};
pub use delete::DeleteEvent;
pub use delete_external::DeleteExternalEvent;
pub use delete_many::DeleteEvents;
pub(crate) use details::is_color;
pub use details::{Conferencing, EventDetails, EventSpan, Invitee, Location};
pub use edit_external::EditExternalEvent;
pub use event::{Attendee, Event, EventConferencing, EventLocation, EventOptions, Organizer};
pub use participation::{ChangeParticipationStatus, InvitationAnswer};
pub use read::ReadEvents;
pub use recurrence::{Frequency, Recurrence};
pub use upsert::UpsertEvent;
pub use values::{EventStatus, ExtendedTransparency, ParticipationStatus, Transparency};
