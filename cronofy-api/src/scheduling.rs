//! Pages on which somebody else picks the time of an event, and conversations in which people agree on one.
//!
//! ```
//! use cronofy_api::availability::{AvailabilityQuery, Group};
//! use cronofy_api::core::types::{CalendarId, RedirectUri, Sub};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::ApiKey;
//! use cronofy_api::events::EventDetails;
//! use cronofy_api::scheduling::{CreateSchedulingLink, LinkStatus, ReadSchedulingLink, SchedulingPage};
//! use cronofy_api::time::{DateTime, Duration};
//! use cronofy_api::{EventId, Tzid};
//!
//! # #[allow(unused)]
//! fn invite<T: BlockingTransport>(
//!     transport: &T,
//!     application: &ApiKey,
//!     (ines, calendar): (Sub, CalendarId),
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let tuesday: (DateTime, DateTime) = ("2031-03-04T08:00:00Z".parse()?, "2031-03-04T17:00:00Z".parse()?);
//!     let query = AvailabilityQuery::new(Group::all([ines.clone()]), Duration::minutes(45), [tuesday]);
//!     let page = SchedulingPage::new(
//!         RedirectUri::new("https://app.example/picked")?,
//!         EventId::new("interview-7")?,
//!         "Europe/Lisbon".parse::<Tzid>()?,
//!         EventDetails::new("Interview"),
//!     )
//!     .target(ines, calendar);
//!     let link = drive_blocking(transport, CreateSchedulingLink::new(application, page, query).call())?;
//!     println!("pick a time at {}", link.url.as_str());
//!
//!     // Later, when somebody came back to the application:
//!     let link = ReadSchedulingLink::new(application, link.real_time_scheduling_id);
//!     let link = drive_blocking(transport, link.call())?;
//!     if let (Some(LinkStatus::Completed), Some(event)) = (link.status, link.event) {
//!         println!("it starts {:?}", event.start);
//!     }
//!     Ok(())
//! }
//! ```

mod add_to_calendar;
mod conversation;
mod create_conversation;
mod create_link;
mod create_request;
mod create_sequencing_link;
mod disable_link;
mod disable_sequencing_link;
mod farewell;
mod find_conversation;
mod find_link;
mod link;
mod list_slots;
mod page;
mod read_conversation;
mod read_link;
mod request;
mod select_slot;
mod sequencing_link;

pub use add_to_calendar::{AddToCalendar, AddToCalendarLink};
pub use conversation::{
    Action, ChosenSlot, ConversationParticipant, ConversationPeriod, ConversationStatus, ParticipantSlots,
    ParticipantStatus, PossibleActions, SchedulingConversation, SelectionMethod, Slot,
};
pub use create_conversation::{CreateSchedulingConversation, Participant};
pub use create_link::CreateSchedulingLink;
pub use create_request::{CreateSchedulingRequest, Recipient, StaffGroup};
pub use create_sequencing_link::{CreateSequencingLink, SequenceStep};
pub use disable_link::DisableSchedulingLink;
pub use disable_sequencing_link::DisableSequencingLink;
pub use find_conversation::{FindSchedulingConversation, FoundConversation};
pub use find_link::FindSchedulingLink;
pub use link::{LinkStatus, LinkedEvent, SchedulingLink};
pub use list_slots::{ListSlots, Slots};
pub use page::{HourFormat, SchedulingPage};
pub use read_conversation::ReadSchedulingConversation;
pub use read_link::ReadSchedulingLink;
pub use request::{
    AskedRecipient, CreatedSchedulingRequest, RecipientOperations, SchedulingRequest, SlotSelection,
};
pub use select_slot::SelectSlot;
pub use sequencing_link::SequencingLink;
