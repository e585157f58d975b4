//! The member `pages` of every list that comes in pages (`developers/api/events/read-events`).

use serde::{Deserialize, Serialize};

use super::extra::Extra;

/// Where a page stands among the others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pages {
    /// The number of this page, from one.
    #[serde(default)]
    pub current: Option<u64>,
    /// How many there are.
    #[serde(default)]
    pub total: Option<u64>,
    /// The whole URL of the next one; an opaque text, absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}
