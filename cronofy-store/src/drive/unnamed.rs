//! Tokens that the server gave without a word whose they are.

use core::fmt;
use std::error::Error as StdError;
use std::sync::Arc;

use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::{App, DriveError, Endpoint as _, Error, Transport, TransportError, drive};

use super::{Cause, Pauses, Unsaved};
use crate::decide::Owner;
use crate::decide::pending::{Command, Reply};
use crate::store::{Ask, Store, StoreError, Told, ask};
use crate::{GrantId, Origin, Outcome, PendingId};

/// The only copy of new tokens, which the store cannot keep before it is known whose they are.
///
/// Of an organizational unit's answer nothing is documented but the tokens, so userinfo is asked; this is what there is
/// while that fails. The code is spent, so dropping this ends the authorization.
#[must_use = "dropping it loses tokens; `save` goes on until the store has them"]
pub struct Unnamed {
    pub(super) wait: PendingId,
    pub(super) owner: Owner,
    pub(super) origin: Origin,
    pub(super) tokens: Arc<TokenSet>,
    pub(super) error: Cause,
}

impl Unnamed {
    /// Why it could not be asked.
    pub fn error(&self) -> &Cause {
        &self.error
    }

    /// Asks whose they are until somebody says so, with pauses, then the store until it takes them, and says whose
    /// they are if they were kept. Where the API turns them down they are worth nothing: then that is the outcome.
    ///
    /// # Errors
    ///
    /// Where the store was closed. Nothing else ends it.
    pub async fn save<T: Transport>(
        self,
        store: &dyn Store,
        transport: &T,
        app: &App,
    ) -> Result<Option<GrantId>, StoreError> {
        let Self { wait, owner, origin, tokens, .. } = self;
        let mut pauses = Pauses::default();
        let id = loop {
            pauses.wait(transport).await;
            match name(transport, app, &tokens).await {
                Ok(id) => break id,
                Err(error) if is_final(&error) => {
                    let outcome = Outcome::Failed(error.to_string().into());
                    // Where this is not taken the code is sent once more, and that fails for good.
                    let _ = ask(store, Ask::Redeem(wait, Command::Fail { owner, outcome })).await;
                    return Ok(None);
                }
                Err(_) => {}
            }
        };
        let question = Ask::Finish { id: wait, grant: (id.clone(), origin, tokens) };
        let told = match ask(store, question.clone()).await {
            Ok(told) => told,
            Err(error) => Unsaved::new(question, error).save(store, transport).await?,
        };
        Ok(matches!(told, Told::Redeemed(Reply::Written)).then_some(id))
    }
}

/// Whose tokens these are: as they say, or else as userinfo says.
pub(super) async fn name<T: Transport>(
    transport: &T,
    app: &App,
    tokens: &TokenSet,
) -> Result<GrantId, DriveError<T::Error>> {
    if let Ok(id) = GrantId::of(app, tokens) {
        return Ok(id);
    }
    let userinfo = UserinfoOf::new(app.data_center().clone(), tokens.access_token.clone());
    Ok(GrantId::new(app, drive(transport, userinfo.call()).await?.sub))
}

fn is_final<E: TransportError>(error: &DriveError<E>) -> bool {
    let refusal = error.flow().and_then(Error::refusal);
    refusal.is_some_and(|refusal| refusal.status.is_client_error() && !refusal.was_not_acted_on())
}

impl fmt::Debug for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unnamed").field("error", &self.error).finish_non_exhaustive()
    }
}

impl fmt::Display for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Unnamed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}
