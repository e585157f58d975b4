//! Whose account it is, and what is connected to it.
//!
//! ```
//! use cronofy_api::core::types::{AccessToken, DataCenter, ProviderName};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::credential::UserToken;
//! use cronofy_api::identity::{ListProfiles, ReadUserinfo};
//!
//! # #[allow(unused)]
//! fn relink<T: BlockingTransport>(transport: &T, user: &UserToken) -> Result<(), Box<dyn std::error::Error>> {
//!     let userinfo = drive_blocking(transport, ReadUserinfo::new(user).call())?;
//!     println!("{} in {:?}", userinfo.sub, userinfo.zoneinfo);
//!     for profile in drive_blocking(transport, ListProfiles::new(user).call())?.profiles {
//!         if let Some(url) = profile.profile_relink_url {
//!             println!("{:?} is to be linked again at {url}", profile.profile_name);
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! What ends an authorization, or joins one to another, is the core's:
//! [`RevokeProfile`](crate::core::token::RevokeProfile), [`CreateLinkToken`](crate::core::application::CreateLinkToken).

mod account;
mod profiles;
mod userinfo;

pub use account::{Account, AccountAnswer, ReadAccount};
pub use profiles::{ListProfiles, ProfileList};
pub use userinfo::ReadUserinfo;
