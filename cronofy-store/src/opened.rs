//! Grants that were opened before. The row is read every time, and while it is the same to the byte, it is not
//! opened and parsed again: most reads find tokens that nobody has changed for an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cells::GrantCells;
use crate::seal::Seal;
use crate::store::StoreError;
use crate::{Grant, GrantId};

/// How many are kept: about a megabyte. One more, and they are collected anew.
const KEPT: usize = 1024;

#[derive(Default)]
pub(crate) struct Opened(Mutex<HashMap<GrantId, Arc<Known>>>);

pub(crate) struct Known {
    cells: GrantCells,
    grant: Grant,
}

/// What a row holds.
pub(crate) enum Found {
    /// What it held before.
    AsKnown(Grant),
    /// Something else, to be opened.
    New(GrantCells),
}

impl Opened {
    pub(crate) fn find(&self, id: &GrantId) -> Option<Arc<Known>> {
        self.lock().get(id).cloned()
    }

    /// The grant that was found, opened where it has to be.
    pub(crate) fn open(&self, id: &GrantId, found: Found, seal: &Seal) -> Result<Grant, StoreError> {
        let cells = match found {
            Found::AsKnown(grant) => return Ok(grant),
            Found::New(cells) => cells,
        };
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
    /// What `row` holds: `is_as` compares it where the database has it, and `read` copies it.
    pub(crate) fn read<R>(
        row: &R,
        known: Option<&Known>,
        is_as: impl FnOnce(&R, &GrantCells) -> Result<bool, StoreError>,
        read: impl FnOnce(&R) -> Result<GrantCells, StoreError>,
    ) -> Result<Self, StoreError> {
        match known {
            Some(known) if is_as(row, &known.cells)? => Ok(Self::AsKnown(known.grant.clone())),
            _ => read(row).map(Self::New),
        }
    }
}
