//! A roll-out: a list of mailboxes that access is asked for, kept in the store until each is granted or has failed.
//!
//! Any number of workers, in any number of processes, carry one out. Each does this, again and again:
//!
//! ```text
//!   worker                                  store, in one transaction each            Cronofy
//!     |--- Claim ------------------------------>| what is due, a permit to send           |
//!     |<-- Work::Ask { mailboxes, wait } -------|                                         |
//!     |    begins a wait for each of them       |                                         |
//!     |    waits, and sends ------------------------------------------------------------->|
//!     |<--------------------------------------------------------------------------- 202 --|
//!     |--- Report: Asked ---------------------->|                                         |
//!     |                                         |<-- Ask::Came <--- callback, any process |
//!     |--- Claim ------------------------------>|                                         |
//!     |<-- Work::Redeem { callback, wait } -----|                                         |
//!     |    waits, and redeems, by the wait of that state -------------------------------->|
//!     |--- Report: Granted -------------------->|                                         |
//! ```
//!
//! Whatever is done twice does no harm: the code is redeemed by the wait of its `state`, once, and its outcome is told
//! to whoever asks. So a worker that dies is followed by another once its lease has run out.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use cronofy_types::{CallbackUrl, DelegationCallback, EmailAddress, ProfileId, Scopes, State, Sub};
use sha2::{Digest as _, Sha256};

pub use crate::decide::budget::Limits;
pub use crate::decide::mailbox::{Phase, Reason, Report, Row, Stage};
use crate::{GrantId, PendingId};

/// Which roll-out: a hash of the application, the data center and the name that it was given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RolloutId(pub [u8; 16]);

impl RolloutId {
    /// The roll-out of that name that goes through `through`, or through anybody else of the same application and data
    /// center.
    pub fn new(through: &GrantId, name: &str) -> Self {
        Self(half(&[
            b"roll-out",
            through.client_id.as_str().as_bytes(),
            through.data_center().as_bytes(),
            name.as_bytes(),
        ]))
    }
}

impl fmt::Debug for RolloutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RolloutId({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// Whose requests are counted together: those of one application in one data center.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BudgetId(pub [u8; 16]);

impl BudgetId {
    /// Of the application that this grant belongs to.
    pub fn of(grant: &GrantId) -> Self {
        Self(half(&[b"budget", grant.client_id.as_str().as_bytes(), grant.data_center().as_bytes()]))
    }
}

impl fmt::Debug for BudgetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BudgetId({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// What is asked for, and through whom: the same for all mailboxes of a roll-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The grant whose token asks: of a service account (Enterprise Connect), or of a primary account (Business
    /// Connect).
    pub through: GrantId,
    /// The profile of the primary account; none where it is a service account.
    pub profile: Option<ProfileId>,
    /// Where callbacks go.
    pub callback_url: CallbackUrl,
    /// What is asked for.
    pub scope: Scopes,
}

/// 32 bytes of a secure random source, from which the states of a roll-out are made. Sealed where anything is, and
/// hidden by `Debug`: whoever has it can answer in Cronofy's place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl Seed {
    /// As a roll-out keeps it: two that were begun with one seed have no state in common.
    pub(crate) fn of(self, id: &RolloutId) -> Self {
        Self(hash(&[b"seed", &self.0, &id.0]))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed([redacted])")
    }
}

/// Why a roll-out stands still, for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Paused {
    /// Somebody asked for it.
    #[error("somebody paused it")]
    ByHand,
    /// The grant that it goes through has ended: an administrator has to connect again.
    #[error("the grant that it goes through has ended: {0}")]
    Ended(Box<str>),
    /// The application's plan does not go that far (402).
    #[error("payment is required: {0}")]
    PaymentRequired(Box<str>),
    /// The application, or the account that it goes through, may not do this (403).
    #[error("it is forbidden: {0}")]
    Forbidden(Box<str>),
}

/// How many mailboxes are in each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub struct Counts {
    /// To be asked for.
    pub queued: u32,
    /// Asked for; the callback is awaited.
    pub asked: u32,
    /// The callback came.
    pub came: u32,
    /// Access was granted.
    pub granted: u32,
    /// Nothing came of them.
    pub failed: u32,
}

impl Counts {
    /// All mailboxes.
    pub fn total(&self) -> u32 {
        self.open().saturating_add(self.granted).saturating_add(self.failed)
    }

    /// Those that are neither granted nor failed.
    pub fn open(&self) -> u32 {
        self.queued.saturating_add(self.asked).saturating_add(self.came)
    }

    pub(crate) fn of(&mut self, stage: Stage) -> &mut u32 {
        match stage {
            Stage::Queued => &mut self.queued,
            Stage::Asked => &mut self.asked,
            Stage::Came => &mut self.came,
            Stage::Granted => &mut self.granted,
            Stage::Failed => &mut self.failed,
        }
    }
}

/// A roll-out, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// What is asked for, and through whom.
    pub settings: Settings,
    /// What its states are made of.
    pub seed: Seed,
    /// How far it is. New mailboxes take the places from [`Counts::total`] on.
    pub counts: Counts,
    /// Why it stands still, if it does.
    pub paused: Option<Paused>,
    /// Whether it was forgotten: this is all that is left of it.
    pub forgotten: bool,
}

impl Rollout {
    /// The `state` that the mailbox at `position` is asked for with in that round.
    pub fn state(&self, position: u32, round: u32) -> State {
        let place = [position.to_le_bytes(), round.to_le_bytes()].concat();
        State::from_random(half(&[b"state", &self.seed.0, &place]))
    }

    /// The name of an address in the store, which tells nothing to whoever has not the seed. Spaces around it and the
    /// case of ASCII letters make no difference.
    pub fn address_hash(&self, address: &EmailAddress) -> AddressHash {
        AddressHash(half(&[
            b"address",
            &self.seed.0,
            address.as_str().trim().to_ascii_lowercase().as_bytes(),
        ]))
    }
}

/// Which address, within one roll-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressHash(pub [u8; 16]);

/// A mailbox of a roll-out, as it is kept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mailbox {
    /// Its place in the list, from zero, for ever.
    pub position: u32,
    /// As it was first added.
    pub address: EmailAddress,
    /// What it is found by when it is added again.
    pub hash: AddressHash,
    /// What it is found by when a callback comes: the wait of the state that it is asked for with.
    pub wait: PendingId,
    /// How far it is. Where it was granted, the subject of the grant: of the same application and data center as the
    /// one that it went through.
    pub row: Row<Arc<DelegationCallback>, Sub>,
}

/// What a roll-out is told to do. Answered with a [`Reply`]; with [`Reply::Absent`] where it was not begun, or was
/// forgotten.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Command {
    /// To begin. Where it was begun before with the same settings, nothing changes, and the seed is not used.
    /// Answered with [`Reply::Begun`] or [`Reply::Different`].
    Begin {
        /// What is asked for, and through whom.
        settings: Settings,
        /// 32 new random bytes.
        seed: Seed,
    },
    /// To add mailboxes, at the end. One whose address is there already is left as it is. At most a thousand at a
    /// time, so that nobody waits for long. Answered with [`Reply::Added`].
    Add(Vec<EmailAddress>),
    /// To be given something to do. Answered with [`Reply::Claimed`].
    Claim(Claim),
    /// To report what came of a claim. A report about several mailboxes is that of the one request that named them.
    /// Answered with [`Reply::Reported`].
    Report {
        /// What was claimed.
        tickets: Vec<Ticket>,
        /// What came of it. [`Report::Granted`] names the subject of the grant.
        report: Report<Sub>,
    },
    /// To stand still, for all workers, and why. What was claimed before may still be reported, and callbacks are
    /// still taken. Where it stands still already, the first reason stays. Answered with [`Reply::Done`].
    Pause(Paused),
    /// To go on. Answered with [`Reply::Done`].
    Resume,
    /// The server said 429: nobody sends before that time has passed, in this and every other roll-out of the
    /// application in the data center. Where it did not say how long, a minute, and longer the longer this goes on.
    /// Requests that have their permit already may follow, for five seconds at the most. Answered with
    /// [`Reply::Done`].
    Slower {
        /// What the server said (`Retry-After`). More than an hour is taken for an hour.
        asked: Option<Duration>,
    },
    /// How far it is. Answered with [`Reply::Status`].
    Status,
    /// Mailboxes in the order of their positions, from the one after `after`. Answered with [`Reply::Page`].
    Page {
        /// The last one of the page before.
        after: Option<u32>,
        /// How many at most.
        limit: usize,
    },
    /// To forget all of its mailboxes, for ever: it can be begun no more. Grants stay. Answered with [`Reply::Done`], or
    /// with [`Reply::Open`].
    ///
    /// All of them go at once: what is left of a list would be asked for with states that have had an answer. And its
    /// name is used up: another one under it would take a late report about this one for its own.
    Forget,
}

/// What a worker says about itself when it asks for something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// How long the worker may take from when it may send to its report. Longer than the call can take, with all its
    /// tries: after that somebody else does it.
    pub lease: Duration,
    /// No more are asked for while callbacks of so many are awaited or to be redeemed: a code lives for about ten
    /// minutes, so there should not be more than can be redeemed in that time. Requests for which no callback came in
    /// time do not count.
    pub outstanding: u32,
    /// How many requests the application may send. The same in all its processes.
    pub limits: Limits,
}

/// What one worker has in hand: named when it reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// Which mailbox.
    pub position: u32,
    /// As it was when it was claimed.
    pub generation: u64,
}

/// What there is to do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Work {
    /// To ask for these, with one request. Before it is sent, a wait for each has to be begun
    /// ([`Ask::BeginAll`](crate::store::Ask::BeginAll)); that something of the same state waits already is fine. Then
    /// to report: [`Report::Asked`], [`Report::Later`] or [`Report::Invalid`].
    Ask {
        /// 1 to 50 of them; one, where it goes through a profile.
        mailboxes: Vec<ToAsk>,
        /// How long to wait before the request is sent.
        wait: Duration,
    },
    /// To redeem the code that came, or to take the refusal down, by the wait of its state
    /// ([`drive::redeem`](crate::drive::redeem)). Then to report: [`Report::Granted`], [`Report::Later`],
    /// [`Report::Again`] or [`Report::Failed`].
    Redeem {
        /// To report with.
        ticket: Ticket,
        /// Whose it is.
        address: EmailAddress,
        /// The state that it was asked for with, which is the callback's too.
        state: State,
        /// What came.
        callback: Arc<DelegationCallback>,
        /// How long to wait before the request is sent. Nothing, where the callback is a refusal: none is sent.
        wait: Duration,
    },
    /// Nothing for now. There may be after that time, or once a callback came or something was added.
    Nothing {
        /// How long that is: more than nothing, and longer than anybody should sleep who does not hear of callbacks
        /// that other processes take.
        next: Duration,
    },
    /// Nothing until it is resumed.
    Paused(Paused),
    /// Nothing any more: each mailbox is granted or has failed.
    Finished,
}

/// A mailbox to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToAsk {
    /// To report with.
    pub ticket: Ticket,
    /// The address.
    pub address: EmailAddress,
    /// What comes back with the callback.
    pub state: State,
    /// Which attempt this is, from one. More than one: it was asked for before, and no callback came or no code was
    /// redeemed.
    pub attempt: u32,
}

/// What came of a command.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Reply {
    /// To [`Command::Begin`]: it is there, with these settings.
    Begun,
    /// To [`Command::Begin`]: not done. It is there, with other settings.
    Different,
    /// There is no such roll-out, or none any more.
    Absent,
    /// To [`Command::Add`]: how many were not there before.
    Added(u32),
    /// To [`Command::Claim`].
    Claimed {
        /// What to do.
        work: Work,
        /// Mailboxes that have failed just now, since no callback came however often they were asked for.
        given_up: Vec<EmailAddress>,
    },
    /// To [`Command::Report`]: where each mailbox is now, in the order of the tickets. None where the report came too
    /// late and changed nothing.
    Reported(Vec<Option<Stage>>),
    /// To [`Command::Pause`], [`Command::Resume`], [`Command::Slower`] and [`Command::Forget`]: done as asked.
    Done,
    /// To [`Command::Forget`]: not done. Mailboxes are neither granted nor failed, and it does not stand still.
    Open,
    /// To [`Command::Status`].
    Status {
        /// How it was begun, how many mailboxes are in each stage, and why it stands still.
        rollout: Box<Rollout>,
        /// How long until a request may be sent.
        wait: Duration,
    },
    /// To [`Command::Page`].
    Page(Vec<Mailbox>),
    /// To [`Ask::Came`](crate::store::Ask::Came): it was taken for a mailbox of this roll-out, and can be redeemed.
    Taken(RolloutId),
    /// To [`Ask::Came`](crate::store::Ask::Came): a mailbox of this roll-out is asked for with that state, and has
    /// had its answer.
    Known(RolloutId),
}

/// A SHA-256 of these parts, each with its length before it.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Half of it, where nobody gains by two that are alike.
fn half(parts: &[&[u8]]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash(parts)[..16]);
    half
}
