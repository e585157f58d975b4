//! The loops that carry workers out: a store, a transport, and the machine that says what is next.

use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use cronofy_auth_core::token::{Refresh, TokenSet};
use cronofy_auth_core::{
    App, BlockingTransport, Call, DriveError, Endpoint as _, Error, RetryPolicy, Transport, TransportError,
    drive, drive_blocking,
};

use crate::decide::Owner;
use crate::obtain::{Answer, Input, Obtain, Outcome, Step, Terms};
use crate::store::{Ask, Store, StoreError, Told, ask, ask_blocking};
use crate::{Grant, GrantId};

/// How long a claim lasts, and how long the call that it is for can take.
///
/// A call that could outlive its claim is not made: somebody else would use the same refresh token meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    call: Duration,
    lease: Duration,
}

/// The lease is too short for the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lease of {lease:?} is not longer than the call that it is for, which can take {call:?}")]
#[non_exhaustive]
pub struct LeaseTooShort {
    /// The lease.
    pub lease: Duration,
    /// How long the call can take.
    pub call: Duration,
}

impl Lease {
    /// A lease of `lease` for calls that end within `call`: the transport's deadline.
    pub fn new(lease: Duration, call: Duration) -> Result<Self, LeaseTooShort> {
        if lease <= call {
            return Err(LeaseTooShort { lease, call });
        }
        Ok(Self { call, lease })
    }

    /// A lease that is long enough for calls that end within `call`, and time to spare for a process that is slow.
    pub fn for_calls_of(call: Duration) -> Self {
        Self { call, lease: call.saturating_mul(2).saturating_add(Duration::from_secs(10)) }
    }

    /// How long a claim lasts.
    pub fn duration(self) -> Duration {
        self.lease
    }

    /// Whether a call begun now ends before a claim that was asked for at `claimed`.
    fn lasts(self, claimed: Instant) -> bool {
        claimed.elapsed().saturating_add(self.call) < self.lease
    }
}

/// What a worker came to, and why, where it failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Obtained {
    /// What it came to.
    pub outcome: Outcome<Arc<TokenSet>>,
    /// What the transport or the server said, where there was a call and it brought no tokens.
    pub error: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What is the same in both loops.
struct Worker {
    machine: Obtain<Arc<TokenSet>>,
    lease: Lease,
    claimed: Instant,
    error: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Worker {
    fn start(
        owner: Owner,
        lease: Lease,
        min_remaining: Duration,
        urgent: bool,
    ) -> (Self, Step<Arc<TokenSet>>) {
        let terms = Terms { min_remaining, lease: lease.lease, urgent };
        let (machine, step) = Obtain::start(owner, terms);
        (Self { machine, lease, claimed: Instant::now(), error: None }, step)
    }

    /// The refresh, if there still is time for it. It is sent once: whether it is repeated is the row's to know.
    fn refresh(&self, app: &App, tokens: &TokenSet) -> Option<Call<Refresh>> {
        let refresh = Refresh::new(app.clone(), tokens).filter(|_| self.lease.lasts(self.claimed))?;
        Some(refresh.call().with_policy(RetryPolicy::NEVER))
    }

    fn answer<E: TransportError>(&mut self, result: Result<TokenSet, DriveError<E>>) -> Input<Arc<TokenSet>> {
        let error = match result {
            Ok(tokens) => return Input::Answer(Answer::Tokens(Arc::new(tokens))),
            Err(error) => error,
        };
        let answer = match &error {
            DriveError::NoAnswer { fault, .. } => of_fault(*fault),
            DriveError::Flow(error) => of_error(error),
            _ => Answer::Unknown,
        };
        self.error = Some(Arc::new(error));
        Input::Answer(answer)
    }

    fn end(self, outcome: Outcome<Arc<TokenSet>>) -> Obtained {
        Obtained { outcome, error: self.error }
    }
}

fn of_fault<T>(fault: cronofy_auth_core::Fault) -> Answer<T> {
    match fault {
        cronofy_auth_core::Fault::NotSent => Answer::Failed { asked: None },
        cronofy_auth_core::Fault::Unknown => Answer::Unknown,
    }
}

fn of_error<T>(error: &Error) -> Answer<T> {
    match error {
        Error::Refused(refusal) if refusal.needs_reconnect() => Answer::Dead,
        Error::Refused(refusal) if refusal.was_not_acted_on() => {
            Answer::Failed { asked: refusal.retry_after }
        }
        Error::Unsendable(_) | Error::Misuse(_) => Answer::Failed { asked: None },
        Error::NoAnswer(fault) => of_fault(*fault),
        // A server in trouble may have replaced the token before it was; so may one whose answer cannot be read.
        _ => Answer::Unknown,
    }
}

/// The question of a step, if it is one for the store.
fn question(step: &Step<Arc<TokenSet>>, id: &GrantId) -> Option<Ask> {
    match step {
        Step::Read => Some(Ask::Grant(id.clone())),
        Step::Ask(command) => Some(Ask::Decide(id.clone(), command.clone())),
        _ => None,
    }
}

fn told(told: Told) -> Input<Arc<TokenSet>> {
    match told {
        Told::Grant(grant) => Input::Row(grant.as_deref().map(Grant::row)),
        Told::Decided(reply) => Input::Reply(reply),
        // The machine asks again whatever it was that it asked.
        _ => Input::Woke,
    }
}

/// Tokens of `id` that last for `min_remaining`, out of the store or by a refresh. `owner` comes from a secure random
/// source and is used once; `urgent` passes over a pause after failures.
///
/// Dropped before it is done it may leave a claim that nobody releases until it ends: spawn it.
pub async fn obtain<T: Transport>(
    store: &dyn Store,
    transport: &T,
    app: &App,
    id: &GrantId,
    (owner, lease): (Owner, Lease),
    (min_remaining, urgent): (Duration, bool),
) -> Result<Obtained, StoreError> {
    let (mut worker, mut step) = Worker::start(owner, lease, min_remaining, urgent);
    loop {
        let input = if let Some(question) = question(&step, id) {
            worker.mark(&step);
            told(ask(store, question).await?)
        } else {
            match step {
                Step::Send(tokens) => match worker.refresh(app, &tokens) {
                    Some(refresh) => worker.answer(drive(transport, refresh).await),
                    None => Input::Answer(Answer::Failed { asked: None }),
                },
                Step::Sleep(duration) => {
                    transport.sleep(duration).await;
                    Input::Woke
                }
                Step::Done(outcome) => return Ok(worker.end(outcome)),
                Step::Read | Step::Ask(_) => Input::Woke,
            }
        };
        step = worker.machine.step(input, transport.now());
    }
}

/// The same for a transport that blocks.
pub fn obtain_blocking<T: BlockingTransport>(
    store: &dyn Store,
    transport: &T,
    app: &App,
    id: &GrantId,
    (owner, lease): (Owner, Lease),
    (min_remaining, urgent): (Duration, bool),
) -> Result<Obtained, StoreError> {
    let (mut worker, mut step) = Worker::start(owner, lease, min_remaining, urgent);
    loop {
        let input = if let Some(question) = question(&step, id) {
            worker.mark(&step);
            told(ask_blocking(store, question)?)
        } else {
            match step {
                Step::Send(tokens) => match worker.refresh(app, &tokens) {
                    Some(refresh) => worker.answer(drive_blocking(transport, refresh)),
                    None => Input::Answer(Answer::Failed { asked: None }),
                },
                Step::Sleep(duration) => {
                    transport.sleep(duration);
                    Input::Woke
                }
                Step::Done(outcome) => return Ok(worker.end(outcome)),
                Step::Read | Step::Ask(_) => Input::Woke,
            }
        };
        step = worker.machine.step(input, transport.now());
    }
}

impl Worker {
    /// A claim runs from when it was asked for: later than that it may have been granted, never earlier.
    fn mark(&mut self, step: &Step<Arc<TokenSet>>) {
        if let Step::Ask(crate::decide::grant::Command::Claim { .. }) = step {
            self.claimed = Instant::now();
        }
    }
}
