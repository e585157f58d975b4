//! When an account is busy, without a word of what it does.
//!
//! People who show free/busy times alone have two profiles: their own calendars as they let them be seen, and a
//! calendar that Cronofy hosts for what the application makes. Between the invitation and its acceptance only the
//! latter knows of a booking, and of everything else only the former: whoever asks about one of them gets a rosier
//! answer than the truth (Free/Busy Access, "requesting event information"). So a question is asked of the whole
//! account, as userinfo lists it:
//!
//! ```
//! use cronofy_api::Tzid;
//! use cronofy_api::core::types::Userinfo;
//! use cronofy_api::core::{BlockingTransport, Endpoint, pages_blocking};
//! use cronofy_api::credential::UserToken;
//! use cronofy_api::free_busy::{AccountProfiles, ReadFreeBusy};
//! use cronofy_api::time::Date;
//!
//! # #[allow(unused)]
//! fn busy<T: BlockingTransport>(
//!     transport: &T,
//!     user: &UserToken,
//!     userinfo: &Userinfo,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let week = ReadFreeBusy::new(user, "Europe/Lisbon".parse::<Tzid>()?)
//!         .for_account(userinfo)
//!         .from("2031-03-03".parse::<Date>()?)
//!         .to("2031-03-10".parse::<Date>()?);
//!     for time in pages_blocking(transport, week.call())?.items() {
//!         let time = time?;
//!         println!("{:?} to {:?}: {:?}", time.start, time.end, time.free_busy_status);
//!     }
//!     // And an event is put where such an account takes one.
//!     println!("{:?}", AccountProfiles::of(userinfo).booking_calendar());
//!     Ok(())
//! }
//! ```

mod account;
mod borrowed;
mod read;
mod time;

pub use account::{AccountProfiles, ProfileKind};
pub use borrowed::{FreeBusyPageRef, FreeBusyTimeRef};
pub use read::ReadFreeBusy;
pub use time::{FreeBusyStatus, FreeBusyTime};
