//! Asking for tokens.

use core::time::Duration;
use std::sync::Arc;

use cronofy_auth_core::token::TokenSet;
use cronofy_types::{Sub, Timestamp};

use super::flight::{Boarding, Landed};
use super::{Background, Change, TokenError, TokenManager};
use crate::decide::grant::Phase;
use crate::drive::Wanted;
use crate::store::{Ask, Told, ask};
use crate::{Grant, GrantId};

/// What the process remembers is believed for this long: then the store is asked what other processes did.
const TRUSTED: Duration = Duration::from_secs(60);

/// Tokens that came this recently are not refreshed because an API call rejected them: another reason than their age
/// is at work, and they would be refreshed for every call.
const NEW: Duration = Duration::from_secs(30);

impl<T: Background> TokenManager<T> {
    /// Tokens whose access token works for at least `min_remaining`, as far as anybody knows.
    ///
    /// Where those that are kept last for long enough they are served, and near their end they are refreshed in the
    /// background. Else they are refreshed first; where that fails, or another process is at it, what still works is
    /// served though it lasts for less: look at `expires_at` where that matters.
    ///
    /// What another process did to the authorization is seen within a minute.
    ///
    /// Where `min_remaining` is longer than new tokens live (half an hour, for a service account) every call refreshes
    /// them.
    ///
    /// # Errors
    ///
    /// Where the kept tokens do not work, and no others could be had.
    pub async fn valid_token(
        &self,
        id: &GrantId,
        min_remaining: Duration,
    ) -> Result<Arc<TokenSet>, TokenError> {
        self.check(id)?;
        let now = self.0.transport.now();
        let wanted = Wanted { min_remaining, ..Wanted::default() };
        let tokens = match self.fresh(&id.subject, &wanted, now) {
            Some(tokens) => tokens,
            None => self.obtain(id, wanted).await?,
        };
        if tokens.refresh_token.is_some() && tokens.expires_within(tokens.early(), now) {
            self.refresh_early(id, &tokens);
        }
        Ok(tokens)
    }

    /// Tokens that are newer than those that are kept, whatever these are good for. A pause after failures is passed
    /// over: for a user who asks.
    ///
    /// # Errors
    ///
    /// Where no others could be had. Those that are kept may still work.
    pub async fn refresh_now(&self, id: &GrantId) -> Result<Arc<TokenSet>, TokenError> {
        self.check(id)?;
        let (generation, _) = self.look(id).await?;
        self.obtain(id, Wanted { replacing: Some(generation), urgent: true, ..Wanted::default() }).await
    }

    /// Reports that the API answered 401 to these tokens, and gives others: those that somebody has refreshed since, or
    /// refreshed ones. `None` where these came within half a minute: then it is not their age that the API minds.
    ///
    /// [`call`](Self::call) does this for flows of `cronofy-auth-core`.
    ///
    /// # Errors
    ///
    /// Where no others could be had.
    pub async fn rejected(
        &self,
        id: &GrantId,
        tokens: &TokenSet,
    ) -> Result<Option<Arc<TokenSet>>, TokenError> {
        self.check(id)?;
        let (generation, kept) = self.look(id).await?;
        if kept.access_token.expose() != tokens.access_token.expose() {
            return self.valid_token(id, Duration::ZERO).await.map(Some);
        }
        let now = self.0.transport.now();
        // What comes from the future was brought by a process whose clock is ahead, and says nothing of its age.
        if kept.received_at <= now && now.saturating_since(kept.received_at) < NEW {
            return Ok(None);
        }
        let wanted = Wanted { replacing: Some(generation), ..Wanted::default() };
        self.obtain(id, wanted).await.map(Some)
    }

    /// The authorization as the store has it.
    ///
    /// # Errors
    ///
    /// Where the store failed.
    pub async fn grant(&self, id: &GrantId) -> Result<Option<Grant>, TokenError> {
        match ask(&*self.0.store, Ask::Grant(id.clone())).await? {
            Told::Grant(grant) => Ok(grant.map(|grant| *grant)),
            _ => Ok(None),
        }
    }

    /// The kept tokens and their generation, out of the store.
    pub(super) async fn look(&self, id: &GrantId) -> Result<(u64, Arc<TokenSet>), TokenError> {
        let Some(grant) = self.grant(id).await? else { return Err(TokenError::Absent) };
        let generation = grant.generation;
        match (grant.phase, grant.tokens) {
            (Phase::NeedsReauth(reason), _) => {
                self.remember_end(id, generation, &Change::NeedsReconnect(id.clone(), reason));
                Err(TokenError::NeedsReconnect(reason))
            }
            (Phase::Revoked, _) | (_, None) => {
                self.remember_end(id, generation, &Change::Revoked(id.clone()));
                Err(TokenError::Revoked)
            }
            (_, Some(tokens)) => {
                self.remember(id, generation, Arc::clone(&tokens));
                Ok((generation, tokens))
            }
        }
    }

    /// What is remembered, where it is what is wanted.
    pub(super) fn fresh(&self, subject: &Sub, wanted: &Wanted, now: Timestamp) -> Option<Arc<TokenSet>> {
        let cached = self.0.cache.get(subject)?;
        let counts = wanted.replacing.is_none_or(|generation| cached.generation > generation);
        let trusted = now.saturating_since(cached.seen) < TRUSTED;
        cached.tokens.filter(|tokens| counts && trusted && !tokens.expires_within(wanted.min_remaining, now))
    }

    async fn obtain(&self, id: &GrantId, wanted: Wanted) -> Landed {
        loop {
            let landed = match self.board(id, wanted) {
                Boarding::Use(tokens) => return Ok(tokens),
                Boarding::Refused(error) => Err(error),
                Boarding::Aboard { landing, shared } => {
                    let landed = landing.await.unwrap_or(Err(TokenError::Interrupted));
                    if !shared {
                        continue;
                    }
                    landed
                }
            };
            return landed.or_else(|error| self.make_do(id, wanted, error));
        }
    }

    /// After a failure: what is remembered, if it still works.
    fn make_do(&self, id: &GrantId, wanted: Wanted, error: TokenError) -> Landed {
        if error.is_lasting() {
            return Err(error);
        }
        let now = self.0.transport.now();
        let Some(cached) = self.0.cache.get(&id.subject) else { return Err(error) };
        let counts = wanted.replacing.is_none_or(|generation| cached.generation > generation);
        cached.tokens.filter(|tokens| counts && !tokens.expires_within(Duration::ZERO, now)).ok_or(error)
    }

    pub(super) fn check(&self, id: &GrantId) -> Result<(), TokenError> {
        if id.is_of(&self.0.app) { Ok(()) } else { Err(TokenError::OtherApp) }
    }
}
