//! Calendars: which there are, one more, and more rights in them.
//!
//! ```
//! use cronofy_api::calendars::{Calendar, ListCalendars, RequestPermissions};
//! use cronofy_api::core::types::{PermissionLevel, RedirectUri};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::UserToken;
//!
//! # #[allow(unused)]
//! /// Where to send the user who is to let the application change what others wrote into the main calendar.
//! fn ask<T: BlockingTransport>(transport: &T, user: &UserToken) -> Result<String, Box<dyn std::error::Error>> {
//!     let listed = drive_blocking(transport, ListCalendars::new(user).call())?;
//!     let main = listed.calendars.into_iter().find(|calendar| calendar.calendar_primary && calendar.is_writable());
//!     let Calendar { calendar_id, .. } = main.ok_or("no calendar to write to")?;
//!     let back = RedirectUri::new("https://app.example/permissions")?;
//!     let request = RequestPermissions::of_person(user, back, calendar_id, PermissionLevel::Unrestricted);
//!     Ok(drive_blocking(transport, request.call())?.url.ok_or("nobody has to be asked")?)
//! }
//! ```

mod calendar;
mod create;
mod list;
mod permissions;

pub use calendar::{Calendar, CalendarList};
pub use create::CreateCalendar;
pub use list::ListCalendars;
pub use permissions::{PermissionsRequest, RequestPermissions};
