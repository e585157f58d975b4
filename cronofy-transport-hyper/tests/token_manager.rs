//! Every failure of `token-manager-suite`, over hyper: each process is a runtime of its own.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use cronofy_auth_core::delegate::DelegationRequest;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{EmailAddress, Redirect, State, Sub, Verified};
use cronofy_store::manager::{Change, RedeemError, RevokeError, SetupError, Subscription, TokenError};
use cronofy_store::onboarding::{Ended, Entry, Event, Onboarding, OnboardingError, Pace, Progress, Received};
use cronofy_store::{GrantId, Origin, Outcome, Pending, rollout};
use cronofy_transport_hyper::{HyperTransport, TokenManager};
use token_manager_suite::{Asked, Process, Roller, Subject, Wired, failures, roll_outs, said, whose, wishes};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;

failures!(make);
roll_outs!(make);

#[test]
fn dropped_anywhere_it_loses_nothing() {
    token_manager_suite::dropped_anywhere_it_loses_nothing(&make);
}

fn make(process: Process) -> Result<Box<dyn Subject>, SetupError> {
    let Process { store, wire, app, settings } = process;
    let transport = Wired::new(HyperTransport::new().unwrap(), wire);
    let manager = TokenManager::with_settings(store, transport, app, &settings)?;
    // The wire and the store hold threads, not tasks: some have to be left.
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    Ok(Box::new(Asynchronous { manager, runtime }))
}

#[derive(Debug)]
struct Asynchronous {
    // Dropped first: its connections end with the runtime.
    manager: TokenManager<Wired<HyperTransport>>,
    runtime: Runtime,
}

type Tokens = Result<Arc<TokenSet>, TokenError>;

impl Subject for Asynchronous {
    fn valid_token(&self, id: &GrantId, min_remaining: Duration) -> Tokens {
        self.runtime.block_on(self.manager.valid_token(id, min_remaining))
    }

    fn refresh_now(&self, id: &GrantId) -> Tokens {
        self.runtime.block_on(self.manager.refresh_now(id))
    }

    fn rejected(&self, id: &GrantId, tokens: &TokenSet) -> Result<Option<Arc<TokenSet>>, TokenError> {
        self.runtime.block_on(self.manager.rejected(id, tokens))
    }

    fn authorize(&self, id: &GrantId, origin: Origin, tokens: Arc<TokenSet>) -> Result<(), TokenError> {
        self.runtime.block_on(self.manager.authorize(id, origin, tokens))
    }

    fn revoke(&self, id: &GrantId) -> Result<(), RevokeError> {
        self.runtime.block_on(self.manager.revoke(id))
    }

    fn begin(&self, pending: Pending) -> Result<(), RedeemError> {
        self.runtime.block_on(self.manager.begin(pending, None))
    }

    fn complete_redirect(&self, redirect: Redirect, state: &State) -> Result<Outcome, RedeemError> {
        self.runtime.block_on(self.manager.complete_redirect(redirect, state))
    }

    fn complete_callback(&self, body: &Verified<'_>) -> Result<Outcome, RedeemError> {
        self.runtime.block_on(self.manager.complete_callback(body))
    }

    fn subscribe(&self, heed: Box<dyn Fn(&Change) + Send + Sync>) -> Subscription {
        self.manager.subscribe(heed)
    }

    fn settled(&self) {
        self.runtime.block_on(self.manager.settled());
    }

    fn delegate(&self, id: &GrantId, requests: &[DelegationRequest]) -> Result<(), String> {
        let call = self.manager.call(id, wishes(self.manager.app(), requests));
        self.runtime.block_on(call).map_err(|error| said(&error))
    }

    fn onboard(
        &self,
        name: &str,
        settings: rollout::Settings,
        pace: Pace,
    ) -> Result<Arc<dyn Roller>, OnboardingError> {
        let begun = Onboarding::begin(&self.manager, name, settings, pace);
        let onboarding = self.runtime.block_on(begun)?;
        Ok(Arc::new(Rolling { onboarding, runtime: self.runtime.handle().clone() }))
    }

    fn userinfo(&self, id: &GrantId) -> Result<Sub, String> {
        let told = self.runtime.block_on(self.manager.call(id, whose(self.manager.app())));
        told.map(|userinfo| userinfo.sub).map_err(|error| said(&error))
    }

    fn crowd(&self, callers: usize, id: &GrantId) -> Vec<Tokens> {
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let (manager, id) = (self.manager.clone(), id.clone());
            tasks.spawn_on(
                async move { manager.valid_token(&id, Duration::ZERO).await },
                self.runtime.handle(),
            );
        }
        self.runtime.block_on(tasks.join_all())
    }

    fn abandon(&self, asked: Asked, when: &mut dyn FnMut()) {
        let manager = self.manager.clone();
        let task = self.runtime.spawn(async move {
            match asked {
                Asked::Tokens(id) => drop(manager.valid_token(&id, Duration::ZERO).await),
                Asked::Redirect(url, state) => {
                    drop(manager.complete_redirect(Redirect::from_url(&url).unwrap(), &state).await);
                }
            }
        });
        when();
        task.abort();
        assert!(self.runtime.block_on(task).unwrap_err().is_cancelled());
    }
}

struct Rolling {
    onboarding: Onboarding<Wired<HyperTransport>>,
    runtime: Handle,
}

impl Roller for Rolling {
    fn add(&self, addresses: Vec<EmailAddress>) -> Result<u32, OnboardingError> {
        self.runtime.block_on(self.onboarding.add(addresses))
    }

    fn run(&self) -> Result<Ended, OnboardingError> {
        self.runtime.block_on(self.onboarding.run())
    }

    fn workers(&self, count: usize) -> Result<Ended, OnboardingError> {
        self.runtime.block_on(self.onboarding.workers(count))
    }

    fn receive(&self, body: &Verified<'_>) -> Result<Received, OnboardingError> {
        self.runtime.block_on(self.onboarding.receive(body))
    }

    fn progress(&self) -> Result<Progress, OnboardingError> {
        self.runtime.block_on(self.onboarding.progress())
    }

    fn report(&self) -> Result<Vec<Entry>, OnboardingError> {
        let mut entries = Vec::new();
        self.runtime.block_on(self.onboarding.report(|entry| entries.push(entry)))?;
        Ok(entries)
    }

    fn pause(&self) -> Result<(), OnboardingError> {
        self.runtime.block_on(self.onboarding.pause())
    }

    fn resume(&self) -> Result<(), OnboardingError> {
        self.runtime.block_on(self.onboarding.resume())
    }

    fn forget(&self) -> Result<(), OnboardingError> {
        self.runtime.block_on(self.onboarding.forget())
    }

    fn subscribe(&self, heed: Box<dyn Fn(&Event) + Send + Sync>) -> Subscription {
        self.onboarding.subscribe(heed)
    }

    fn dropped_after(&self, polls: usize) -> bool {
        let mut worker = Box::pin(self.onboarding.run());
        let mut left = polls;
        self.runtime.block_on(poll_fn(|context| match worker.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left <= 1 => Poll::Ready(false),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        }))
    }
}
