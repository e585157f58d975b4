//! What both ways of running it stand on: a sandbox, a folder for the store, and the administrator's consent.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use cronofy_auth_core::authorize::EnterpriseConnect;
use cronofy_auth_core::types::{Redirect, Scope, Scopes};
use cronofy_sandbox::{AutoConsent, BlockingSandbox, RateLimits, Sandbox};
use cronofy_store::manager::{Background, TokenManager};
use cronofy_store::{GrantId, Outcome, Pending};
use tokio::runtime::{self, Runtime};

use super::world;
use crate::demo::browser::Browser;
use crate::demo::failure::Failure;
use crate::demo::stage::{fresh_state, redirect_uri};

pub(super) struct Ground {
    pub(super) runtime: Runtime,
    pub(super) sandbox: Arc<BlockingSandbox>,
    pub(super) folder: Folder,
}

impl Ground {
    /// With a folder on a disk or, where that is to be had, in memory.
    pub(super) fn new(people: usize, limits: RateLimits, medium: Medium) -> Result<Self, Failure> {
        let sandbox = Sandbox::builder()
            .scenario(world::scenario(people))
            .auto_consent(AutoConsent::Auto)
            .rate_limits(limits)
            .start_blocking()?;
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        Ok(Self { runtime, sandbox: Arc::new(sandbox), folder: Folder::on(medium)? })
    }

    /// The administrator consents to the service account.
    pub(super) fn connect<T: Background>(&self, manager: &TokenManager<T>) -> Result<GrantId, Failure> {
        let may_manage = Scopes::from([Scope::ServiceAccountAccountsManage]);
        let connect = EnterpriseConnect::new(redirect_uri()?, may_manage, Scopes::from([Scope::ReadEvents]))?;
        let state = fresh_state()?;
        let asked = connect.authorize(manager.app(), state.clone(), manager.transport().now());
        self.runtime.block_on(manager.begin(Pending::Authorization(asked.pending), None))?;
        let page = Browser::new(self.runtime.handle().clone()).open(&asked.url)?;
        let location = page.location.ok_or_else(|| Failure::new("the browser was sent nowhere"))?;
        let redirect = Redirect::from_url(&location)?;
        match self.runtime.block_on(manager.complete_redirect(redirect, &state))? {
            Outcome::Granted(id) => Ok(id),
            outcome => Err(Failure::new(format!("the administrator consented, and yet: {outcome:?}"))),
        }
    }
}

/// Where the store's file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// On a disk, which keeps what was written.
    Disk,
    /// In memory, where the system has files there: so that simulated hours do not wait for a disk.
    Memory,
}

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// A folder that goes with the program.
pub(super) struct Folder(PathBuf);

impl Folder {
    fn on(medium: Medium) -> Result<Self, Failure> {
        let memory = PathBuf::from(MEMORY);
        let parent = if medium == Medium::Memory && memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = parent.join(format!("cronofy-rollout-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("rollout.db")
    }

    /// How many bytes the file has, without its log, which grows to four mebibytes and no further.
    pub(super) fn bytes(&self) -> u64 {
        fs::metadata(self.file()).map_or(0, |data| data.len())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there is worth nothing: the accounts are invented, and the key is gone.
        let _ = fs::remove_dir_all(&self.0);
    }
}
