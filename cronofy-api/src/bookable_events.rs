//! Events that others register for (beta).
//!
//! ```
//! use cronofy_api::bookable_events::{CreateBookableEvent, RegistrationStatus, UpsertRegistration};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::ApiKey;
//! use cronofy_api::time::DateTime;
//! use cronofy_api::{BookableEventId, RegistrationId};
//!
//! # #[allow(unused)]
//! fn open<T: BlockingTransport>(transport: &T, application: &ApiKey) -> Result<(), Box<dyn std::error::Error>> {
//!     let course = BookableEventId::new("first-aid-2031-03")?;
//!     let span: (DateTime, DateTime) = ("2031-03-04T09:00:00Z".parse()?, "2031-03-04T12:00:00Z".parse()?);
//!     drive_blocking(transport, CreateBookableEvent::new(application, course.clone(), span, 12).call())?;
//!
//!     let seat = RegistrationId::new("seat-1")?;
//!     let register = UpsertRegistration::new(application, course, seat, RegistrationStatus::Accepted)
//!         .metadata("name", "Rui Pais");
//!     let now = drive_blocking(transport, register.call())?.registration;
//!     println!("{:?} of {:?}", now.registered_count, now.capacity);
//!     Ok(())
//! }
//! ```
//!
//! Each call answers with the event as it is then, and the first page of its registrations. Where there are more,
//! [`Registrations::pages`] names the next page; what that looks like no page says, so it is not followed.

mod create;
mod event;
mod name;
mod read;
mod remove_registration;
mod upsert_registration;

pub use create::CreateBookableEvent;
pub use event::{BookableEvent, BookableEventStatus, Registration, RegistrationStatus, Registrations};
pub use read::ReadBookableEvent;
pub use remove_registration::RemoveRegistration;
pub use upsert_registration::UpsertRegistration;
