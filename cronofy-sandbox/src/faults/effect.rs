//! What happens to a call, and whether it takes effect first.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// The commit point: whether the call takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum At {
    /// The operation never ran.
    Before,
    /// It ran, and what it did stays done.
    After,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub(crate) enum Effect {
    Status {
        status: u16,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        #[serde(skip_serializing_if = "Value::is_null")]
        body: Value,
    },
    Delay,
    Reset,
    Close,
    Hang,
    Truncate,
    Garbage,
    ContentType {
        content_type: String,
    },
}

impl Effect {
    /// Whether it spoils the operation's own answer, so that there has to be one.
    pub(super) fn needs_an_answer(&self) -> bool {
        matches!(self, Self::Truncate | Self::Garbage | Self::ContentType { .. })
    }

    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay => "delay",
            Self::Reset => "reset",
            Self::Close => "close",
            Self::Hang => "hang",
            Self::Truncate => "truncate",
            Self::Garbage => "garbage",
            Self::ContentType { .. } => "content_type",
        }
    }
}
