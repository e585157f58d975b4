//! Requests for permissions, waiting for the person to decide.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::{GrantKey, State};
use crate::calendars::CalendarKey;
use crate::clock::after;
use crate::ids::Ids;

/// What an application asks a person for.
#[derive(Clone, Debug)]
pub(crate) struct PermissionsRequest {
    pub(crate) key: GrantKey,
    /// The calendars, and whether each is to be unrestricted.
    pub(crate) wanted: Vec<(CalendarKey, bool)>,
    pub(crate) redirect_uri: String,
}

#[derive(Clone, Default)]
pub(super) struct PermissionsRequests(BTreeMap<String, (PermissionsRequest, SystemTime)>);

impl PermissionsRequests {
    pub(super) fn knows(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }
}

/// How long a person can take (sandbox choice: not documented).
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// A bound on what unanswered requests can take; the oldest goes first.
const MOST_REQUESTS: usize = 1000;

impl State {
    /// Remembers a request, and gives the last part of its page's address.
    pub(crate) fn ask_for_permissions(
        &mut self,
        ids: &Ids,
        now: SystemTime,
        request: PermissionsRequest,
    ) -> String {
        let requests = &mut self.permissions_requests.0;
        requests.retain(|_, (_, expires_at)| *expires_at > now);
        if requests.len() >= MOST_REQUESTS {
            let oldest = requests.iter().min_by_key(|(_, (_, expires_at))| *expires_at);
            oldest.map(|(id, _)| id.clone()).and_then(|id| requests.remove(&id));
        }
        let id = ids.next("permissions", 32);
        requests.insert(id.clone(), (request, after(now, LIFETIME)));
        id
    }

    /// A request that is still open: not decided, not expired, its authorization not revoked.
    pub(crate) fn permissions_request(&self, now: SystemTime, id: &str) -> Option<&PermissionsRequest> {
        let (request, expires_at) = self.permissions_requests.0.get(id)?;
        (*expires_at > now && self.authorization(&request.key).is_some()).then_some(request)
    }

    /// Takes the person's decision: it is asked for once.
    pub(crate) fn decide_permissions(&mut self, id: &str, allow: bool) {
        let Some((request, _)) = self.permissions_requests.0.remove(id) else { return };
        for (key, unrestricted) in request.wanted.iter().filter(|_| allow) {
            self.calendars.set_unrestricted(&request.key.client_id, key, *unrestricted);
        }
    }
}
