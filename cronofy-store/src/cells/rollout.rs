//! How roll-outs, their mailboxes and budgets lie in columns.

use super::{about, micros, unreadable, unwritable};
use crate::PendingId;
use crate::decide::budget;
use crate::rollout::{AddressHash, Mailbox, Rollout, RolloutId, Stage};
use crate::seal::{Place, Seal};
use crate::store::StoreError;
use crate::stored::{read_budget, read_mailbox, read_rollout, write_budget, write_mailbox, write_rollout};

const ROLLOUT: &str = "a roll-out";
const MAILBOX: &str = "a mailbox of a roll-out";
const BUDGET: &str = "a budget";

/// The columns of a roll-out besides its identifier.
pub(crate) struct RolloutCells {
    /// How often it was written.
    pub(crate) generation: u64,
    pub(crate) row: Box<[u8]>,
}

impl RolloutCells {
    pub(crate) fn seal(
        id: &RolloutId,
        rollout: &Rollout,
        generation: u64,
        seal: &Seal,
    ) -> Result<Self, StoreError> {
        let plain = write_rollout(rollout).map_err(unwritable)?;
        let mut cells = Self { generation, row: Box::default() };
        cells.row = cells.place(id, |place| seal.seal(&plain, place)).map_err(about(ROLLOUT))?.into();
        Ok(cells)
    }

    pub(crate) fn open(&self, id: &RolloutId, seal: &Seal) -> Result<Rollout, StoreError> {
        let plain = self.place(id, |place| seal.open(&self.row, place)).map_err(about(ROLLOUT))?;
        read_rollout(&plain).map_err(unreadable(ROLLOUT))
    }

    /// Sealed anew, and otherwise as it was.
    pub(crate) fn reseal(&self, id: &RolloutId, seal: &Seal) -> Result<Vec<u8>, StoreError> {
        let again = |place: &Place<'_>| seal.seal(&seal.open(&self.row, place)?, place);
        self.place(id, again).map_err(about(ROLLOUT))
    }

    fn place<T>(&self, id: &RolloutId, f: impl FnOnce(&Place<'_>) -> T) -> T {
        let (row, generation) = (&[&id.0[..]], self.generation);
        f(&Place { table: "rollouts", column: "row", row, generation, beside: &[] })
    }
}

/// The columns of a mailbox besides its roll-out.
pub(crate) struct MailboxCells {
    pub(crate) position: u32,
    pub(crate) address: [u8; 16],
    pub(crate) wait: [u8; 32],
    /// As [`stage_name`] has it.
    pub(crate) stage: Box<str>,
    /// In microseconds since 1970; none where it is over. The instant itself is in the cell.
    pub(crate) due: Option<i64>,
    pub(crate) generation: u64,
    pub(crate) row: Box<[u8]>,
}

impl MailboxCells {
    pub(crate) fn seal(id: &RolloutId, mailbox: &Mailbox, seal: &Seal) -> Result<Self, StoreError> {
        let plain = write_mailbox(&mailbox.address, &mailbox.row).map_err(unwritable)?;
        let phase = &mailbox.row.phase;
        let mut cells = Self {
            position: mailbox.position,
            address: mailbox.hash.0,
            wait: mailbox.wait.0,
            stage: stage_name(phase.stage()).into(),
            due: phase.due().map(micros),
            generation: mailbox.row.generation,
            row: Box::default(),
        };
        cells.row = cells.place(id, |place| seal.seal(&plain, place)).map_err(about(MAILBOX))?.into();
        Ok(cells)
    }

    pub(crate) fn open(&self, id: &RolloutId, seal: &Seal) -> Result<Mailbox, StoreError> {
        let plain = self.place(id, |place| seal.open(&self.row, place)).map_err(about(MAILBOX))?;
        let (address, row) = read_mailbox(&plain, self.generation).map_err(unreadable(MAILBOX))?;
        let (hash, wait) = (AddressHash(self.address), PendingId(self.wait));
        Ok(Mailbox { position: self.position, address, hash, wait, row })
    }

    /// Sealed anew, and otherwise as it was.
    pub(crate) fn reseal(&self, id: &RolloutId, seal: &Seal) -> Result<Vec<u8>, StoreError> {
        let again = |place: &Place<'_>| seal.seal(&seal.open(&self.row, place)?, place);
        self.place(id, again).map_err(about(MAILBOX))
    }

    fn place<T>(&self, id: &RolloutId, f: impl FnOnce(&Place<'_>) -> T) -> T {
        let (position, due) = (self.position.to_le_bytes(), self.due.map(i64::to_le_bytes));
        let beside =
            [&self.address[..], &self.wait, self.stage.as_bytes(), due.as_ref().map_or(&[], |due| &due[..])];
        let beside = if due.is_some() { &beside[..] } else { &beside[..3] };
        let row = [&id.0[..], &position];
        f(&Place { table: "mailboxes", column: "row", row: &row, generation: self.generation, beside })
    }
}

/// The column of a budget besides its identifier: in plain text, it tells nothing about anybody.
pub(crate) fn budget_cell(row: &budget::Row) -> Result<String, StoreError> {
    write_budget(row).map_err(unwritable)
}

pub(crate) fn open_budget(cell: &str) -> Result<budget::Row, StoreError> {
    read_budget(cell.as_bytes()).map_err(unreadable(BUDGET))
}

/// A stage in the words of an operator.
pub(crate) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Queued => "queued",
        Stage::Asked => "asked",
        Stage::Came => "came",
        Stage::Granted => "granted",
        Stage::Failed => "failed",
    }
}
