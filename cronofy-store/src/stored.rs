//! The stored forms of what a store keeps, as JSON. Once released, a form is read for ever: `tests/stored_forms.rs`
//! pins each as text.
//!
//! Tokens, waits, roll-outs and mailboxes are sealed before they are kept ([`Seal`](crate::seal::Seal)). The
//! [`GrantState`] of a grant and the budget of an application are not, so that an operator can count grants by phase;
//! they hold nothing that is secret.
//!
//! An addition is a new version too: a release that does not know it would lose it with the next write.

mod budget;
mod bytes;
mod callback;
mod mailbox;
mod pending;
mod rollout;
mod state;
mod tokens;

pub use budget::{read_budget, write_budget};
pub use mailbox::{read_mailbox, write_mailbox};
pub use pending::{read_pending, write_pending};
pub use rollout::{read_rollout, write_rollout};
pub use state::{GrantState, read_state, write_state};
pub use tokens::{read_tokens, write_tokens};

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// The version that is written, and the only one so far.
const VERSION: u64 = 1;

/// Why a form cannot be read. The parser's own text is left out: it quotes what it stumbles over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A newer release wrote it.
    #[error("the stored form has version {found}, and this library reads version {VERSION}")]
    Newer {
        /// The version that it has.
        found: u64,
    },
    /// It is no such form.
    #[error("the stored form is damaged at line {line}, column {column}")]
    Damaged {
        /// In which line, from one.
        line: usize,
        /// In which column.
        column: usize,
    },
    /// A value has no form.
    #[error("a value cannot be written in its stored form")]
    Unwritable,
}

/// The member `version`.
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            VERSION => Ok(Self),
            _ => Err(D::Error::custom("another version")),
        }
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, FormError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }

    serde_json::from_slice(json).map_err(|error| match serde_json::from_slice(json) {
        // In a newer form anything may be new, so what was stumbled over may stand before the version.
        Ok(Versioned { version }) if version != VERSION => FormError::Newer { found: version },
        _ => FormError::Damaged { line: error.line(), column: error.column() },
    })
}

/// Zeroed when dropped. A buffer that has to grow leaves what it held behind, so it begins large.
fn write(form: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, FormError> {
    let mut json = Zeroizing::new(Vec::with_capacity(4096));
    serde_json::to_writer(&mut *json, form).map_err(|_| FormError::Unwritable)?;
    Ok(json)
}
