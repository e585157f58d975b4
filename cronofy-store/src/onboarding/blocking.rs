//! The same for threads: every method blocks.

use core::fmt;
use std::thread;

use cronofy_types::{EmailAddress, Verified};

use super::{Ended, Entry, Event, OnboardingError, Pace, Progress, Received};
use crate::blocking::{Blocking, block_on};
use crate::manager::Subscription;
use crate::manager::blocking::{Deadline, TokenManager};
use crate::rollout::Settings;

impl<T: Deadline> TokenManager<T> {
    /// As [`crate::manager::TokenManager::receive`].
    pub fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        block_on(self.asynchronous().receive(body))
    }
}

/// [`super::Onboarding`] for threads.
///
/// A clone is cheap and is the same roll-out.
pub struct Onboarding<T>(super::Onboarding<Blocking<T>>);

impl<T: Deadline> Onboarding<T> {
    /// As [`super::Onboarding::begin`].
    pub fn begin(
        manager: &TokenManager<T>,
        name: &str,
        settings: Settings,
        pace: Pace,
    ) -> Result<Self, OnboardingError> {
        block_on(super::Onboarding::begin(manager.asynchronous(), name, settings, pace)).map(Self)
    }

    /// As [`super::Onboarding::add`].
    pub fn add(&self, addresses: impl IntoIterator<Item = EmailAddress>) -> Result<u32, OnboardingError> {
        block_on(self.0.add(addresses))
    }

    /// As [`super::Onboarding::run`].
    pub fn run(&self) -> Result<Ended, OnboardingError> {
        block_on(self.0.run())
    }

    /// As [`super::Onboarding::workers`], on as many threads; this one is among them.
    pub fn workers(&self, count: usize) -> Result<Ended, OnboardingError> {
        thread::scope(|scope| {
            // Where no thread can be had there are fewer workers.
            let others: Vec<_> = (1..count)
                .filter_map(|_| thread::Builder::new().spawn_scoped(scope, || self.run()).ok())
                .collect();
            let mut ended = self.run();
            for other in others {
                // One that panicked has said so, and what it was at is done by another.
                if let Ok(other) = other.join() {
                    ended = ended.and(other);
                }
            }
            ended
        })
    }

    /// As [`super::Onboarding::receive`].
    pub fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        block_on(self.0.receive(body))
    }

    /// As [`super::Onboarding::progress`].
    pub fn progress(&self) -> Result<Progress, OnboardingError> {
        block_on(self.0.progress())
    }

    /// As [`super::Onboarding::report`].
    pub fn report(&self, tell: impl FnMut(Entry)) -> Result<(), OnboardingError> {
        block_on(self.0.report(tell))
    }

    /// As [`super::Onboarding::pause`].
    pub fn pause(&self) -> Result<(), OnboardingError> {
        block_on(self.0.pause())
    }

    /// As [`super::Onboarding::resume`].
    pub fn resume(&self) -> Result<(), OnboardingError> {
        block_on(self.0.resume())
    }

    /// As [`super::Onboarding::forget`].
    pub fn forget(&self) -> Result<(), OnboardingError> {
        block_on(self.0.forget())
    }

    /// As [`super::Onboarding::subscribe`].
    pub fn subscribe(&self, heed: impl Fn(&Event) + Send + Sync + 'static) -> Subscription {
        self.0.subscribe(heed)
    }
}

impl<T> Clone for Onboarding<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Onboarding<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
