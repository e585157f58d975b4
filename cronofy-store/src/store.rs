//! The contract: one method, one question at a time, each answered by one transaction.
//!
//! Neither blocking nor asynchronous: a store is asked, and tells the answer when it has one, on whatever thread it
//! has it. [`ask`] waits for it as a future, with any runtime or none, and [`ask_blocking`] by blocking.

use core::fmt;
use core::future::Future;
use std::sync::Arc;

use cronofy_auth_core::token::TokenSet;
use cronofy_types::{DelegationCallback, Sub};

use crate::decide::{grant, pending};
use crate::rollout::{self, RolloutId};
use crate::{Grant, GrantId, Origin, Outcome, Pending, PendingId};

/// Keeps grants and pending values where a crash does not reach them.
///
/// Whatever it tells is durable: a write that was answered survives the loss of power, where the store is on a disk
/// at all. Whatever it is asked happens as a whole or not at all. `crate::suite` checks both.
pub trait Store: Send + Sync + 'static {
    /// Does as `ask` says, in one transaction, and tells `answer` once it is durable.
    ///
    /// It must not block on another question: whoever asks may be its own thread.
    fn submit(&self, ask: Ask, answer: Answer);
}

/// What a store is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Ask {
    /// A grant as it is.
    Grant(GrantId),
    /// To decide a command about a grant that is there.
    Decide(GrantId, grant::Command<Arc<TokenSet>>),
    /// To keep a new authorization, or to put it in the place of the one that is there.
    Authorize {
        /// Which one.
        id: GrantId,
        /// How it came about.
        origin: Origin,
        /// Its tokens.
        tokens: Arc<TokenSet>,
    },
    /// The same, in the place of this generation alone, or of nothing (0): what was put there since stays, and
    /// [`Stale`](grant::Reply::Stale) is told. For an authorization that could not be kept at once.
    AuthorizeOver {
        /// The generation that it is to replace.
        generation: u64,
        /// Which one.
        id: GrantId,
        /// How it came about.
        origin: Origin,
        /// Its tokens.
        tokens: Arc<TokenSet>,
    },
    /// To mark every grant that a service account made as ended. Tells which were.
    EndDelegated {
        /// The service account's own grant.
        through: GrantId,
    },
    /// Grants in the order of their identifiers, from the one after `after`.
    Grants {
        /// The last one of the page before.
        after: Option<GrantId>,
        /// How many at most.
        limit: usize,
    },
    /// To wait for the outside world. `binding` names the browser that it was begun in, and `most` says how many may
    /// wait for one browser: the oldest give way.
    Begin {
        /// What waits.
        pending: Pending,
        /// Which browser.
        binding: Option<Binding>,
    },
    /// To wait for all of these, in one transaction. What of the same state is there already stays as it is.
    BeginAll(Vec<Pending>),
    /// To decide about something that waits.
    Redeem(PendingId, pending::Command<Pending, Outcome>),
    /// To end a wait and to keep the tokens that came of it, both or neither.
    Finish {
        /// What waited.
        id: PendingId,
        /// The grant, with how it came about and its tokens.
        grant: (GrantId, Origin, Arc<TokenSet>),
    },
    /// To forget what nobody will ask for any more: at most `limit` of it.
    Sweep {
        /// How many at most.
        limit: usize,
    },
    /// What a roll-out is told to do.
    Rollout(RolloutId, rollout::Command),
    /// A callback came, and was verified. It is kept for the mailbox that is asked for with that state, of whichever
    /// roll-out; Cronofy may be answered once this is told. Told are [`Taken`](rollout::Reply::Taken),
    /// [`Known`](rollout::Reply::Known), or [`Absent`](rollout::Reply::Absent) where no roll-out asks with that
    /// state, or does so no longer.
    Came {
        /// The wait of the callback's state.
        wait: PendingId,
        /// What came.
        callback: Arc<DelegationCallback>,
    },
}

/// A browser, by a hash of whatever the application binds a sign-in to, and how many sign-ins it may have begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Binding {
    /// Which one.
    pub hash: [u8; 32],
    /// How many may wait at once.
    pub most: usize,
}

/// What a store tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Told {
    /// To [`Ask::Grant`].
    Grant(Option<Box<Grant>>),
    /// To [`Ask::Decide`], [`Ask::Authorize`] and [`Ask::AuthorizeOver`].
    Decided(grant::Reply),
    /// To [`Ask::EndDelegated`].
    Ended(Vec<Sub>),
    /// To [`Ask::Grants`].
    Grants(Vec<Grant>),
    /// To [`Ask::Begin`], [`Ask::Redeem`] and [`Ask::Finish`].
    Redeemed(pending::Reply<Pending, Outcome>),
    /// To [`Ask::BeginAll`]: how many were not there before.
    Begun(usize),
    /// To [`Ask::Sweep`]: how much was forgotten.
    Swept(usize),
    /// To [`Ask::Rollout`] and [`Ask::Came`].
    Rollout(rollout::Reply),
}

/// Where a store tells the answer.
pub struct Answer {
    sender: oneshot::Sender<Result<Told, StoreError>>,
    is_waited_for: bool,
}

impl Answer {
    /// Whether whoever asks blocks the thread that [`submit`](Store::submit) is called on until there is an answer.
    /// Whatever has to be waited for may then be waited for in there, which spares waking another thread.
    pub fn is_waited_for(&self) -> bool {
        self.is_waited_for
    }

    /// Tells it. Whoever asked may have gone away; that is no error.
    pub fn tell(self, told: Result<Told, StoreError>) {
        // The receiver is dropped where a caller gave up waiting.
        let _ = self.sender.send(told);
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}

/// Asks, and waits without blocking. What was asked happens even where the future is dropped.
pub fn ask(store: &dyn Store, ask: Ask) -> impl Future<Output = Result<Told, StoreError>> + Send + use<> {
    let (sender, receiver) = oneshot::async_channel();
    store.submit(ask, Answer { sender, is_waited_for: false });
    async move { receiver.await.unwrap_or(Err(StoreError::Gone)) }
}

/// Asks, and blocks until the answer is there.
pub fn ask_blocking(store: &dyn Store, ask: Ask) -> Result<Told, StoreError> {
    let (sender, receiver) = oneshot::channel();
    store.submit(ask, Answer { sender, is_waited_for: true });
    receiver.recv().unwrap_or(Err(StoreError::Gone))
}

/// What a database said.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a store could not do as it was asked. Nothing of it happened, except where it says that this is unknown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else wrote for longer than the store waits. Worth another try.
    #[error("the store is busy: somebody else has been writing for too long")]
    Busy(#[source] Cause),
    /// There is no room on the disk, or in what the store may take of it.
    #[error("the store is full")]
    Full(#[source] Cause),
    /// It can be read and not written.
    #[error("the store is read-only")]
    ReadOnly(#[source] Cause),
    /// The database did not do it, for another reason.
    #[error("the store could not {doing}")]
    Unavailable {
        /// What it was at.
        doing: &'static str,
        /// What the database said.
        #[source]
        source: Cause,
    },
    /// It failed while a transaction was being ended. That happened or it did not: read, and see.
    #[error("the store failed while it ended a transaction; whether that was written is unknown")]
    Unknown(#[source] Cause),
    /// It is there, and sealed with a key that this store was not given.
    #[error("what is stored of {what} is sealed with key {key}, which was not given")]
    MissingKey {
        /// What it is about.
        what: &'static str,
        /// The key, as `KeyId` shows it.
        key: Box<str>,
    },
    /// It is there, and cannot be read: it was damaged, tampered with, or written by a newer release.
    #[error("what is stored of {what} cannot be read")]
    Unreadable {
        /// What it is about.
        what: &'static str,
        /// Why not.
        #[source]
        source: Cause,
    },
    /// A newer release made the tables.
    #[error("the store has version {found}, and this library knows versions up to {known}")]
    Newer {
        /// The version that was found.
        found: i64,
        /// The newest one that can be used.
        known: i64,
    },
    /// What was opened holds something else.
    #[error("it is no store of this library")]
    Foreign,
    /// The store was closed before it answered.
    #[error("the store is closed")]
    Gone,
}
