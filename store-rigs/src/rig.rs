//! The test's side: a sandbox, people who have connected, and workers.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::{Authorization, EnterpriseConnect, IndividualConnect};
use cronofy_auth_core::types::{Redirect, RedirectUri, Scope, Scopes, State, Timestamp};
use cronofy_sandbox::{AutoConsent, BlockingSandbox, RefreshMode, Sandbox};
use cronofy_store::manager::blocking::TokenManager;
use cronofy_store::store::{Ask, Store, Told, ask_blocking};
use cronofy_store::{Grant, GrantId, MemoryStore, Outcome, Pending};
use tempfile::TempDir;
use token_manager_suite::web::sent_on;

use crate::orders::{Place, Setup};
use crate::server;
use crate::way::Way;

/// What a rig's stores are in.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file for each.
    Sqlite,
    /// A schema for each, of the database at this address.
    Postgres(String),
}

/// A test of each function for each database: those of PostgreSQL only where there is a server.
#[macro_export]
macro_rules! on_each_database {
    ($($name:ident = $test:path),* $(,)?) => {
        mod sqlite {
            $(
                #[test]
                fn $name() {
                    use super::*;
                    $test(&$crate::rig::Database::Sqlite);
                }
            )*
        }

        mod postgres {
            $(
                #[test]
                fn $name() {
                    use super::*;
                    if let Some(address) = $crate::address() {
                        $test(&$crate::rig::Database::Postgres(address));
                    }
                }
            )*
        }
    };
}

/// A sandbox, and where the stores of its workers are.
#[derive(Debug)]
pub struct Rig {
    /// The sandbox.
    pub sandbox: BlockingSandbox,
    database: Database,
    folder: TempDir,
    schemas: RefCell<Vec<String>>,
}

impl Rig {
    /// One whose access tokens live that long.
    pub fn new(database: &Database, mode: RefreshMode, lifetime: Duration) -> Self {
        let sandbox = Sandbox::builder()
            .auto_consent(AutoConsent::Auto)
            .refresh_mode(mode)
            .token_lifetimes(lifetime, lifetime)
            .start_blocking()
            .unwrap();
        Self {
            sandbox,
            database: database.clone(),
            folder: tempfile::tempdir().unwrap(),
            schemas: RefCell::default(),
        }
    }

    /// The sandbox's clock.
    pub fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    /// A place for a store, where nothing is yet.
    pub fn place(&self) -> Place {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("rig_{}_{number}", std::process::id());
        match &self.database {
            Database::Sqlite => Place::Sqlite(self.folder.path().join(name)),
            Database::Postgres(address) => {
                self.schemas.borrow_mut().push(name.clone());
                Place::Postgres { address: address.clone(), schema: name }
            }
        }
    }

    /// A worker of that store, whose clocks show what the sandbox's shows now.
    pub fn setup(&self, place: &Place) -> Setup {
        Setup {
            api_url: self.sandbox.api_url().to_owned(),
            app_url: self.sandbox.app_url().to_owned(),
            client_id: self.sandbox.client_id().to_owned(),
            client_secret: self.sandbox.client_secret().to_owned(),
            place: place.clone(),
            keys: vec![1],
            now: Some(self.now()),
            lease: None,
            dies: None,
            stops: None,
        }
    }

    /// The application.
    pub fn app(&self) -> App {
        self.setup(&Place::Sqlite(PathBuf::new())).app()
    }

    /// Sends a browser away, to connect an account, and gives what waits and what it comes back with.
    pub fn browser(&self, state: &str) -> (Pending, String) {
        let scopes = Scopes::from([Scope::ReadEvents, Scope::CreateEvent]);
        let connect = IndividualConnect::new(redirect_uri(), scopes).unwrap();
        came_back(connect.authorize(&self.app(), State::new(state).unwrap(), self.now()))
    }

    /// Somebody has connected an account.
    pub fn account(&self) -> Grant {
        self.connect(self.browser("account"), "account")
    }

    /// An administrator has connected a service account.
    pub fn service_account(&self) -> Grant {
        let scopes = Scopes::from([Scope::ServiceAccountAccountsManage]);
        let connect = EnterpriseConnect::new(redirect_uri(), scopes, Scopes::from([Scope::ReadEvents]));
        let state = State::new("admin").unwrap();
        self.connect(came_back(connect.unwrap().authorize(&self.app(), state, self.now())), "admin")
    }

    fn connect(&self, (pending, redirect): (Pending, String), state: &str) -> Grant {
        let now = self.now();
        let store = Arc::new(MemoryStore::with_clock(move || now));
        let manager = TokenManager::new(store, Way::new(Some(now), None), self.app()).unwrap();
        manager.begin(pending, None).unwrap();
        let redirect = Redirect::from_url(&redirect).unwrap();
        match manager.complete_redirect(redirect, &State::new(state).unwrap()).unwrap() {
            Outcome::Granted(id) => manager.grant(&id).unwrap().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The statuses of what was asked of an operation since the journal was cleared.
    pub fn answers(&self, operation: &str, grant_type: Option<&str>) -> Vec<u16> {
        let of_it = |entry: &cronofy_sandbox::JournalEntry| {
            entry.operation == Some(operation)
                && grant_type.is_none_or(|of| entry.field("grant_type").is_some_and(|field| field == of))
        };
        let journal = self.sandbox.journal();
        journal.iter().filter(|entry| of_it(entry)).filter_map(|entry| entry.status).collect()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Database::Postgres(address) = &self.database {
            for schema in self.schemas.take() {
                server::run(address, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
            }
        }
    }
}

fn redirect_uri() -> RedirectUri {
    RedirectUri::new("http://127.0.0.1:1/back").unwrap()
}

fn came_back(begun: Authorization) -> (Pending, String) {
    (Pending::Authorization(begun.pending), sent_on(&begun.url))
}

/// Keeps an authorization that was made elsewhere.
pub fn keep(store: &dyn Store, grant: &Grant) {
    let tokens = Arc::clone(grant.tokens.as_ref().unwrap());
    let question = Ask::Authorize { id: grant.id.clone(), origin: grant.origin.clone(), tokens };
    ask_blocking(store, question).unwrap();
}

/// A grant that is there.
pub fn kept(store: &dyn Store, id: &GrantId) -> Grant {
    match ask_blocking(store, Ask::Grant(id.clone())).unwrap() {
        Told::Grant(Some(grant)) => *grant,
        other => panic!("{other:?}"),
    }
}
