//! What every test begins with: a sandbox, a store, and somebody who has connected.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::{Authorization, IndividualConnect};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{
    AccessToken, ClientId, ClientSecret, CustomBase, DataCenter, Redirect, RedirectUri, Scope, Scopes, State,
    Sub,
};
use cronofy_sandbox::{AutoConsent, BlockingSandbox, Builder, RefreshMode, Sandbox};
use cronofy_store::decide::grant::Phase;
use cronofy_store::manager::{Change, Settings, Subscription};
use cronofy_store::store::{Ask, Store, Told, ask_blocking};
use cronofy_store::{Grant, GrantId, MemoryStore, Outcome, Pending, SqliteStore};

use crate::faulty::Faulty;
use crate::web::sent_on;
use crate::{Make, Process, Subject, Wire};

/// How long an access token lives here.
pub(crate) const LIFETIME: Duration = Duration::from_secs(3600);

pub(crate) struct Bench<'a> {
    make: Make<'a>,
    pub(crate) sandbox: Arc<BlockingSandbox>,
    pub(crate) wire: Wire,
    pub(crate) app: App,
    pub(crate) store: Faulty,
    pub(crate) settings: Settings,
}

impl<'a> Bench<'a> {
    /// With a store in memory, and a server that replaces refresh tokens and has no patience with old ones.
    pub(crate) fn new(make: Make<'a>) -> Self {
        Self::with(make, |clock| Arc::new(MemoryStore::with_clock(clock)))
    }

    /// With a store in a file.
    pub(crate) fn in_a_file(make: Make<'a>, path: &std::path::Path) -> Self {
        let keys = cronofy_store::seal::Keys::new(cronofy_store::seal::Key::from_bytes([1; 32]));
        Self::with(make, |clock| Arc::new(SqliteStore::open(path, keys).unwrap().with_clock(clock)))
    }

    fn with(make: Make<'a>, open: impl FnOnce(Now) -> Arc<dyn Store>) -> Self {
        Self::against(make, Sandbox::builder(), open)
    }

    /// Against a sandbox that was set up otherwise.
    pub(crate) fn against(
        make: Make<'a>,
        sandbox: Builder,
        open: impl FnOnce(Now) -> Arc<dyn Store>,
    ) -> Self {
        let sandbox = sandbox
            .auto_consent(AutoConsent::Auto)
            .refresh_mode(RefreshMode::RotateStrict)
            .token_lifetimes(LIFETIME, LIFETIME)
            .start_blocking()
            .unwrap();
        sandbox.freeze();
        let sandbox = Arc::new(sandbox);
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url()).unwrap();
        let app = App::new(
            ClientId::new(sandbox.client_id()).unwrap(),
            ClientSecret::new(sandbox.client_secret()).unwrap(),
            DataCenter::Custom(base),
        );
        let clock = Arc::clone(&sandbox);
        let store = Faulty::new(open(Box::new(move || clock.now().into())));
        let wire = Wire::new(Arc::clone(&sandbox));
        Self { make, sandbox, wire, app, store, settings: Settings::default() }
    }

    /// One more process.
    pub(crate) fn process(&self) -> Box<dyn Subject> {
        (self.make)(self.setup()).unwrap()
    }

    pub(crate) fn setup(&self) -> Process {
        Process {
            store: Arc::new(self.store.clone()),
            wire: self.wire.clone(),
            app: self.app.clone(),
            settings: self.settings.clone(),
        }
    }

    /// Sends a browser away, and gives what it comes back with.
    pub(crate) fn browser(&self, state: &str) -> (Pending, String, State) {
        let connect = IndividualConnect::new(
            RedirectUri::new("http://127.0.0.1:1/back").unwrap(),
            Scopes::from([Scope::ReadEvents, Scope::CreateEvent]),
        );
        let state = State::new(state).unwrap();
        let Authorization { url, pending, .. } =
            connect.unwrap().authorize(&self.app, state.clone(), self.wire.now());
        (Pending::Authorization(pending), sent_on(&url), state)
    }

    /// Somebody connects.
    pub(crate) fn connect(&self, process: &dyn Subject) -> GrantId {
        let (pending, url, state) = self.browser("at-first");
        process.begin(pending).unwrap();
        match process.complete_redirect(Redirect::from_url(&url).unwrap(), &state).unwrap() {
            Outcome::Granted(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// A process, an authorization, and how many token requests there were.
    pub(crate) fn connected(&self) -> (Box<dyn Subject>, GrantId, usize) {
        let process = self.process();
        let id = self.connect(&*process);
        (process, id, self.wire.sent())
    }

    /// The same, with an access token that has expired.
    pub(crate) fn expired(&self) -> (Box<dyn Subject>, GrantId, usize) {
        let connected = self.connected();
        self.sandbox.advance(LIFETIME);
        connected
    }

    pub(crate) fn grant(&self, id: &GrantId) -> Grant {
        match ask_blocking(&self.store, Ask::Grant(id.clone())).unwrap() {
            Told::Grant(Some(grant)) => *grant,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn phase(&self, id: &GrantId) -> Phase {
        self.grant(id).phase
    }

    /// Goes on until the first access token works for that long.
    pub(crate) fn advance_to_the_last(&self, left: Duration) {
        self.sandbox.advance(LIFETIME.saturating_sub(left));
    }
}

/// The tokens that are kept work at the server.
#[track_caller]
pub(crate) fn works(process: &dyn Subject, id: &GrantId) {
    let sub: Result<Sub, String> = process.userinfo(id);
    assert_eq!(sub.as_ref(), Ok(&id.subject));
}

/// Tokens of an authorization that begins now.
pub(crate) fn newer(bench: &Bench<'_>, than: &TokenSet, name: &str) -> Arc<TokenSet> {
    let mut newer = than.clone();
    newer.access_token = AccessToken::new(name).unwrap();
    newer.received_at = bench.wire.now();
    newer.expires_at = bench.wire.now().saturating_add(LIFETIME);
    Arc::new(newer)
}

pub(crate) type Now = Box<dyn Fn() -> cronofy_auth_core::types::Timestamp + Send + Sync>;

/// All changes that a process told.
pub(crate) struct Heard {
    changes: Arc<Mutex<Vec<Change>>>,
    _subscription: Subscription,
}

impl Heard {
    pub(crate) fn of(process: &dyn Subject) -> Self {
        let changes = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&changes);
        let subscription =
            process.subscribe(Box::new(move |change| heard.lock().unwrap().push(change.clone())));
        Self { changes, _subscription: subscription }
    }

    pub(crate) fn all(&self) -> Vec<Change> {
        self.changes.lock().unwrap().clone()
    }
}

pub(crate) fn access(tokens: &TokenSet) -> String {
    tokens.access_token.expose().to_owned()
}
