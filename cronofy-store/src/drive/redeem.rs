//! Drives [`Redeem`].

use std::sync::Arc;
use std::time::Instant;

use cronofy_auth_core::authorize::{self, ConnectMode};
use cronofy_auth_core::delegate::{self, Through};
use cronofy_auth_core::token::{TokenExchange, TokenSet};
use cronofy_auth_core::{App, Endpoint as _, RetryPolicy, Transport, drive};
use cronofy_types::{
    DelegationCallback, DelegationOutcome, Redirect, RedirectError, RedirectOutcome, State, Timestamp,
};

use super::unnamed::name;
use super::{Cause, Effect, Failure, Lease, NotRedeemed, Unnamed, Unsaved, effect};
use crate::decide::Owner;
use crate::decide::pending::{CodeHash, Command, Reply};
use crate::redeem::{Answer, Ended, Input, Redeem, Resumed, Step};
use crate::store::{Ask, Store, Told, ask};
use crate::{GrantId, Origin, Outcome, Pending, PendingId, code_hash};

/// What came back from the outside world.
#[derive(Debug)]
#[non_exhaustive]
pub enum Brought {
    /// By a browser.
    Redirect(Redirect),
    /// By a callback that was verified.
    Callback(DelegationCallback),
}

/// What it came to, and why, where it failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Redeemed {
    /// What it came to.
    pub ended: Ended<Outcome>,
    /// Whether tokens were kept just now: else it came before, or nothing came of it.
    pub kept: bool,
    /// What does not fit, or what the transport or the server said, where there was a call and it brought no tokens.
    pub error: Option<Cause>,
}

/// Redeems what was brought for the wait that is named by `state`, unless that has happened before. `owner` comes from
/// a secure random source and is used once.
///
/// Dropped before it is done it may leave a claim that nobody releases until it ends, and lose tokens: spawn it.
///
/// # Errors
///
/// Where the store failed. [`Failure::Unsaved`] and [`NotRedeemed::Unnamed`] hold tokens that have to be saved.
pub async fn redeem<T: Transport>(
    store: &dyn Store,
    transport: &T,
    app: &App,
    (state, brought): (&State, &Brought),
    (owner, lease): (Owner, Lease),
) -> Result<Redeemed, NotRedeemed> {
    let id = PendingId::of(state);
    let code = match brought.code(state) {
        Ok(code) => code,
        Err(error) => {
            // Not worth a question: whatever waits goes on waiting.
            let error: Cause = Arc::new(error);
            return Ok(Redeemed { ended: Ended::NotMatched, kept: false, error: Some(error) });
        }
    };
    let mut kept = false;
    let (mut machine, mut step) = Redeem::start(owner, code, lease.duration());
    let mut worker = Worker { app, lease, taken: Instant::now(), exchange: None, error: None };
    loop {
        let input = match step {
            Step::Ask(command) => {
                if matches!(command, Command::Take { .. }) {
                    worker.taken = Instant::now();
                }
                hear(ask(store, Ask::Redeem(id, command)).await.map_err(Failure::from)?)
            }
            Step::Resume(pending) => Input::Resumed(worker.resume(brought, pending, transport.now())),
            Step::Send => match worker.send(transport).await {
                Ok(answer) => Input::Answer(answer),
                Err((origin, tokens, error)) => {
                    return Err(NotRedeemed::Unnamed(Unnamed { wait: id, owner, origin, tokens, error }));
                }
            },
            Step::Keep(grant) => {
                let question = Ask::Finish { id, grant };
                match ask(store, question.clone()).await {
                    Ok(told) => {
                        kept = matches!(told, Told::Redeemed(Reply::Written));
                        hear(told)
                    }
                    Err(error) => return Err(Failure::Unsaved(Unsaved::new(question, error)).into()),
                }
            }
            Step::Sleep(duration) => {
                transport.sleep(duration).await;
                Input::Woke
            }
            Step::Done(ended) => return Ok(Redeemed { ended, kept, error: worker.error }),
        };
        step = machine.step(input);
    }
}

type Granted = (GrantId, Origin, Arc<TokenSet>);
/// Tokens without anybody's name, and why nobody could be asked.
type Nobodys = (Origin, Arc<TokenSet>, Cause);

fn hear(told: Told) -> Input<Pending, Outcome, Granted> {
    match told {
        Told::Redeemed(reply) => Input::Reply(reply),
        // The machine asks again whatever it was that it asked.
        _ => Input::Woke,
    }
}

impl Brought {
    /// Names what came, so that one answer can be told from another.
    fn code(&self, state: &State) -> Result<CodeHash, RedirectError> {
        let code = match self {
            Self::Redirect(redirect) => match redirect.outcome(state)? {
                RedirectOutcome::Code(code) => Some(code),
                RedirectOutcome::Denied(_) => None,
            },
            Self::Callback(callback) => match &callback.outcome {
                DelegationOutcome::Granted(code) => Some(code.clone()),
                DelegationOutcome::Failed(_) => None,
            },
        };
        Ok(code.as_ref().map_or([0; 32], code_hash))
    }
}

struct Worker<'a> {
    app: &'a App,
    lease: Lease,
    taken: Instant,
    exchange: Option<(TokenExchange, Origin)>,
    error: Option<Cause>,
}

impl Worker<'_> {
    fn resume(&mut self, brought: &Brought, pending: Pending, now: Timestamp) -> Resumed<Outcome> {
        let origin = origin(&pending);
        let refused = |why: String| Resumed::Refused(Outcome::Failed(why.into()));
        let exchange = match (pending, brought) {
            (Pending::Authorization(pending), Brought::Redirect(redirect)) => {
                match pending.resume(redirect, self.app, now) {
                    Ok(authorize::Resumed::Granted(exchange)) => exchange,
                    Ok(authorize::Resumed::Denied(denial)) => return refused(denial.to_string()),
                    Err(error) => return self.not_matched(error),
                }
            }
            (Pending::Delegation { pending, .. }, Brought::Callback(callback)) => {
                match pending.resume(callback.clone(), self.app, now) {
                    Ok(delegate::Resumed::Granted(exchange)) => exchange,
                    Ok(delegate::Resumed::Failed(failure)) => return refused(failure.to_string()),
                    Err(error) => return self.not_matched(error),
                }
            }
            _ => return Resumed::NotMatched,
        };
        self.exchange = Some((exchange, origin));
        Resumed::Code
    }

    fn not_matched(&mut self, error: impl std::error::Error + Send + Sync + 'static) -> Resumed<Outcome> {
        self.error = Some(Arc::new(error));
        Resumed::NotMatched
    }

    async fn send<T: Transport>(&mut self, transport: &T) -> Result<Answer<Outcome, Granted>, Nobodys> {
        let Some((exchange, origin)) = self.exchange.take().filter(|_| self.lease.lasts(self.taken)) else {
            return Ok(Answer::Failed);
        };
        // Sent once: whether it is repeated is the row's to know.
        let error = match drive(transport, exchange.call().with_policy(RetryPolicy::NEVER)).await {
            Ok(tokens) => {
                let tokens = Arc::new(tokens);
                return match name(transport, self.app, &tokens).await {
                    Ok(id) => Ok(Answer::Tokens((id.clone(), origin, tokens), Outcome::Granted(id))),
                    Err(error) => Err((origin, tokens, Arc::new(error))),
                };
            }
            Err(error) => error,
        };
        let answer = match effect(&error) {
            Effect::Dead => Answer::Dead(Outcome::Failed(error.to_string().into())),
            Effect::Nothing { .. } => Answer::Failed,
            Effect::Unknown => Answer::Unknown,
        };
        self.error = Some(Arc::new(error));
        Ok(answer)
    }
}

fn origin(pending: &Pending) -> Origin {
    match pending {
        Pending::Authorization(pending) => match pending.mode() {
            ConnectMode::Enterprise => Origin::ServiceAccount,
            ConnectMode::Organization => Origin::Organization,
            _ => Origin::Account,
        },
        Pending::Delegation { through, pending } => match pending.through() {
            Through::Profile(_) => Origin::Business { through: through.clone() },
            _ => Origin::Delegated { through: through.clone() },
        },
    }
}
