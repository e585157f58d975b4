//! A roll-out under test.

use cronofy_auth_core::types::{EmailAddress, Verified};
use cronofy_store::manager::Subscription;
use cronofy_store::manager::blocking::Deadline;
use cronofy_store::onboarding::blocking::Onboarding;
use cronofy_store::onboarding::{Ended, Entry, Event, OnboardingError, Progress, Received};

/// A roll-out under test. Its methods are the roll-out's.
#[allow(missing_docs, reason = "they are the roll-out's")]
pub trait Roller: Send + Sync {
    fn add(&self, addresses: Vec<EmailAddress>) -> Result<u32, OnboardingError>;
    fn run(&self) -> Result<Ended, OnboardingError>;
    fn workers(&self, count: usize) -> Result<Ended, OnboardingError>;
    fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError>;
    fn progress(&self) -> Result<Progress, OnboardingError>;
    fn report(&self) -> Result<Vec<Entry>, OnboardingError>;
    fn pause(&self) -> Result<(), OnboardingError>;
    fn resume(&self) -> Result<(), OnboardingError>;
    fn forget(&self) -> Result<(), OnboardingError>;
    fn subscribe(&self, heed: Box<dyn Fn(&Event) + Send + Sync>) -> Subscription;

    /// Polls a worker so often, and drops it. Says whether it ended before that.
    fn dropped_after(&self, polls: usize) -> bool;
}

impl<T: Deadline> Roller for Onboarding<T> {
    fn add(&self, addresses: Vec<EmailAddress>) -> Result<u32, OnboardingError> {
        self.add(addresses)
    }

    fn run(&self) -> Result<Ended, OnboardingError> {
        self.run()
    }

    fn workers(&self, count: usize) -> Result<Ended, OnboardingError> {
        self.workers(count)
    }

    fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        self.receive(body)
    }

    fn progress(&self) -> Result<Progress, OnboardingError> {
        self.progress()
    }

    fn report(&self) -> Result<Vec<Entry>, OnboardingError> {
        let mut entries = Vec::new();
        self.report(|entry| entries.push(entry)).map(|()| entries)
    }

    fn pause(&self) -> Result<(), OnboardingError> {
        self.pause()
    }

    fn resume(&self) -> Result<(), OnboardingError> {
        self.resume()
    }

    fn forget(&self) -> Result<(), OnboardingError> {
        self.forget()
    }

    fn subscribe(&self, heed: Box<dyn Fn(&Event) + Send + Sync>) -> Subscription {
        self.subscribe(heed)
    }

    fn dropped_after(&self, _: usize) -> bool {
        panic!("a thread cannot be dropped")
    }
}
