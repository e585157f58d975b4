//! Access and refresh tokens.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use super::{GrantKey, Kind, State};
use crate::clock::after;
use crate::ids::Ids;
use crate::policy::RefreshMode;

#[derive(Clone)]
pub(super) struct AccessToken {
    key: GrantKey,
    expires_at: SystemTime,
}

#[derive(Clone)]
pub(super) struct RefreshToken {
    key: GrantKey,
    /// `None` for the current token; a replaced one lives on until here.
    replaced_until: Option<SystemTime>,
}

/// What a token response holds besides identity.
pub(crate) struct TokenPair {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) expires_in: Duration,
    pub(crate) scope: String,
}

/// Access tokens. Within the hour that one lives, more than anybody's tests need.
pub(super) const MOST: usize = 1_000_000;

impl State {
    /// A new access token, with the authorization's refresh token. `None` if there is no such authorization.
    pub(crate) fn issue_tokens(&mut self, ids: &Ids, now: SystemTime, key: &GrantKey) -> Option<TokenPair> {
        let authorization = self.authorizations.get_mut(key)?;
        let scope = authorization.scope.clone();
        let expires_in = match authorization.kind {
            Kind::ServiceAccount => self.policy.service_token_lifetime,
            Kind::Account | Kind::Unit | Kind::ApplicationCalendar { .. } => self.policy.user_token_lifetime,
        };
        let refresh_token = authorization.refresh_token.get_or_insert_with(|| ids.token()).clone();
        self.refresh_tokens
            .entry(refresh_token.clone())
            .or_insert_with(|| RefreshToken { key: key.clone(), replaced_until: None });
        let access_token = ids.token();
        let record = AccessToken { key: key.clone(), expires_at: after(now, expires_in) };
        self.access_tokens.add(access_token.clone(), record, |token| token.expires_at <= now);
        Some(TokenPair { access_token, refresh_token, expires_in, scope })
    }

    /// Answers a refresh.
    pub(crate) fn refresh(
        &mut self,
        ids: &Ids,
        now: SystemTime,
        client_id: &str,
        token: &str,
    ) -> Option<TokenPair> {
        let record = self.refresh_tokens.get(token)?;
        if record.key.client_id != client_id {
            return None;
        }
        let (key, replaced_until) = (record.key.clone(), record.replaced_until);
        match (replaced_until, self.policy.refresh_mode) {
            (Some(until), _) if until <= now => {
                self.refresh_tokens.remove(token);
                return None;
            }
            // Within its grace a replaced token gets the current one, however often it asks.
            (Some(_), _) | (None, RefreshMode::Stable) => {}
            (None, RefreshMode::RotateStrict) => {
                self.refresh_tokens.remove(token);
                self.authorizations.get_mut(&key)?.refresh_token = None;
            }
            (None, RefreshMode::RotateWithGrace(grace)) => {
                self.forget_replaced(now);
                self.replaced.push_back(token.to_owned());
                if let Some(record) = self.refresh_tokens.get_mut(token) {
                    record.replaced_until = Some(after(now, grace));
                }
                self.authorizations.get_mut(&key)?.refresh_token = None;
            }
        }
        self.issue_tokens(ids, now, &key)
    }

    /// Replaced tokens whose grace is over, oldest first: none waits for a search through all the others.
    fn forget_replaced(&mut self, now: SystemTime) {
        let over = |token: &RefreshToken| token.replaced_until.is_some_and(|until| until <= now);
        while let Some(oldest) = self.replaced.front()
            && self.refresh_tokens.get(oldest).is_none_or(over)
        {
            self.refresh_tokens.remove(oldest);
            self.replaced.pop_front();
        }
    }

    /// The authorization of an access token: `Err` holds the reason for a 401.
    pub(crate) fn access(&self, now: SystemTime, token: &str) -> Result<&GrantKey, &'static str> {
        match self.access_tokens.get(token) {
            None => Err("unknown or revoked access token"),
            Some(token) if token.expires_at <= now => Err("the access token expired"),
            Some(token) => Ok(&token.key),
        }
    }

    /// The authorization of a refresh or access token, expired or not: what revocation accepts.
    pub(crate) fn key_of_token(&self, token: &str) -> Option<&GrantKey> {
        let refresh = self.refresh_tokens.get(token).map(|token| &token.key);
        refresh.or_else(|| self.access_tokens.get(token).map(|token| &token.key))
    }

    /// Makes every access token, or those of one subject, expire now; refresh tokens live on. Gives how many there
    /// were that had not expired.
    pub(crate) fn expire_access_tokens(&mut self, now: SystemTime, sub: Option<&str>) -> usize {
        let alive = self.access_tokens.values_mut().filter(|token| token.expires_at > now);
        let meant = alive.filter(|token| sub.is_none_or(|sub| token.key.sub == sub));
        meant.map(|token| token.expires_at = now).count()
    }

    pub(super) fn drop_tokens_of(&mut self, ended: &BTreeSet<GrantKey>) {
        self.access_tokens.retain(|token| !ended.contains(&token.key));
        self.refresh_tokens.retain(|_, token| !ended.contains(&token.key));
    }
}
