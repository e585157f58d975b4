//! Rolling an application out to a whole organization: thousands of mailboxes through one service account, or through a
//! primary account.
//!
//! ```text
//!   add -> a durable list in the store
//!   run -> asks for up to 50 mailboxes with one request       any number of workers, in any number of processes,
//!       -> redeems the codes that callbacks brought           which share one budget of requests
//!   receive <- a callback, at whichever process               durable before Cronofy is answered
//! ```
//!
//! Whatever dies, is dropped or is restarted loses nothing: the list says what is left to do, and a code is redeemed by
//! the wait of its `state`, once. [`Onboarding`] is asynchronous; [`blocking::Onboarding`] is the same for threads.

pub mod blocking;

mod ask;
mod error;
mod event;
mod receive;
mod redeem;
mod report;
mod verdict;
mod worker;

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};

use cronofy_types::EmailAddress;

use crate::manager::{Background, Subscribers, Subscription, TokenManager};
use crate::rollout::{Command, Limits, Paused, Reply, RolloutId, Seed, Settings};
use crate::store::{Ask, StoreError, Told, ask};

pub use error::OnboardingError;
pub use event::Event;
pub use receive::Received;
pub use report::{Entry, Progress, Standing};
pub use worker::Ended;

/// How fast a roll-out goes. The limits are to be the same in all processes of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pace {
    /// How many requests may be sent, by all roll-outs of the application together. Cronofy's 50 in a second and 500 in a
    /// minute unless set, less one in a hundred of the minute for refreshes.
    pub limits: Limits,
    /// How long a callback is waited for before a mailbox is asked for again. 10 minutes unless set.
    pub patience: Duration,
    /// No more are asked for while as many are asked for, or wait to be redeemed: codes live for about ten minutes.
    /// 1,000 unless set, the last of which is redeemed two minutes after it came.
    pub outstanding: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limits: Limits::default(), patience: Duration::from_secs(600), outstanding: 1000 }
    }
}

/// One roll-out: a list of mailboxes that access is asked for, until each is granted or has failed.
///
/// The list is in the store. Any process that begins it with the same name and settings works on it, or takes
/// callbacks for it. A clone is cheap and is the same roll-out.
pub struct Onboarding<T>(Arc<Shared<T>>);

struct Shared<T> {
    manager: TokenManager<T>,
    id: RolloutId,
    settings: Settings,
    pace: Pace,
    subscribers: Arc<Subscribers<Event>>,
    told: Mutex<event::Told>,
    /// Counted up when there may be something to do at once.
    stirred: AtomicU64,
}

impl<T: Background> Onboarding<T> {
    /// Begins the roll-out of that name, or goes on with it: whatever process began it first.
    ///
    /// # Errors
    ///
    /// [`OnboardingError::Different`] where it was begun with other settings, and [`OnboardingError::Forgotten`] where it
    /// was forgotten. It also refuses what cannot succeed: no scope,
    /// and a grant of another application.
    pub async fn begin(
        manager: &TokenManager<T>,
        name: &str,
        settings: Settings,
        pace: Pace,
    ) -> Result<Self, OnboardingError> {
        if settings.scope.is_empty() {
            return Err(OnboardingError::NoScope);
        }
        if !settings.through.is_of(manager.app()) {
            return Err(OnboardingError::OtherApp);
        }
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| OnboardingError::Random(Arc::new(error)))?;
        let rollout = Self(Arc::new(Shared {
            manager: manager.clone(),
            id: RolloutId::new(&settings.through, name),
            settings: settings.clone(),
            pace,
            subscribers: Arc::default(),
            told: Mutex::default(),
            stirred: AtomicU64::new(0),
        }));
        match rollout.command(Command::Begin { settings, seed: Seed(seed) }).await? {
            Reply::Begun => Ok(rollout),
            _ => Err(OnboardingError::Different),
        }
    }

    /// Adds mailboxes to the list, and says how many of them were not there before. Spaces around an address and the case
    /// of its letters make no difference, so adding the same list again changes nothing.
    ///
    /// # Errors
    ///
    /// Where the store failed: those before have been added, and adding all again adds the rest.
    pub async fn add<I>(&self, addresses: I) -> Result<u32, OnboardingError>
    where
        I: IntoIterator<Item = EmailAddress>,
    {
        let mut addresses = addresses.into_iter();
        let mut added: u32 = 0;
        loop {
            let chunk: Vec<EmailAddress> = addresses.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                self.stir();
                return Ok(added);
            }
            if let Reply::Added(new) = self.command(Command::Add(chunk)).await? {
                added = added.saturating_add(new);
            }
        }
    }

    /// Lets it stand still, for the workers of all processes: each ends once it has done what it is at. Callbacks are
    /// taken meanwhile.
    ///
    /// # Errors
    ///
    /// Where the store failed.
    pub async fn pause(&self) -> Result<(), OnboardingError> {
        self.stop(Paused::ByHand).await
    }

    /// Lets it go on, whyever it stood still. Workers that have ended have to be run again.
    ///
    /// # Errors
    ///
    /// Where the store failed.
    pub async fn resume(&self) -> Result<(), OnboardingError> {
        self.command(Command::Resume).await?;
        self.tell_standing(None);
        Ok(())
    }

    /// Forgets its list: all addresses, and what became of them. Nothing else does: a list stays in the store when it is
    /// finished, so that adding it again asks for nothing twice. The grants stay.
    ///
    /// It is one transaction, however long the list is. From then on everything that this roll-out is asked, in whatever
    /// process, ends with [`OnboardingError::Forgotten`]. Its name is used up: whoever still works on it would take
    /// another one under that name for this one.
    ///
    /// # Errors
    ///
    /// [`OnboardingError::Open`] where it is neither finished nor paused. A code that came meanwhile for a paused one
    /// is lost with it.
    pub async fn forget(&self) -> Result<(), OnboardingError> {
        match self.command(Command::Forget).await? {
            Reply::Open => Err(OnboardingError::Open),
            _ => Ok(()),
        }
    }

    /// Tells `heed` what happens to the roll-out in this process, on the task or thread that it happens on: it must not
    /// take long.
    pub fn subscribe(&self, heed: impl Fn(&Event) + Send + Sync + 'static) -> Subscription {
        Subscribers::add(&self.0.subscribers, heed)
    }

    async fn stop(&self, why: Paused) -> Result<(), OnboardingError> {
        self.command(Command::Pause(why)).await?;
        Ok(())
    }

    async fn command(&self, command: Command) -> Result<Reply, OnboardingError> {
        match ask(&**self.0.manager.store(), Ask::Rollout(self.0.id, command)).await? {
            Told::Rollout(Reply::Absent) => Err(OnboardingError::Forgotten),
            Told::Rollout(reply) => Ok(reply),
            // No store answers so.
            _ => Err(StoreError::Gone.into()),
        }
    }

    /// Wakes workers of this process that have nothing to do.
    fn stir(&self) {
        self.0.stirred.fetch_add(1, Ordering::Release);
    }
}

/// How many addresses one transaction adds at most.
const CHUNK: usize = 1000;

impl<T> Clone for Onboarding<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Onboarding<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Onboarding")
            .field("id", &self.0.id)
            .field("pace", &self.0.pace)
            .finish_non_exhaustive()
    }
}
