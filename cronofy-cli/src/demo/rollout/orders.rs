//! What a process is told at its start, by a line on its standard input: no secret stands in a command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::types::{
    CallbackUrl, ClientId, ClientSecret, CustomBase, DataCenter, Scope, Scopes, Sub,
};
use cronofy_store::manager::{Background, TokenManager};
use cronofy_store::onboarding::{Onboarding, Pace};
use cronofy_store::rollout::{Limits, Settings};
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::Store;
use cronofy_store::{GrantId, PostgresStore, SqliteStore};
use serde::{Deserialize, Serialize};

use super::desk::PATH;
use super::ground::Ground;
use crate::demo::failure::Failure;

/// Where the application is, and what it is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Orders {
    /// What the process is called in the sandbox's journal.
    pub(super) name: String,
    pub(super) place: Place,
    /// What the store is sealed with.
    pub(super) key: [u8; 32],
    pub(super) api_url: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    /// The service account.
    pub(super) through: String,
    pub(super) callback_url: String,
    pub(super) per_second: u32,
    pub(super) per_minute: u32,
}

/// Where the store is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Place {
    /// In a SQLite file.
    File(PathBuf),
    /// In PostgreSQL, at this URL.
    Postgres(String),
}

/// A callback that has not come by then is not on its way any more: the sandbox gives up after two seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

impl Orders {
    /// For an application in this sandbox, with a store in a file, and a key that nobody had before.
    pub(super) fn new(ground: &Ground, callbacks: SocketAddr, limits: Limits) -> Result<Self, Failure> {
        let sandbox = &ground.sandbox;
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self {
            name: String::new(),
            place: Place::File(ground.folder.file()),
            key,
            api_url: sandbox.api_url().to_owned(),
            client_id: sandbox.client_id().to_owned(),
            client_secret: sandbox.client_secret().to_owned(),
            through: String::new(),
            callback_url: format!("http://{callbacks}{PATH}"),
            per_second: limits.per_second,
            per_minute: limits.per_minute,
        })
    }

    /// Through this service account.
    pub(super) fn through(self, service_account: &GrantId) -> Self {
        Self { through: service_account.subject.as_str().to_owned(), ..self }
    }

    pub(super) fn app(&self) -> Result<App, Failure> {
        let base = CustomBase::new(&self.api_url, &self.api_url)?;
        let secret = ClientSecret::new(self.client_secret.as_str())?;
        Ok(App::new(ClientId::new(self.client_id.as_str())?, secret, DataCenter::Custom(base)))
    }

    pub(super) fn keys(&self) -> Keys {
        Keys::new(Key::from_bytes(self.key))
    }

    pub(super) fn store(&self) -> Result<Arc<dyn Store>, Failure> {
        let keys = self.keys();
        match &self.place {
            Place::File(path) => Ok(Arc::new(SqliteStore::open(path, keys)?)),
            Place::Postgres(url) => Ok(Arc::new(PostgresStore::open(url, keys)?)),
        }
    }

    /// The roll-out, which whoever comes first begins.
    pub(super) async fn rollout<T: Background>(
        &self,
        manager: &TokenManager<T>,
        patience: Duration,
    ) -> Result<Onboarding<T>, Failure> {
        let settings = Settings {
            through: GrantId::new(manager.app(), Sub::new(self.through.as_str())?),
            profile: None,
            callback_url: CallbackUrl::new(self.callback_url.as_str())?,
            scope: Scopes::from([Scope::ReadEvents]),
        };
        let mut pace = Pace::default();
        pace.limits = Limits { per_second: self.per_second, per_minute: self.per_minute };
        pace.patience = patience;
        Ok(Onboarding::begin(manager, "everybody", settings, pace).await?)
    }
}
