//! Telling others how a roll-out goes.

use std::sync::PoisonError;

use cronofy_types::EmailAddress;

use super::{Ended, Onboarding};
use crate::GrantId;
use crate::rollout::{Paused, Reason};

/// What happened to a roll-out in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// One request asked for so many mailboxes, and was accepted.
    Asked {
        /// How many.
        count: usize,
    },
    /// A mailbox was asked for again: no callback had come, or its code was dead.
    AskedAgain {
        /// Whose.
        address: EmailAddress,
        /// Which attempt this was, from one.
        attempt: u32,
    },
    /// A callback came, and was kept.
    Came,
    /// A code was dead, as one is that a process redeemed and died before it could keep the tokens. The mailbox is
    /// asked for again.
    NotRedeemed {
        /// Whose.
        address: EmailAddress,
        /// What the server said.
        why: Box<str>,
    },
    /// Access was granted, and its tokens are in the store.
    Authorized {
        /// Whose.
        address: EmailAddress,
        /// Its grant.
        id: GrantId,
    },
    /// Nothing came of a mailbox.
    Failed {
        /// Whose.
        address: EmailAddress,
        /// Why.
        reason: Reason,
    },
    /// It stands still.
    Paused(Paused),
    /// It goes on.
    Resumed,
    /// Each mailbox is granted or has failed.
    Finished,
}

/// How it stood when that was last told: every worker finds it out, and it is told once.
pub(super) type Told = Option<Ended>;

impl<T> Onboarding<T> {
    pub(super) fn tell(&self, event: &Event) {
        self.0.subscribers.tell(event);
    }

    /// Tells that it stands still or is finished, or goes on, unless that was told.
    pub(super) fn tell_standing(&self, standing: Option<&Ended>) {
        let before = {
            let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.as_ref() == standing {
                return;
            }
            std::mem::replace(&mut *told, standing.cloned())
        };
        match (before, standing) {
            (_, Some(Ended::Finished)) => self.tell(&Event::Finished),
            (_, Some(Ended::Paused(why))) => self.tell(&Event::Paused(why.clone())),
            (Some(Ended::Paused(_)), None) => self.tell(&Event::Resumed),
            (_, None) => {}
        }
    }
}
