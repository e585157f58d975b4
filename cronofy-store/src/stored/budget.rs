//! How many requests an application may still send.

use cronofy_types::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FormError, Version, read, write};
use crate::decide::budget::Row;

#[derive(Serialize, Deserialize)]
struct Form {
    version: Version,
    next: Timestamp,
    not_before: Timestamp,
    pauses: u32,
}

/// A budget in its stored form.
pub fn write_budget(row: &Row) -> Result<String, FormError> {
    let Row { next, not_before, pauses } = *row;
    let form = write(&Form { version: Version, next, not_before, pauses })?;
    String::from_utf8(form.to_vec()).map_err(|_| FormError::Unwritable)
}

/// A budget out of its stored form.
pub fn read_budget(json: &[u8]) -> Result<Row, FormError> {
    let Form { next, not_before, pauses, .. } = read(json)?;
    Ok(Row { next, not_before, pauses })
}
