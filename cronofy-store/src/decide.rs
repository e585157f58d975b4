//! What happens to a row, decided without I/O.
//!
//! A store loads a row, asks one of these, and writes what it says, all in one transaction. So every store
//! decides alike, and what the model in `store-model` explores is this code and no copy of it.
//!
//! ```text
//!   worker            store, in one transaction          server
//!     |--- Claim -------->| Active -> Refreshing            |
//!     |<-- Won, tokens ---|                                 |
//!     |---------------- POST /oauth/token ----------------->|
//!     |<--------------------------------- tokens -----------|
//!     |--- Complete ----->| generation + 1, Active          |
//! ```

pub mod budget;
pub mod grant;
pub mod mailbox;
pub mod pending;

use core::fmt;

/// Who works on a row: new for every attempt, from a secure random source, so that nobody is taken for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(pub [u8; 16]);

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// What a decision leaves in the row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change<R> {
    /// It stays as it is: nothing is written.
    Keep,
    /// This replaces it.
    Write(R),
}
