//! Telling others what became of a grant.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::GrantId;
use crate::decide::grant::Reason;

/// What became of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A new authorization is in the store.
    Authorized(GrantId),
    /// New tokens are in the store.
    Refreshed(GrantId),
    /// New tokens are there, and the store does not take them. They are offered to it until it does.
    Unsaved(GrantId),
    /// Only the user can bring it back.
    NeedsReconnect(GrantId, Reason),
    /// It was revoked.
    Revoked(GrantId),
}

type Heed<E> = Arc<dyn Fn(&E) + Send + Sync>;

/// Everybody who is told of every `E`.
pub(crate) struct Subscribers<E> {
    next: AtomicU64,
    all: Mutex<Vec<(u64, Heed<E>)>>,
}

impl<E> Default for Subscribers<E> {
    fn default() -> Self {
        Self { next: AtomicU64::default(), all: Mutex::default() }
    }
}

impl<E: 'static> Subscribers<E> {
    pub(crate) fn add(this: &Arc<Self>, heed: impl Fn(&E) + Send + Sync + 'static) -> Subscription {
        let number = this.next.fetch_add(1, Ordering::Relaxed);
        this.all().push((number, Arc::new(heed)));
        let this: Weak<Self> = Arc::downgrade(this);
        Subscription { number, subscribers: this }
    }

    pub(crate) fn tell(&self, event: &E) {
        // Called without the lock: whoever is told may subscribe, or end their subscription.
        let all: Vec<Heed<E>> = self.all().iter().map(|(_, heed)| Arc::clone(heed)).collect();
        for heed in all {
            heed(event);
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<(u64, Heed<E>)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Subscribers, whatever they are told.
trait Forget: Send + Sync {
    fn forget(&self, number: u64);
}

impl<E: 'static> Forget for Subscribers<E> {
    fn forget(&self, number: u64) {
        self.all().retain(|(other, _)| *other != number);
    }
}

/// Ends when it is dropped.
#[must_use = "it ends when it is dropped"]
pub struct Subscription {
    number: u64,
    subscribers: Weak<dyn Forget>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(subscribers) = self.subscribers.upgrade() {
            subscribers.forget(self.number);
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
