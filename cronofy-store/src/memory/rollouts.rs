//! Roll-outs in memory: the mailboxes, and by what they are found.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use cronofy_types::Timestamp;

use crate::PendingId;
use crate::rollout::{AddressHash, Mailbox, Rollout, RolloutId, Stage};

const EARLIEST: Timestamp = Timestamp::from_unix_seconds(i64::MIN);

#[derive(Default)]
pub(super) struct Rollouts {
    kept: BTreeMap<RolloutId, Kept>,
    waiting: BTreeMap<PendingId, (RolloutId, u32)>,
}

struct Kept {
    rollout: Rollout,
    /// By their position, which counts from zero.
    mailboxes: Vec<Mailbox>,
    due: BTreeSet<(Stage, Timestamp, u32)>,
    addresses: BTreeSet<AddressHash>,
}

impl Kept {
    fn mailbox(&self, position: u32) -> Option<Mailbox> {
        self.mailboxes.get(place(position)).cloned()
    }
}

impl Rollouts {
    pub(super) fn get(&self, id: &RolloutId) -> Option<Rollout> {
        self.kept.get(id).map(|kept| kept.rollout.clone())
    }

    pub(super) fn put(&mut self, id: RolloutId, rollout: &Rollout) {
        let new = || Kept {
            rollout: rollout.clone(),
            mailboxes: Vec::new(),
            due: BTreeSet::new(),
            addresses: BTreeSet::new(),
        };
        self.kept.entry(id).or_insert_with(new).rollout.clone_from(rollout);
    }

    pub(super) fn forget(&mut self, id: &RolloutId) {
        let Some(kept) = self.kept.get_mut(id) else { return };
        for mailbox in mem::take(&mut kept.mailboxes) {
            self.waiting.remove(&mailbox.wait);
        }
        kept.due.clear();
        kept.addresses.clear();
    }

    pub(super) fn mailboxes(&self, id: &RolloutId, positions: &[u32]) -> Vec<Mailbox> {
        let Some(kept) = self.kept.get(id) else { return Vec::new() };
        positions.iter().filter_map(|position| kept.mailbox(*position)).collect()
    }

    pub(super) fn after(&self, id: &RolloutId, after: Option<u32>, limit: usize) -> Vec<Mailbox> {
        let Some(kept) = self.kept.get(id) else { return Vec::new() };
        let first = after.map_or(0, |after| place(after).saturating_add(1));
        kept.mailboxes.iter().skip(first).take(limit).cloned().collect()
    }

    pub(super) fn due(&self, id: &RolloutId, stage: Stage, by: Timestamp, limit: usize) -> Vec<Mailbox> {
        let Some(kept) = self.kept.get(id) else { return Vec::new() };
        let due = kept.due.range((stage, EARLIEST, 0)..=(stage, by, u32::MAX)).take(limit);
        due.filter_map(|(_, _, position)| kept.mailbox(*position)).collect()
    }

    pub(super) fn put_mailbox(&mut self, id: &RolloutId, mailbox: &Mailbox) {
        let Some(kept) = self.kept.get_mut(id) else { return };
        let before = if let Some(kept) = kept.mailboxes.get_mut(place(mailbox.position)) {
            Some(mem::replace(kept, mailbox.clone()))
        } else {
            kept.mailboxes.push(mailbox.clone());
            None
        };
        if let Some(before) = before.as_ref().and_then(entry) {
            kept.due.remove(&before);
        }
        kept.due.extend(entry(mailbox));
        if before.is_none() {
            kept.addresses.insert(mailbox.hash);
        }
        if before.as_ref().is_none_or(|before| before.wait != mailbox.wait) {
            if let Some(before) = before {
                self.waiting.remove(&before.wait);
            }
            self.waiting.insert(mailbox.wait, (*id, mailbox.position));
        }
    }

    pub(super) fn known(&self, id: &RolloutId, addresses: &[AddressHash]) -> BTreeSet<AddressHash> {
        let Some(kept) = self.kept.get(id) else { return BTreeSet::new() };
        addresses.iter().filter(|address| kept.addresses.contains(address)).copied().collect()
    }

    pub(super) fn waiting(&self, wait: &PendingId) -> Option<(RolloutId, u32)> {
        self.waiting.get(wait).copied()
    }
}

fn place(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn entry(mailbox: &Mailbox) -> Option<(Stage, Timestamp, u32)> {
    let phase = &mailbox.row.phase;
    phase.due().map(|due| (phase.stage(), due, mailbox.position))
}
