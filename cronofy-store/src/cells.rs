//! How grants and waits lie in the columns of a table: alike in every database.
//!
//! A column is what a database has to find a row by, or may tell an operator. The rest is sealed in one cell, and
//! the cell is bound to the row and to the other columns of it.

mod rollout;

use std::sync::Arc;

use cronofy_types::Timestamp;

use crate::execute::PendingRow;
use crate::seal::{Place, Seal};
use crate::store::StoreError;
use crate::stored::{
    FormError, GrantState, read_pending, read_state, read_tokens, write_pending, write_state, write_tokens,
};
use crate::{Grant, GrantId, Origin, PendingId};
pub(crate) use rollout::{MailboxCells, RolloutCells, budget_cell, open_budget, stage_name};

const GRANT: &str = "a grant";
const WAIT: &str = "a pending authorization";

/// The columns of a grant besides its identifier.
pub(crate) struct GrantCells {
    /// The service account that it ends with.
    pub(crate) through: Option<Box<str>>,
    pub(crate) generation: u64,
    pub(crate) state: Box<str>,
    pub(crate) tokens: Box<[u8]>,
}

impl GrantCells {
    pub(crate) fn seal(grant: &Grant, seal: &Seal) -> Result<Self, StoreError> {
        let through = match &grant.origin {
            Origin::Delegated { through } => Some(through.as_str().into()),
            _ => None,
        };
        let state = write_state(grant).map_err(unwritable)?.into();
        let plain = write_tokens(grant.tokens.as_deref()).map_err(unwritable)?;
        let mut cells = Self { through, generation: grant.generation, state, tokens: Box::default() };
        cells.tokens = cells.place(&grant.id, |place| seal.seal(&plain, place)).map_err(about(GRANT))?.into();
        Ok(cells)
    }

    pub(crate) fn open(&self, id: GrantId, seal: &Seal) -> Result<Grant, StoreError> {
        let plain = self.place(&id, |place| seal.open(&self.tokens, place)).map_err(about(GRANT))?;
        let tokens = read_tokens(&plain).map_err(unreadable(GRANT))?.map(Arc::new);
        let GrantState { origin, phase, failures, not_before } =
            read_state(self.state.as_bytes()).map_err(unreadable(GRANT))?;
        Ok(Grant { id, origin, generation: self.generation, phase, tokens, failures, not_before })
    }

    /// Sealed anew, and otherwise as it was.
    pub(crate) fn reseal(&self, id: &GrantId, seal: &Seal) -> Result<Vec<u8>, StoreError> {
        let again = |place: &Place<'_>| seal.seal(&seal.open(&self.tokens, place)?, place);
        self.place(id, again).map_err(about(GRANT))
    }

    fn place<T>(&self, id: &GrantId, f: impl FnOnce(&Place<'_>) -> T) -> T {
        let row = [id.client_id.as_str(), id.data_center(), id.subject.as_str()].map(str::as_bytes);
        let beside = [self.state.as_bytes(), self.through.as_deref().unwrap_or_default().as_bytes()];
        let beside = if self.through.is_some() { &beside[..] } else { &beside[..1] };
        f(&Place { table: "grants", column: "tokens", row: &row, generation: self.generation, beside })
    }
}

/// The columns of a wait besides its identifier.
pub(crate) struct PendingCells {
    /// Which browser it was begun in.
    pub(crate) binding: Option<[u8; 32]>,
    /// How often it was written.
    pub(crate) generation: u64,
    pub(crate) waiting: bool,
    /// In microseconds since 1970, which is what databases count in. The instant itself is in the cell.
    pub(crate) expires_at: i64,
    pub(crate) row: Box<[u8]>,
}

impl PendingCells {
    pub(crate) fn seal(
        id: &PendingId,
        row: &PendingRow,
        binding: Option<[u8; 32]>,
        generation: u64,
        seal: &Seal,
    ) -> Result<Self, StoreError> {
        let plain = write_pending(row).map_err(unwritable)?;
        let (waiting, expires_at) = (row.is_waiting(), micros(row.expires_at));
        let mut cells = Self { binding, generation, waiting, expires_at, row: Box::default() };
        cells.row = cells.place(id, |place| seal.seal(&plain, place)).map_err(about(WAIT))?.into();
        Ok(cells)
    }

    pub(crate) fn open(&self, id: &PendingId, seal: &Seal) -> Result<PendingRow, StoreError> {
        let plain = self.place(id, |place| seal.open(&self.row, place)).map_err(about(WAIT))?;
        read_pending(&plain).map_err(unreadable(WAIT))
    }

    /// Sealed anew, and otherwise as it was.
    pub(crate) fn reseal(&self, id: &PendingId, seal: &Seal) -> Result<Vec<u8>, StoreError> {
        let again = |place: &Place<'_>| seal.seal(&seal.open(&self.row, place)?, place);
        self.place(id, again).map_err(about(WAIT))
    }

    fn place<T>(&self, id: &PendingId, f: impl FnOnce(&Place<'_>) -> T) -> T {
        let expires_at = self.expires_at.to_le_bytes();
        let waiting = [u8::from(self.waiting)];
        let beside = [&expires_at[..], &waiting, self.binding.as_ref().map_or(&[], |hash| &hash[..])];
        let beside = if self.binding.is_some() { &beside[..] } else { &beside[..2] };
        f(&Place { table: "pending", column: "row", row: &[&id.0], generation: self.generation, beside })
    }
}

/// Rounded down, so that nothing is taken to be over before it is.
pub(crate) fn micros(instant: Timestamp) -> i64 {
    instant.unix_seconds() * 1_000_000 + i64::from(instant.subsec_nanoseconds() / 1000)
}

fn about(what: &'static str) -> impl Fn(crate::seal::SealError) -> StoreError {
    move |error| error.about(what)
}

fn unreadable(what: &'static str) -> impl Fn(FormError) -> StoreError {
    move |error| StoreError::Unreadable { what, source: error.into() }
}

fn unwritable(error: FormError) -> StoreError {
    StoreError::Unavailable { doing: "write a value in its stored form", source: error.into() }
}
