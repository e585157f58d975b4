//! The beginning and the end of an authorization.

use std::sync::Arc;

use cronofy_auth_core::token::{Revoke, TokenSet};
use cronofy_auth_core::{Endpoint as _, drive};

use super::{Background, Change, RevokeError, TokenError, TokenManager};
use crate::decide::grant::{Command, Reply};
use crate::drive::Unsaved;
use crate::store::{Ask, Told, ask};
use crate::{Grant, GrantId, Origin};

impl<T: Background> TokenManager<T> {
    /// Keeps the tokens of a new authorization, in the place of those that are there. A refresh that is under way
    /// brings them back nowhere, in no process.
    ///
    /// # Errors
    ///
    /// [`TokenError::Unsaved`] where the store did not take them: then they are offered to it until it does, unless
    /// something newer is there. Where it could not even be read they are yours still, so call this again.
    /// [`TokenError::OtherApp`] where `id` is another application's.
    pub async fn authorize(
        &self,
        id: &GrantId,
        origin: Origin,
        tokens: Arc<TokenSet>,
    ) -> Result<(), TokenError> {
        self.check(id)?;
        let (manager, id) = (self.clone(), id.clone());
        let work = async move {
            let generation = manager.grant(&id).await?.map_or(0, |grant| grant.generation);
            let question =
                Ask::Authorize { id: id.clone(), origin: origin.clone(), tokens: Arc::clone(&tokens) };
            match ask(&*manager.0.store, question).await {
                Ok(Told::Decided(Reply::Written { generation })) => manager.remember(&id, generation, tokens),
                Ok(_) => {}
                Err(error) => {
                    let again = Ask::AuthorizeOver { generation, id: id.clone(), origin, tokens };
                    let error = manager.keep(Unsaved::new(again, error));
                    manager.0.subscribers.tell(&Change::Unsaved(id));
                    return Err(TokenError::Unsaved(error));
                }
            }
            manager.began(&id);
            Ok(())
        };
        self.detached(work).await.unwrap_or(Err(TokenError::Interrupted))
    }

    pub(super) fn began(&self, id: &GrantId) {
        self.flights().end_pause(&id.subject);
        self.0.subscribers.tell(&Change::Authorized(id.clone()));
    }

    /// Ends an authorization, in the store and at Cronofy; with that of a service account, all that it made.
    ///
    /// In the store first, so that nobody refreshes it any more, and at Cronofy as a whole: tokens that a refresh under
    /// way still brings are dead as well, or are ended when they come.
    ///
    /// # Errors
    ///
    /// Where something was not done. Calling it again does the rest.
    pub async fn revoke(&self, id: &GrantId) -> Result<(), RevokeError> {
        self.check(id).map_err(RevokeError::NotDone)?;
        let (manager, id) = (self.clone(), id.clone());
        let work = async move { manager.end(&id).await };
        self.detached(work).await.unwrap_or(Err(RevokeError::NotDone(TokenError::Interrupted)))
    }

    async fn end(&self, id: &GrantId) -> Result<(), RevokeError> {
        let before = self.grant(id).await.map_err(RevokeError::NotDone)?;
        let before = before.ok_or(RevokeError::NotDone(TokenError::Absent))?;
        let told = ask(&*self.0.store, Ask::Decide(id.clone(), Command::Revoke)).await;
        if let Told::Decided(Reply::Written { generation }) =
            told.map_err(|error| RevokeError::NotDone(error.into()))?
        {
            self.remember_end(id, generation, &Change::Revoked(id.clone()));
        }
        let delegated = match before.origin {
            Origin::ServiceAccount => self.end_delegated(id).await,
            _ => Ok(()),
        };
        drive(&self.0.transport, self.revocation(&before).call())
            .await
            .map_err(|error| RevokeError::NotTold(Arc::new(error)))?;
        delegated
    }

    /// By the subject, which no refresh changes. That a service account has one in this sense is not documented, so its
    /// token goes along as long as there is one.
    fn revocation(&self, grant: &Grant) -> Revoke {
        let app = self.0.app.clone();
        match (&grant.origin, &grant.tokens) {
            (Origin::ServiceAccount, Some(tokens)) => match &tokens.refresh_token {
                Some(token) => Revoke::refresh_token(app, token.clone()),
                None => Revoke::access_token(app, tokens.access_token.clone()),
            },
            _ => Revoke::sub(app, grant.id.subject.clone()),
        }
    }

    async fn end_delegated(&self, through: &GrantId) -> Result<(), RevokeError> {
        let question = Ask::EndDelegated { through: through.clone() };
        let told = ask(&*self.0.store, question).await;
        let Told::Ended(subjects) = told.map_err(|error| RevokeError::Delegated(Arc::new(error)))? else {
            return Ok(());
        };
        for subject in subjects {
            // It is remembered and told. If this cannot read it, whoever asks next does.
            let _ = self.look(&GrantId::new(&self.0.app, subject)).await;
        }
        Ok(())
    }
}
