//! Calls that an application makes for itself.

mod application_calendar;
mod link_token;
mod verification;

pub use application_calendar::ApplicationCalendar;
pub use link_token::CreateLinkToken;
pub use verification::ApplicationVerification;
