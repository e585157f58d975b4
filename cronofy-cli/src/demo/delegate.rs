//! The second leg of Business and Enterprise Connect: Cronofy posts the outcome, without anybody at a keyboard.

use cronofy_auth_core::delegate::{DelegationRequest, PendingDelegation, Resumed};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{DelegationFailure, DelegationOutcome, EmailAddress, Scopes};

use super::driver::Driver;
use super::failure::{Failure, holds};
use super::narrate::Actor;
use super::receiver::{Arrival, CALLBACK_PATH};
use super::stage::{Stage, fresh_state};

/// What became of one mailbox.
pub(super) struct Outcome {
    pub(super) email: EmailAddress,
    pub(super) result: Result<TokenSet, DelegationFailure>,
}

impl<D: Driver> Stage<'_, D> {
    /// A request for one mailbox.
    pub(super) fn wish(&self, email: &EmailAddress, scope: &Scopes) -> Result<DelegationRequest, Failure> {
        let callback_url = self.receiver.url().clone();
        Ok(DelegationRequest::new(email.clone(), callback_url, scope.clone(), fresh_state()?))
    }

    /// Keeps what is pending before the request is sent: the callback may be quicker than the answer.
    pub(super) fn keep(&mut self, pending: &[PendingDelegation]) -> Result<(), Failure> {
        for pending in pending {
            self.witness.value(pending);
            self.shelf.keep(pending.state(), pending)?;
        }
        Ok(())
    }

    /// Waits for as many callbacks, matches each to what is pending, and redeems its code.
    ///
    /// They come in any order. They are told, and redeemed, in the order in which the mailboxes were asked for.
    pub(super) fn redeem(&mut self, asked: &[DelegationRequest]) -> Result<Vec<Outcome>, Failure> {
        let mut matched = Vec::new();
        for _ in asked {
            let Arrival { status, callback } = self.receiver.next()?;
            let callback = callback.map_err(|why| Failure::new(format!("a callback was refused: {why}")))?;
            self.witness.value(&callback);
            let state = callback.state.clone().ok_or_else(|| Failure::new("a callback brought no state"))?;
            let pending: PendingDelegation = self.shelf.take(&state)?;
            self.witness.value(&pending);
            let place = asked.iter().position(|wish| wish.state == state);
            let place = place.ok_or_else(|| Failure::new("a callback is about something else"))?;
            matched.push((place, status, pending, callback));
        }
        matched.sort_by_key(|(place, ..)| *place);

        let mut resumed = Vec::new();
        for (_, status, pending, callback) in matched {
            self.script.asked(Actor::Cronofy, "POST", CALLBACK_PATH);
            self.script.answered(status);
            let email = pending.email().clone();
            self.fact(match &callback.outcome {
                DelegationOutcome::Granted(_) => format!("signature verified; a code for {email}"),
                DelegationOutcome::Failed(failure) => {
                    format!("signature verified; {email} failed: {}", failure.error)
                }
            });
            resumed.push((email, pending.resume(callback, &self.app, self.now())?));
        }

        let mut outcomes = Vec::new();
        for (email, resumed) in resumed {
            self.witness.value(&resumed);
            let result = match resumed {
                Resumed::Failed(failure) => Err(failure),
                Resumed::Granted(exchange) => {
                    let tokens = self.call(exchange)?;
                    self.fact(format!("code redeemed: tokens of {email}"));
                    Ok(tokens)
                }
            };
            outcomes.push(Outcome { email, result });
        }
        holds(self.shelf.stored().next().is_none(), "nothing is left pending")?;
        Ok(outcomes)
    }
}
