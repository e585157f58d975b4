//! People, rooms and organizations that go, and what goes with them.

use std::sync::Arc;

use super::{GrantKey, Kind, State};
use crate::world::{Login, Organization};

impl State {
    /// Takes a login away, with its calendars, its profiles and its place in the Organizational Unit. An
    /// authorization of an account that is left without any profile ends.
    pub(crate) fn remove_login(&mut self, email: &str) {
        let logins = &mut self.world.logins;
        let Some(gone) = logins.remove(email) else { return };
        logins.change(|login| {
            let others = login.reaches.iter().filter(|other| !other.eq_ignore_ascii_case(email)).cloned();
            reaches(login, email).then(|| Login { reaches: others.collect(), ..login.clone() })
        });
        self.world.unit.members.retain(|member| member.email != email);
        self.world.unit.resources.retain(|resource| resource.email != email);
        self.calendars.close_login(&gone);
        self.links.forget(email);
        for authorization in self.authorizations.values_mut() {
            authorization.profiles.retain(|profile| profile.login != email);
        }
        let emptied = self.authorizations.iter().filter(|(_, authorization)| {
            authorization.kind == Kind::Account && authorization.profiles.is_empty()
        });
        let emptied: Vec<GrantKey> = emptied.map(|(key, _)| key.clone()).collect();
        for key in emptied {
            self.revoke(&key);
        }
    }

    /// Takes an organization away: its people stay, as people of no organization. `false` if there is none of that
    /// domain.
    pub(crate) fn remove_organization(&mut self, domain: &str) -> bool {
        let organizations = &mut self.world.organizations;
        let is_meant = |organization: &Arc<Organization>| organization.domain.eq_ignore_ascii_case(domain);
        let Some(index) = organizations.iter().position(is_meant) else { return false };
        let gone = organizations.remove(index);
        self.world.logins.change(|login| {
            let inside = login.domain.as_ref() == Some(&gone.domain);
            inside.then(|| Login { domain: None, ..login.clone() })
        });
        self.revoke_everywhere(&gone.service_account_id);
        true
    }

    /// Ends what every application may do for a subject. Gives how many authorizations ended.
    pub(crate) fn revoke_everywhere(&mut self, sub: &str) -> usize {
        let keys = self.authorizations.keys().filter(|key| key.sub == sub);
        let keys: Vec<GrantKey> = keys.cloned().collect();
        for key in &keys {
            self.revoke(key);
        }
        keys.len()
    }
}

fn reaches(login: &Login, email: &str) -> bool {
    login.reaches.iter().any(|other| other.eq_ignore_ascii_case(email))
}
