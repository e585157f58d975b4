//! Tokens: bought with a code, kept fresh, given back.

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
