//! Grants that were opened before. The row is read every time, and while it is the same to the byte, it is not
//! opened and parsed again: most reads find tokens that nobody has changed for an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Row;

use super::error::failed;
use super::transaction::grant_cells;
use crate::cells::GrantCells;
use crate::seal::Seal;
use crate::store::StoreError;
use crate::{Grant, GrantId};

/// How many are kept: about a megabyte. One more, and they are collected anew.
const KEPT: usize = 1024;

#[derive(Default)]
pub(super) struct Opened(Mutex<HashMap<GrantId, Arc<Known>>>);

pub(super) struct Known {
    cells: GrantCells,
    grant: Grant,
}

/// What a row holds.
pub(super) enum Found {
    /// What it held before.
    AsKnown(Grant),
    /// Something else, to be opened.
    New(GrantCells),
}

impl Opened {
    pub(super) fn find(&self, id: &GrantId) -> Option<Arc<Known>> {
        self.lock().get(id).cloned()
    }

    pub(super) fn open(&self, id: &GrantId, cells: GrantCells, seal: &Seal) -> Result<Grant, StoreError> {
        let grant = cells.open(id.clone(), seal)?;
        let known = Arc::new(Known { cells, grant: grant.clone() });
        let mut opened = self.lock();
        if opened.len() >= KEPT {
            opened.clear();
        }
        opened.insert(id.clone(), known);
        Ok(grant)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<GrantId, Arc<Known>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Found {
    pub(super) fn read(row: &Row<'_>, known: Option<&Known>) -> Result<Self, StoreError> {
        match known {
            Some(known) if is_as(row, &known.cells).map_err(failed("read"))? => {
                Ok(Self::AsKnown(known.grant.clone()))
            }
            _ => grant_cells(row).map(Self::New),
        }
    }
}

/// Looked at where SQLite has it, and not copied.
fn is_as(row: &Row<'_>, cells: &GrantCells) -> rusqlite::Result<bool> {
    Ok(row.get_ref(3)?.as_bytes_or_null().ok() == Some(Some(&*cells.tokens))
        && row.get_ref(2)?.as_str().ok() == Some(&*cells.state)
        && row.get_ref(1)?.as_i64().ok() == Some(cells.generation.cast_signed())
        && row.get_ref(0)?.as_str_or_null().ok() == Some(cells.through.as_deref()))
}
