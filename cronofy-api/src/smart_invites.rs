//! Invitations by e-mail, for people without an account (beta).
//!
//! The application mails the invitation itself: Cronofy makes the file to attach, and is told by the calendars of those
//! invited what they answer. It tells the application, at the URL that was given with the invitation:
//!
//! ```
//! use cronofy_api::SmartInviteId;
//! use cronofy_api::core::types::{CallbackUrl, EmailAddress, Verified};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::ApiKey;
//! use cronofy_api::events::EventDetails;
//! use cronofy_api::smart_invites::{InviteStatus, SmartInviteCallback, UpsertSmartInvite};
//! use cronofy_api::time::DateTime;
//!
//! # #[allow(unused)]
//! fn invite<T: BlockingTransport>(transport: &T, application: &ApiKey) -> Result<String, Box<dyn std::error::Error>> {
//!     let span: (DateTime, DateTime) = ("2031-03-04T09:00:00Z".parse()?, "2031-03-04T09:40:00Z".parse()?);
//!     let upsert = UpsertSmartInvite::new(
//!         application,
//!         SmartInviteId::new("visit-20931")?,
//!         EmailAddress::new("rui@orchard.example")?,
//!         span,
//!         EventDetails::new("Dental check-up").tzid("Europe/Lisbon".parse()?),
//!     )
//!     .organizer("Dr. Pais")
//!     .callback_url(CallbackUrl::new("https://app.example/cronofy/invites")?);
//!     let invite = drive_blocking(transport, upsert.call())?;
//!     // To be attached to the mail as `text/calendar`.
//!     invite.icalendar().map(str::to_owned).ok_or("no file".into())
//! }
//!
//! /// What was posted to the callback URL, once `cronofy-webhook` has verified it.
//! fn answered(body: &Verified<'_>) -> Result<bool, Box<dyn std::error::Error>> {
//!     let callback = SmartInviteCallback::parse(body)?;
//!     Ok(callback.smart_invite.reply.is_some_and(|reply| reply.status == Some(InviteStatus::Accepted)))
//! }
//!
//! let body = br#"{"notification":{"type":"smart_invite"},"smart_invite":{"smart_invite_id":"visit-20931",
//!     "reply":{"email":"rui@orchard.example","status":"accepted"}}}"#;
//! assert!(answered(&Verified::vouched_for_elsewhere(body))?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An invitation is to one, or, as the calls that are called `to_many` have it, to many (alpha:
//! `developers/api-alpha/smart-invites/multiple-recipients`). It is made, changed, cancelled and read in the same way
//! in which it was made.

mod callback;
mod cancel;
mod invite;
mod read;
mod recipients;
mod remove_recipient;
mod upsert;

pub use callback::SmartInviteCallback;
pub use cancel::CancelSmartInvite;
pub use invite::{InviteAttachments, InviteReply, InviteStatus, InvitedEvent, Proposal, SmartInvite};
pub use read::ReadSmartInvite;
pub use recipients::Recipient;
pub use remove_recipient::RemoveSmartInviteRecipient;
pub use upsert::UpsertSmartInvite;
