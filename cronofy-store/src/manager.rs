//! Tokens that work, for everybody who needs them: out of memory, out of the store, or by one refresh.
//!
//! ```text
//!   valid_token -> cached and fresh --------------------------------> the tokens, in less than a microsecond
//!               -> else a flight, one for each grant in this process,
//!                  which nobody's going away ends:
//!                    the store's row, its lease among processes,
//!                    one request, one write ----------------------> the tokens, for all who wait
//! ```
//!
//! [`TokenManager`] is asynchronous; [`blocking::TokenManager`] is the same for threads. A transport makes its own by
//! being a [`Background`] or a [`blocking::Deadline`].

pub mod blocking;

mod cache;
mod call;
mod change;
mod end;
mod error;
mod flight;
mod redemption;
mod tokens;
mod work;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};

use cronofy_auth_core::{App, Transport};
use sha2::{Digest as _, Sha256};

use self::cache::Cache;
use self::flight::Flights;
use self::work::Works;
use crate::decide::Owner;
use crate::drive::{Lease, LeaseTooShort};
use crate::store::Store;

pub use call::CallError;
pub(crate) use change::Subscribers;
pub use change::{Change, Subscription};
pub use error::{Mismatch, RedeemError, RevokeError, TokenError};

/// What is carried out whether or not anybody waits for it.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A transport that can go on without whoever asked.
pub trait Background: Transport + Send + Sync + 'static {
    /// How long a call can take, from connecting to the last byte of its answer. A claim lasts longer.
    fn deadline(&self) -> Duration;

    /// Carries `work` out. Where that cannot be, it drops it.
    fn spawn(&self, work: Work);
}

/// How a manager is set up.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// How long a claim keeps other processes away. Unless set, twice the transport's deadline and ten seconds.
    pub lease: Option<Duration>,
    /// How many grants are remembered in the process: about two kibibytes each. 10,000 unless set.
    pub cached: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lease: None, cached: 10_000 }
    }
}

/// Why a manager cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A refresh could outlive its claim, and another process would use the same refresh token.
    #[error(transparent)]
    Lease(#[from] LeaseTooShort),
    /// The system has no randomness to give.
    #[error("the system's random source failed")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The tokens of all authorizations of one application.
///
/// However many ask, in however many processes that share the store, one refresh of a grant is under way at a time; the
/// others wait for it, and tokens that still work are served meanwhile. New tokens are in the store before anybody
/// sees them. Whoever gives up waiting stops nothing.
///
/// A clone is cheap and is the same manager.
pub struct TokenManager<T>(Arc<Shared<T>>);

struct Shared<T> {
    store: Arc<dyn Store>,
    transport: T,
    app: App,
    lease: Lease,
    owners: Owners,
    cache: Cache,
    flights: Mutex<Flights>,
    subscribers: Arc<Subscribers<Change>>,
    works: Arc<Works>,
}

impl<T: Background> TokenManager<T> {
    /// The tokens of `app` that are kept in `store`.
    ///
    /// # Errors
    ///
    /// Where the system has no randomness to give.
    pub fn new(store: Arc<dyn Store>, transport: T, app: App) -> Result<Self, SetupError> {
        Self::with_settings(store, transport, app, &Settings::default())
    }

    /// The same, set up otherwise.
    ///
    /// # Errors
    ///
    /// Refuses a lease that is not longer than the transport's deadline.
    pub fn with_settings(
        store: Arc<dyn Store>,
        transport: T,
        app: App,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        let call = transport.deadline();
        let lease = match settings.lease {
            Some(lease) => Lease::new(lease, call)?,
            None => Lease::for_calls_of(call),
        };
        Ok(Self(Arc::new(Shared {
            store,
            transport,
            app,
            lease,
            owners: Owners::new()?,
            cache: Cache::new(settings.cached),
            flights: Mutex::default(),
            subscribers: Arc::default(),
            works: Arc::default(),
        })))
    }

    /// Waits until nothing is under way: no refresh, no redemption, and no tokens that the store has not taken yet.
    /// For the end of a program.
    pub async fn settled(&self) {
        self.0.works.settled().await;
    }

    /// Tells `heed` of every change, on the task or thread that made it: it must not take long.
    ///
    /// It hears of what this manager does, and of what other processes did to a grant when this one comes upon it.
    pub fn subscribe(&self, heed: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        Subscribers::add(&self.0.subscribers, heed)
    }
}

impl<T> TokenManager<T> {
    /// The application.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    /// What calls go over.
    pub fn transport(&self) -> &T {
        &self.0.transport
    }

    pub(crate) fn lease(&self) -> Lease {
        self.0.lease
    }
}

impl<T> Clone for TokenManager<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for TokenManager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenManager")
            .field("app", &self.0.app)
            .field("lease", &self.0.lease)
            .finish_non_exhaustive()
    }
}

/// Names of workers: a hash of a secret of this manager and a number, so that none comes twice anywhere.
struct Owners {
    secret: [u8; 32],
    next: AtomicU64,
}

impl Owners {
    fn new() -> Result<Self, SetupError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| SetupError::Random(Box::new(error)))?;
        Ok(Self { secret, next: AtomicU64::new(0) })
    }

    fn next(&self) -> Owner {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::new_with_prefix(self.secret).chain_update(number.to_le_bytes()).finalize();
        let mut owner = [0; 16];
        owner.copy_from_slice(&digest[..16]);
        Owner(owner)
    }
}
