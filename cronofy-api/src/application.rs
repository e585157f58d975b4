//! What an application asks for besides: elements in its pages, conferencing for its users, further applications.
//!
//! ```
//! use cronofy_api::application::{CreateElementToken, ElementPermission};
//! use cronofy_api::core::types::{ClientSecret, DataCenter, Sub};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::ApiKey;
//!
//! # #[allow(unused)]
//! fn agenda<T: BlockingTransport>(transport: &T, user: Sub) -> Result<String, Box<dyn std::error::Error>> {
//!     let application = ApiKey::new(DataCenter::Us, ClientSecret::new("CRN_example")?);
//!     let create = CreateElementToken::new(&application, "https://app.example", ElementPermission::Agenda).account(user);
//!     let granted = drive_blocking(transport, create.call())?;
//!     // For the page of this user, who may read it there.
//!     Ok(granted.token.expose().to_owned())
//! }
//! ```
//!
//! [Application calendars](crate::core::application::ApplicationCalendar) and the
//! [verification](crate::core::application::ApplicationVerification) of the application are the core's.

mod conferencing;
mod element_token;
mod provision;

pub use conferencing::{AuthorizeConferencing, ConferencingAuthorization, ConferencingProvider};
pub use element_token::{CreateElementToken, ElementPermission, GrantedElementToken};
pub use provision::{ProvisionApplication, ProvisionedApplication};
