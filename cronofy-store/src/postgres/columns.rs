//! What is in the columns of a row.

use cronofy_types::{ClientId, Sub};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::GrantId;
use crate::cells::{GrantCells, PendingCells};
use crate::store::StoreError;

const COLUMN: &str = "a column of the database";

pub(super) fn text(id: &GrantId) -> [&str; 3] {
    [id.client_id.as_str(), id.data_center(), id.subject.as_str()]
}

/// The columns `through`, `generation`, `state` and `tokens`.
pub(super) fn grant_cells(row: &Row) -> Result<GrantCells, StoreError> {
    Ok(GrantCells {
        through: column::<Option<&str>>(row, 0)?.map(Box::from),
        generation: column::<i64>(row, 1)?.cast_unsigned(),
        state: column::<&str>(row, 2)?.into(),
        tokens: column::<&[u8]>(row, 3)?.into(),
    })
}

/// Whether they are as they were.
pub(super) fn is_as(row: &Row, cells: &GrantCells) -> Result<bool, StoreError> {
    Ok(column::<&[u8]>(row, 3)? == &*cells.tokens
        && column::<&str>(row, 2)? == &*cells.state
        && column::<i64>(row, 1)? == cells.generation.cast_signed()
        && column::<Option<&str>>(row, 0)? == cells.through.as_deref())
}

/// The three columns after those.
pub(super) fn grant_id(row: &Row) -> Result<GrantId, StoreError> {
    let unreadable =
        |error| StoreError::Unreadable { what: "the identifier of a grant", source: Box::new(error) };
    let client_id = ClientId::new(column::<&str>(row, 4)?).map_err(unreadable)?;
    let subject = Sub::new(column::<&str>(row, 6)?).map_err(unreadable)?;
    Ok(GrantId::from_parts(client_id, column::<&str>(row, 5)?, subject))
}

/// The columns `binding`, `generation`, `waiting`, `expires_at` and `row`.
pub(super) fn pending_cells(row: &Row) -> Result<PendingCells, StoreError> {
    Ok(PendingCells {
        binding: column::<Option<&[u8]>>(row, 0)?.map(|_| array(row, 0)).transpose()?,
        generation: column::<i64>(row, 1)?.cast_unsigned(),
        waiting: column(row, 2)?,
        expires_at: column(row, 3)?,
        row: column::<&[u8]>(row, 4)?.into(),
    })
}

pub(super) fn array<const N: usize>(row: &Row, index: usize) -> Result<[u8; N], StoreError> {
    let bytes = column::<&[u8]>(row, index)?.try_into();
    bytes.map_err(|_| StoreError::Unreadable { what: COLUMN, source: "it has another length".into() })
}

/// Fails where somebody else has made it something of another type.
pub(super) fn column<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T, StoreError> {
    row.try_get(index).map_err(|error| StoreError::Unreadable { what: COLUMN, source: error.into() })
}

pub(super) fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
