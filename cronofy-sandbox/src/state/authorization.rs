//! Authorizations: what one application may do for one subject, from consent to revocation.

use std::collections::BTreeSet;

use super::State;
use crate::world::{AccessMode, Profile};

/// Application and subject: there is one authorization for each pair, however many logins it links.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct GrantKey {
    pub(crate) client_id: String,
    pub(crate) sub: String,
}

/// What kind of subject an authorization is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Account,
    ServiceAccount,
    Unit,
    ApplicationCalendar { application_calendar_id: String },
}

/// What was consented to, waiting in a code until it is redeemed.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) key: GrantKey,
    pub(crate) kind: Kind,
    pub(crate) scope: String,
    pub(crate) delegated_scope: Option<String>,
    /// For a service account: the mode in which its users are connected when they ask for `free_busy_write`.
    pub(crate) access: AccessMode,
    /// The profiles of the login that was used; the first is the linking profile.
    pub(crate) profiles: Vec<Profile>,
    /// The service account through which access was delegated.
    pub(crate) through: Option<String>,
}

/// A grant that was redeemed.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) kind: Kind,
    pub(crate) scope: String,
    pub(crate) delegated_scope: Option<String>,
    pub(crate) access: AccessMode,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) through: Option<String>,
    /// The current refresh token, once tokens were issued.
    pub(super) refresh_token: Option<String>,
}

impl State {
    pub(crate) fn authorization(&self, key: &GrantKey) -> Option<&Authorization> {
        self.authorizations.get(key)
    }

    /// Creates the authorization, or adds to the one that exists: profiles of other logins stay linked, and
    /// scope and delegated scope become those of the newest consent.
    ///
    /// A login belongs to one account of an application: it leaves the one that it was in before.
    pub(crate) fn authorize(&mut self, grant: Grant) {
        let Grant { key, kind, scope, delegated_scope, access, mut profiles, through } = grant;
        // The calendar of an application has no login that could be anywhere else.
        for profile in profiles.iter().filter(|_| kind == Kind::Account) {
            let before = self.links.join(&key, &profile.login);
            let Some(sub) = before.filter(|sub| *sub != key.sub) else { continue };
            let left = GrantKey { client_id: key.client_id.clone(), sub };
            if let Some(authorization) = self.authorizations.get_mut(&left) {
                authorization.profiles.retain(|other| other.login != profile.login);
            }
        }
        for profile in profiles.iter().filter(|profile| profile.is_hosted()) {
            self.calendars.open_hosted(&key.client_id, &profile.login, "Cronofy");
        }
        let existing = self.authorizations.remove(&key);
        let refresh_token = existing.as_ref().and_then(|existing| existing.refresh_token.clone());
        let others = existing.into_iter().flat_map(|existing| existing.profiles);
        let others: Vec<Profile> =
            others.filter(|other| profiles.iter().all(|profile| profile.login != other.login)).collect();
        profiles.splice(0..0, others);
        let authorization =
            Authorization { kind, scope, delegated_scope, access, profiles, through, refresh_token };
        self.authorizations.insert(key, authorization);
    }

    /// Ends an authorization with its tokens and codes, and every one that was made through it. Unknown subjects
    /// are none.
    pub(crate) fn revoke(&mut self, key: &GrantKey) {
        let through = |other: &GrantKey, authorization: &Authorization| {
            other.client_id == key.client_id && authorization.through.as_deref() == Some(&key.sub)
        };
        let mut ended: BTreeSet<GrantKey> = self
            .authorizations
            .iter()
            .filter(|(other, authorization)| through(other, authorization))
            .map(|(other, _)| other.clone())
            .collect();
        ended.insert(key.clone());
        self.authorizations.retain(|other, _| !ended.contains(other));
        self.drop_tokens_of(&ended);
        self.drop_codes_of(&ended);
        self.drop_link_tokens_of(&ended);
        self.drop_channels_of(&ended);
    }

    pub(crate) fn authorizations(&self) -> impl Iterator<Item = (&GrantKey, &Authorization)> {
        self.authorizations.iter()
    }

    /// A profile of a subject, in the authorization of every application that has it.
    pub(crate) fn profiles_mut<'a>(
        &'a mut self,
        sub: &'a str,
        profile_id: &'a str,
    ) -> impl Iterator<Item = &'a mut Profile> {
        let of_subject = self.authorizations.iter_mut().filter(move |(key, _)| key.sub == sub);
        of_subject
            .flat_map(|(_, authorization)| &mut authorization.profiles)
            .filter(move |profile| profile.id == profile_id)
    }

    /// Connects a login again wherever it is connected. `false` if it is nowhere.
    pub(crate) fn relink(&mut self, provider_name: &str, email: &str) -> bool {
        let profiles = self.authorizations.values_mut().flat_map(|found| &mut found.profiles);
        let meant = profiles.filter(|profile| {
            profile.provider_name == provider_name && profile.login.eq_ignore_ascii_case(email)
        });
        meant.map(|profile| profile.connected = true).count() > 0
    }

    /// Takes one profile out of an authorization, which stays. `false` if it has no such profile.
    pub(crate) fn revoke_profile(&mut self, key: &GrantKey, profile_id: &str) -> bool {
        let Some(authorization) = self.authorizations.get_mut(key) else { return false };
        let before = authorization.profiles.len();
        authorization.profiles.retain(|profile| profile.id != profile_id);
        authorization.profiles.len() < before
    }
}
