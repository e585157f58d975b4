//! What a page says that was taken back (`developers/api/scheduling/real-time-scheduling/disable`).

use cronofy_auth_core::{Limit, Rule};
use serde::Serialize;

/// The longest, in characters.
const LONGEST: usize = 500;

/// The body of calls that take a page back.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Farewell {
    display_message: String,
}

impl Farewell {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { display_message: message.into() }
    }

    pub(super) fn check(&self) -> Result<(), Limit> {
        if self.display_message.is_empty() {
            return Err(Limit { parameter: "display_message", rule: Rule::NotEmpty });
        }
        Limit::characters("display_message", &self.display_message, LONGEST)
    }
}
