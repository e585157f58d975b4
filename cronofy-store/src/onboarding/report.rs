//! How far a roll-out is, and what became of each mailbox.

use cronofy_types::EmailAddress;

use super::{Onboarding, OnboardingError};
use crate::GrantId;
use crate::manager::Background;
use crate::rollout::{Command, Mailbox, Paused, Phase, Reason, Reply, Stage};

/// How far a roll-out is: how many mailboxes are where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Progress {
    /// To be asked for.
    pub queued: u32,
    /// Asked for; the callback is awaited.
    pub asked: u32,
    /// The callback came, and its code is to be redeemed.
    pub came: u32,
    /// Access was granted.
    pub authorized: u32,
    /// Nothing came of them.
    pub failed: u32,
    /// Why it stands still, if it does.
    pub paused: Option<Paused>,
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The address, as it was first added.
    pub address: EmailAddress,
    /// What became of it.
    pub standing: Standing,
}

/// What became of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Nothing yet.
    Open(Stage),
    /// Access was granted: its tokens are in the store.
    Granted(GrantId),
    /// Nothing came of it, and why.
    Failed(Reason),
}

/// How many mailboxes are read at once.
const PAGE: usize = 500;

impl<T: Background> Onboarding<T> {
    /// How far it is.
    ///
    /// # Errors
    ///
    /// Where the store failed.
    pub async fn progress(&self) -> Result<Progress, OnboardingError> {
        let Reply::Status { rollout, .. } = self.command(Command::Status).await? else {
            return Ok(Progress::default());
        };
        let counts = rollout.counts;
        Ok(Progress {
            queued: counts.queued,
            asked: counts.asked,
            came: counts.came,
            authorized: counts.granted,
            failed: counts.failed,
            paused: rollout.paused,
        })
    }

    /// Tells what became of each mailbox, in the order in which they were added. Any number of them: they are read page by
    /// page, so one that changes meanwhile is told as it is when its page is read.
    ///
    /// # Errors
    ///
    /// Where the store failed.
    pub async fn report(&self, mut tell: impl FnMut(Entry)) -> Result<(), OnboardingError> {
        let mut after = None;
        loop {
            let page = match self.command(Command::Page { after, limit: PAGE }).await? {
                Reply::Page(page) if !page.is_empty() => page,
                _ => return Ok(()),
            };
            for mailbox in page {
                after = Some(mailbox.position);
                tell(self.entry(mailbox));
            }
        }
    }

    fn entry(&self, mailbox: Mailbox) -> Entry {
        let standing = match mailbox.row.phase {
            Phase::Granted(subject) => Standing::Granted(GrantId::new(self.0.manager.app(), subject)),
            Phase::Failed(reason) => Standing::Failed(reason),
            phase => Standing::Open(phase.stage()),
        };
        Entry { address: mailbox.address, standing }
    }
}
