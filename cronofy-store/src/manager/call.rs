//! Calls that bring their tokens, and try once more where these are turned down.

use std::sync::Arc;

use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::{DriveError, Error, Flow, RefusalKind, TransportError, drive};

use super::{Background, TokenError, TokenManager};
use crate::GrantId;

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError<E: TransportError> {
    /// There are no tokens to call with.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The call failed.
    #[error(transparent)]
    Call(#[from] DriveError<E>),
}

impl<T: Background> TokenManager<T> {
    /// Drives a flow that is made of tokens. Where the API answers 401 it is made and driven once more, of others: once,
    /// since what is wrong then is not their age.
    ///
    /// Tokens that came within half a minute are not refreshed for it, as at [`rejected`](Self::rejected): the 401 is the
    /// error.
    ///
    /// The tokens last for as long as a call can take.
    ///
    /// # Errors
    ///
    /// Where there are no tokens, or the flow failed.
    pub async fn call<F: Flow>(
        &self,
        id: &GrantId,
        flow: impl Fn(&TokenSet) -> F,
    ) -> Result<F::Output, CallError<T::Error>> {
        let tokens = self.valid_token(id, self.0.lease.call()).await?;
        let error = match drive(&self.0.transport, flow(&tokens)).await {
            Ok(output) => return Ok(output),
            Err(error) => error,
        };
        if !is_unauthorized(&error) {
            return Err(error.into());
        }
        match self.rejected(id, &tokens).await? {
            Some(others) if !Arc::ptr_eq(&others, &tokens) => {
                Ok(drive(&self.0.transport, flow(&others)).await?)
            }
            _ => Err(error.into()),
        }
    }
}

fn is_unauthorized<E: TransportError>(error: &DriveError<E>) -> bool {
    let refusal = error.flow().and_then(Error::refusal);
    refusal.is_some_and(|refusal| refusal.kind() == RefusalKind::Unauthorized)
}
