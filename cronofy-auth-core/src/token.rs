//! Tokens: bought with a code, kept fresh, given back.
//!
//! ```
//! use cronofy_auth_core::token::{Session, TokenSet, Turn};
//! use cronofy_auth_core::types::{AccessToken, ClientId, ClientSecret, DataCenter, RefreshToken, Timestamp};
//! use cronofy_auth_core::App;
//! use std::time::Duration;
//!
//! let app = App::new(ClientId::new("id")?, ClientSecret::new("CRN_example")?, DataCenter::Us);
//! let received = Timestamp::from_unix_seconds(1_930_385_700);
//! let after = |seconds| received.saturating_add(Duration::from_secs(seconds));
//!
//! // Tokens out of a store, shared by whoever needs them.
//! let mut tokens = TokenSet::new(AccessToken::new("access")?, received, after(3600));
//! tokens.refresh_token = Some(RefreshToken::new("refresh")?);
//! let mut session = Session::new(app, tokens);
//!
//! assert!(matches!(session.turn(after(60)), Turn::Use(_)));
//! // Nearly over: the first who asks refreshes, the others use what still works.
//! let Turn::Refresh(ticket, refresh) = session.turn(after(3590)) else { unreachable!() };
//! assert!(matches!(session.turn(after(3590)), Turn::Use(_)));
//! // Drive `refresh.call()` and report by `session.refreshed(ticket, ..)`; a transport's token source does.
//! # session.abandon(ticket, after(3590));
//! # drop(refresh);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod exchange;
mod refresh;
mod revoke;
mod revoke_profile;
mod session;
mod set;

pub use exchange::{CodeOrigin, TokenExchange};
pub use refresh::Refresh;
pub use revoke::Revoke;
pub use revoke_profile::RevokeProfile;
pub use session::{Reconnect, Session, Ticket, Turn};
pub use set::{ASSUMED_LIFETIME, Identity, LONGEST_LIFETIME, TokenSet};
