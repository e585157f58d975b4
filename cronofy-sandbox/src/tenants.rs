//! Sandboxes within a sandbox: each with a world, a state and a port of its own, until it is removed or its parent
//! ends.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Ready, Sandbox};

/// Enough for a test suite that gives one to each of its threads.
const MOST: usize = 64;

#[derive(Default)]
pub(crate) struct Tenants(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    named: u64,
    running: BTreeMap<String, Tenant>,
}

/// One of them.
pub(crate) struct Tenant(Sandbox);

/// Why a tenant does not come to be.
pub(crate) enum NoTenant {
    Taken,
    TooMany,
}

impl NoTenant {
    pub(crate) fn why(&self) -> String {
        match self {
            Self::Taken => "there is a tenant of this name".to_owned(),
            Self::TooMany => format!("there are {MOST} tenants: remove one first"),
        }
    }
}

impl Tenants {
    /// A name for a tenant that was given none: the same in every run.
    pub(crate) fn next_name(&self) -> String {
        let mut inner = self.inner();
        loop {
            inner.named += 1;
            let name = format!("tenant-{}", inner.named);
            if !inner.running.contains_key(&name) {
                return name;
            }
        }
    }

    /// Whether there is room for a tenant of this name.
    pub(crate) fn admit(&self, name: &str) -> Result<(), NoTenant> {
        self.inner().admit(name)
    }

    /// Keeps a tenant that serves. One that is not kept stops.
    pub(crate) fn keep(&self, name: &str, sandbox: Sandbox) -> Result<Ready, NoTenant> {
        let mut inner = self.inner();
        inner.admit(name)?;
        let ready = sandbox.ready().clone();
        inner.running.insert(name.to_owned(), Tenant(sandbox));
        Ok(ready)
    }

    pub(crate) fn list(&self) -> Vec<Ready> {
        self.inner().running.values().map(|tenant| tenant.0.ready().clone()).collect()
    }

    pub(crate) fn find(&self, name: &str) -> Option<Ready> {
        self.inner().running.get(name).map(|tenant| tenant.0.ready().clone())
    }

    pub(crate) fn take(&self, name: &str) -> Option<Tenant> {
        self.inner().running.remove(name)
    }

    pub(crate) fn take_all(&self) -> impl Iterator<Item = Tenant> {
        std::mem::take(&mut self.inner().running).into_values()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn admit(&self, name: &str) -> Result<(), NoTenant> {
        match self.running.len() {
            _ if self.running.contains_key(name) => Err(NoTenant::Taken),
            MOST.. => Err(NoTenant::TooMany),
            _ => Ok(()),
        }
    }
}

impl Tenant {
    /// Boxed, because a sandbox that stops stops its tenants, which are sandboxes.
    pub(crate) fn stop(self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.0.shutdown())
    }
}
