//! Sealing everything anew, while a store is in use: how far, and in which order, alike in every database.

use crate::store::StoreError;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rekeyed {
    /// How many rows were sealed anew.
    pub done: u64,
    /// How many are sealed with other keys than the first one.
    pub left: u64,
}

/// How many rows are sealed anew in one transaction: little enough for a sign-in not to wait. In tests there
/// are several batches of the few rows that they have.
pub(crate) const BATCH: i64 = if cfg!(test) { 2 } else { 64 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Grants,
    Pending,
    Rollouts,
    Mailboxes,
}

/// What became of some rows of a table. `K` is what rows are in the order of.
pub(crate) struct Batch<K> {
    pub(crate) done: u64,
    /// The last row that was looked at; none where there was no more.
    pub(crate) last: Option<K>,
    pub(crate) refused: Option<StoreError>,
}

impl<K> Default for Batch<K> {
    fn default() -> Self {
        Self { done: 0, last: None, refused: None }
    }
}

/// Goes from batch to batch through every table. `batch` seals the rows anew that come after the one that it is
/// given, and `left` counts those that are still to be sealed.
pub(crate) fn walk<K>(
    left: impl Fn() -> Result<u64, StoreError>,
    mut batch: impl FnMut(Table, Option<K>) -> Result<Batch<K>, StoreError>,
    mut progress: impl FnMut(Rekeyed),
) -> Result<Rekeyed, StoreError> {
    let mut at = Rekeyed { done: 0, left: left()? };
    let mut refused = None;
    for table in [Table::Grants, Table::Pending, Table::Rollouts, Table::Mailboxes] {
        let mut after = None;
        loop {
            let batch = batch(table, after)?;
            if batch.last.is_none() {
                break;
            }
            after = batch.last;
            at = Rekeyed { done: at.done + batch.done, left: at.left.saturating_sub(batch.done) };
            refused = refused.or(batch.refused);
            progress(at);
        }
    }
    match refused {
        Some(error) => Err(error),
        None => Ok(Rekeyed { done: at.done, left: left()? }),
    }
}
