//! Calls that an application makes for itself.
//!
//! ```
//! use cronofy_auth_core::application::{ApplicationVerification, CreateLinkToken};
//! use cronofy_auth_core::types::{
//!     AccessToken, ClientId, ClientSecret, DataCenter, EmailAddress, RedirectUri,
//! };
//! use cronofy_auth_core::{App, Endpoint};
//!
//! let app = App::new(ClientId::new("id")?, ClientSecret::new("CRN_example")?, DataCenter::Us);
//! let redirect_uris = vec![RedirectUri::new("https://*.example.com/callback")?];
//! let verification = ApplicationVerification::new(app, redirect_uris, EmailAddress::new("dev@example.com")?);
//! assert_eq!(verification.request()?.uri().path(), "/v1/application_verification");
//!
//! let link = CreateLinkToken::new(DataCenter::Us, AccessToken::new("the account to join")?);
//! assert_eq!(link.request()?.uri().path(), "/v1/link_tokens");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod application_calendar;
mod link_token;
mod verification;

pub use application_calendar::ApplicationCalendar;
pub use link_token::CreateLinkToken;
pub use verification::ApplicationVerification;
