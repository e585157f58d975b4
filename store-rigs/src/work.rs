//! The worker.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cronofy_auth_core::delegate::{DelegationRequest, enterprise};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{
    AccessToken, CallbackUrl, ClientId, ClientSecret, CustomBase, DataCenter, EmailAddress, Redirect, Scope,
    Scopes, State, Sub, Verified,
};
use cronofy_auth_core::{App, BlockingTransport as _};
use cronofy_store::manager::blocking::TokenManager;
use cronofy_store::manager::{RedeemError, Settings, TokenError};
use cronofy_store::{GrantId, Outcome, Pending};
use token_manager_suite::{Blocking, Subject as _, whose, wishes};

use crate::orders::{Place, Said, Setup, Task};
use crate::points;
use crate::server;
use crate::watched::Watched;
use crate::way::Way;

/// Between two calls of one that goes on.
const PAUSE: Duration = Duration::from_millis(20);

/// Does what it is told until there is nothing more to read.
pub fn work(mut setup: Setup) {
    if let Some(death) = setup.dies {
        points::dies(death);
    }
    if let (Place::Postgres { address, .. }, true) = (&mut setup.place, points::are_statements()) {
        *address = server::counted(address);
    }
    let worker = Arc::new(Worker::new(setup));
    say(&Said::Ready);
    let mut running = Vec::new();
    for line in io::stdin().lines() {
        match serde_json::from_str(&line.unwrap()).unwrap() {
            Task::Run(subjects) => running.extend(subjects.into_iter().map(|subject| {
                let worker = Arc::clone(&worker);
                thread::spawn(move || worker.go_on(&subject))
            })),
            Task::Finish => {
                worker.over.store(true, Ordering::SeqCst);
                for thread in running.drain(..) {
                    thread.join().unwrap();
                }
                say(&Said::Done);
            }
            task => say(&worker.carry_out(task)),
        }
    }
    // Not by closing the store: that has statements of its own.
    exit(0);
}

#[allow(clippy::print_stdout, reason = "it is how a worker tells what it sees")]
pub(crate) fn say(said: &Said) {
    println!("{}", serde_json::to_string(said).unwrap());
}

struct Worker {
    setup: Setup,
    app: App,
    manager: TokenManager<Way>,
    over: AtomicBool,
}

impl Worker {
    fn new(setup: Setup) -> Self {
        let app = setup.app();
        let store = setup.place.open(&setup.keys, setup.now);
        let store = Arc::new(Watched::new(store, setup.stops));
        let way = Way::new(setup.now, setup.lease.map(|(call, _)| call));
        let mut settings = Settings::default();
        settings.lease = setup.lease.map(|(_, lease)| lease);
        let manager = TokenManager::with_settings(store, way, app.clone(), &settings).unwrap();
        Self { setup, app, manager, over: AtomicBool::new(false) }
    }

    fn carry_out(&self, task: Task) -> Said {
        match task {
            Task::Redeem { redirect, state } => {
                let redirect = Redirect::from_url(&redirect).unwrap();
                redeemed(self.manager.complete_redirect(redirect, &State::new(state).unwrap()))
            }
            Task::Callback(body) => {
                redeemed(self.manager.complete_callback(&Verified::vouched_for_elsewhere(body.as_bytes())))
            }
            Task::Refresh(subject) => match self.manager.valid_token(&self.id(subject), Duration::ZERO) {
                Ok(tokens) => Said::Tokens(vec![name(&tokens)]),
                Err(error) => failed(&error),
            },
            Task::Use(subject) => {
                let id = self.id(subject);
                self.use_it(&id, self.manager.valid_token(&id, Duration::ZERO))
            }
            Task::Renew(subject) => {
                let id = self.id(subject);
                self.use_it(&id, self.manager.refresh_now(&id))
            }
            Task::Delegate { account, email, callback_url, state } => {
                let request = DelegationRequest::new(
                    EmailAddress::new(email).unwrap(),
                    CallbackUrl::new(callback_url).unwrap(),
                    Scopes::from([Scope::ReadEvents]),
                    State::new(state).unwrap(),
                );
                self.delegate(account, &[request])
            }
            Task::Revoke(subject) => match self.manager.revoke(&self.id(subject)) {
                Ok(()) => Said::Done,
                Err(error) => Said::Failed(error.to_string()),
            },
            Task::Rekey => match self.setup.place.rekey(&self.setup.keys, points::point) {
                Ok(0) => Said::Done,
                other => Said::Failed(format!("{other:?}")),
            },
            Task::Crowd { subject, callers } => self.crowd(subject, callers),
            Task::Run(_) | Task::Finish => unreachable!("they are not answered at once"),
        }
    }

    fn id(&self, subject: String) -> GrantId {
        GrantId::new(&self.app, Sub::new(subject).unwrap())
    }

    fn use_it(&self, id: &GrantId, tokens: Result<Arc<TokenSet>, TokenError>) -> Said {
        if let Err(error) = tokens {
            return failed(&error);
        }
        match self.manager.call(id, whose(&self.app)) {
            Ok(userinfo) => Said::Granted(userinfo.sub.as_str().to_owned()),
            Err(error) => Said::Failed(error.to_string()),
        }
    }

    fn delegate(&self, account: String, requests: &[DelegationRequest]) -> Said {
        let id = self.id(account);
        let token = AccessToken::new("not sent").unwrap();
        let now = self.manager.transport().now();
        let (_, pending) = enterprise(&self.app, token, requests, now).unwrap();
        for pending in pending {
            match self.manager.begin(Pending::Delegation { through: id.subject.clone(), pending }, None) {
                // Begun before it died.
                Ok(()) | Err(RedeemError::Taken) => {}
                Err(error) => return Said::Failed(error.to_string()),
            }
        }
        match self.manager.call(&id, wishes(&self.app, requests)) {
            Ok(()) => Said::Done,
            Err(error) => Said::Failed(error.to_string()),
        }
    }

    fn crowd(&self, subject: String, callers: usize) -> Said {
        let told = Blocking(self.manager.clone()).crowd(callers, &self.id(subject));
        assert_eq!(told.len(), callers);
        let mut names: Vec<u64> = told.iter().map(|tokens| name(tokens.as_ref().unwrap())).collect();
        names.sort_unstable();
        names.dedup();
        Said::Tokens(names)
    }

    /// Uses tokens again and again. That there are none for a while is no failure; that there will be none is.
    fn go_on(&self, subject: &str) {
        let id = self.id(subject.to_owned());
        while !self.over.load(Ordering::SeqCst) {
            if let Err(error) = self.manager.valid_token(&id, Duration::ZERO)
                && error.is_lasting()
            {
                return say(&failed(&error));
            }
            self.manager.transport().sleep(PAUSE);
        }
    }
}

impl Setup {
    /// The application.
    pub fn app(&self) -> App {
        let base = CustomBase::new(&self.api_url, &self.app_url).unwrap();
        let secret = ClientSecret::new(self.client_secret.clone()).unwrap();
        App::new(ClientId::new(self.client_id.clone()).unwrap(), secret, DataCenter::Custom(base))
    }
}

fn redeemed(told: Result<Outcome, RedeemError>) -> Said {
    match told {
        Ok(Outcome::Granted(id)) => Said::Granted(id.subject.as_str().to_owned()),
        Ok(Outcome::Failed(why)) => Said::Refused(why.into()),
        Ok(other) => Said::Failed(format!("{other:?}")),
        Err(error) => Said::Failed(error.to_string()),
    }
}

fn failed(error: &TokenError) -> Said {
    match error {
        TokenError::NeedsReconnect(reason) => Said::Lost(format!("{reason:?}")),
        error => Said::Failed(error.to_string()),
    }
}

/// A name for tokens that shows nothing of them.
fn name(tokens: &TokenSet) -> u64 {
    let mut hasher = DefaultHasher::new();
    tokens.access_token.expose().hash(&mut hasher);
    hasher.finish()
}
