//! Every calendar login, found by its address and by its account however many there are.

use std::collections::HashMap;
use std::slice;
use std::sync::Arc;

use super::Login;

/// In the order in which they came. Clones are cheap: they are taken for snapshots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logins {
    all: Arc<Vec<Arc<Login>>>,
    places: Arc<Places>,
}

/// Where the logins are in the list.
#[derive(Clone, Debug, Default)]
struct Places {
    /// By the address in lower case: addresses differ by more than letter case.
    by_address: HashMap<String, usize>,
    by_account: HashMap<String, Vec<usize>>,
}

impl Logins {
    pub(crate) fn iter(&self) -> slice::Iter<'_, Arc<Login>> {
        self.all.iter()
    }

    /// The login with this address.
    pub(super) fn find(&self, email: &str) -> Option<&Arc<Login>> {
        self.all.get(*self.places.by_address.get(&email.to_ascii_lowercase())?)
    }

    /// The logins of an account until they are linked into another one, the oldest first.
    pub(crate) fn of(&self, account_id: &str) -> impl Iterator<Item = &Arc<Login>> {
        let places = self.places.by_account.get(account_id).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.all.get(*place))
    }

    /// Adds one, whose address nobody has yet.
    pub(crate) fn add(&mut self, login: Login) {
        Arc::make_mut(&mut self.places).add(&login, self.all.len());
        Arc::make_mut(&mut self.all).push(Arc::new(login));
    }

    /// Takes one away.
    pub(crate) fn remove(&mut self, email: &str) -> Option<Arc<Login>> {
        let place = self.all.iter().position(|login| login.email == email)?;
        let all = Arc::make_mut(&mut self.all);
        let gone = all.remove(place);
        let mut places = Places::default();
        for (place, login) in all.iter().enumerate() {
            places.add(login, place);
        }
        self.places = Arc::new(places);
        Some(gone)
    }

    /// Changes those that `change` gives another one for: with the same address, of the same account.
    pub(crate) fn change(&mut self, change: impl Fn(&Login) -> Option<Login>) {
        for login in Arc::make_mut(&mut self.all) {
            if let Some(changed) = change(login) {
                *login = Arc::new(changed);
            }
        }
    }
}

impl Places {
    fn add(&mut self, login: &Login, place: usize) {
        self.by_address.insert(login.email.to_ascii_lowercase(), place);
        self.by_account.entry(login.account_id.clone()).or_default().push(place);
    }
}
