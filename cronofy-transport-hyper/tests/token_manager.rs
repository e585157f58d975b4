//! Every failure of `token-manager-suite`, over hyper: each process is a runtime of its own.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::delegate::DelegationRequest;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{Redirect, State, Sub, Verified};
use cronofy_store::manager::{Change, RedeemError, RevokeError, SetupError, Subscription, TokenError};
use cronofy_store::{GrantId, Origin, Outcome, Pending};
use cronofy_transport_hyper::{HyperTransport, TokenManager};
use token_manager_suite::{Asked, Process, Subject, Wired, failures, said, whose, wishes};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

failures!(make);

fn make(process: Process) -> Result<Box<dyn Subject>, SetupError> {
    let Process { store, wire, app, settings } = process;
    let transport = Wired::new(HyperTransport::new().unwrap(), wire);
    let manager = TokenManager::with_settings(store, transport, app, &settings)?;
    // The wire and the store hold threads, not tasks: some have to be left.
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    Ok(Box::new(Asynchronous { manager, runtime }))
}

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
