//! Drives [`Obtain`].

use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use cronofy_auth_core::token::{Refresh, TokenSet};
use cronofy_auth_core::{
    App, Call, DriveError, Endpoint as _, RetryPolicy, Transport, TransportError, drive,
};

use super::{Cause, Effect, Failure, Lease, Unsaved, effect};
use crate::decide::Owner;
use crate::decide::grant::{Command, Reply};
use crate::obtain::{Answer, Input, Obtain, Outcome, Step, Terms};
use crate::store::{Ask, Store, StoreError, Told, ask};
use crate::{Grant, GrantId};

/// What tokens are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// For how long they have to last.
    pub min_remaining: Duration,
    /// The tokens of this generation do not count.
    pub replacing: Option<u64>,
    /// Whether a pause after failures is passed over: a user asked.
    pub urgent: bool,
}

/// What a worker came to, and why, where it failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Obtained {
    /// What it came to.
    pub outcome: Outcome<Arc<TokenSet>>,
    /// The generation of the row, as it was last read or written.
    pub generation: u64,
    /// Whether these tokens came by a refresh just now.
    pub refreshed: bool,
    /// Tokens that came for an authorization that was revoked meanwhile: to be ended as well.
    pub orphan: Option<Arc<TokenSet>>,
    /// How long nobody is to try again, where it failed.
    pub pause: Option<Duration>,
    /// What the transport or the server said, where there was a call and it brought no tokens.
    pub error: Option<Cause>,
}

/// Tokens of `id` as they are wanted, out of the store or by a refresh. `owner` comes from a secure random source and
/// is used once.
///
/// Dropped before it is done it may leave a claim that nobody releases until it ends, and lose tokens: spawn it.
///
/// # Errors
///
/// Where the store failed. [`Failure::Unsaved`] holds tokens that have to be saved.
pub async fn obtain<T: Transport>(
    store: &dyn Store,
    transport: &T,
    app: &App,
    id: &GrantId,
    (owner, lease): (Owner, Lease),
    wanted: Wanted,
) -> Result<Obtained, Failure> {
    let (mut worker, mut step) = Worker::start(owner, lease, wanted);
    loop {
        let input = match step {
            Step::Read => {
                let grant = ask(store, Ask::Grant(id.clone())).await?;
                worker.hear(grant)
            }
            Step::Ask(command) => {
                worker.mark(&command);
                let question = Ask::Decide(id.clone(), command);
                match ask(store, question.clone()).await {
                    Ok(told) => worker.hear(told),
                    Err(error) => return Err(lost(question, error)),
                }
            }
            Step::Send(tokens) => match worker.refresh(app, &tokens) {
                Some(refresh) => worker.answer(drive(transport, refresh).await),
                None => Input::Answer(Answer::Failed { asked: None }),
            },
            Step::Sleep(duration) => {
                transport.sleep(duration).await;
                Input::Woke
            }
            Step::Done(outcome) => return Ok(worker.end(outcome)),
        };
        step = worker.machine.step(input, transport.now());
    }
}

/// What is lost with a question that the store did not answer.
fn lost(question: Ask, error: StoreError) -> Failure {
    match question {
        Ask::Decide(_, Command::Complete { .. }) => Failure::Unsaved(Unsaved::new(question, error)),
        _ => Failure::Store(error),
    }
}

struct Worker {
    machine: Obtain<Arc<TokenSet>>,
    lease: Lease,
    claimed: Instant,
    generation: u64,
    refreshed: bool,
    brought: Option<Arc<TokenSet>>,
    pause: Option<Duration>,
    error: Option<Cause>,
}

impl Worker {
    fn start(owner: Owner, lease: Lease, wanted: Wanted) -> (Self, Step<Arc<TokenSet>>) {
        let Wanted { min_remaining, replacing, urgent } = wanted;
        let terms = Terms { min_remaining, replacing, lease: lease.duration(), urgent };
        let (machine, step) = Obtain::start(owner, terms);
        let worker = Self {
            machine,
            lease,
            claimed: Instant::now(),
            generation: 0,
            refreshed: false,
            brought: None,
            pause: None,
            error: None,
        };
        (worker, step)
    }

    /// Notes what a command says of the time. A claim runs from when it was asked for: later than that it may have
    /// been granted, never earlier.
    fn mark(&mut self, command: &Command<Arc<TokenSet>>) {
        match command {
            Command::Claim { .. } => self.claimed = Instant::now(),
            Command::Fail { pause, .. } | Command::Unsure { pause, .. } => self.pause = Some(*pause),
            _ => {}
        }
    }

    fn hear(&mut self, told: Told) -> Input<Arc<TokenSet>> {
        match told {
            Told::Grant(grant) => {
                self.generation = grant.as_ref().map_or(0, |grant| grant.generation);
                self.refreshed = false;
                Input::Row(grant.as_deref().map(Grant::row))
            }
            Told::Decided(reply) => {
                match &reply {
                    Reply::Written { generation } => {
                        self.refreshed = *generation > self.generation;
                        self.generation = *generation;
                    }
                    Reply::Busy { remaining } | Reply::Paused { remaining } => self.pause = Some(*remaining),
                    _ => {}
                }
                Input::Reply(reply)
            }
            // The machine asks again whatever it was that it asked.
            _ => Input::Woke,
        }
    }

    /// The refresh, if there still is time for it. It is sent once: whether it is repeated is the row's to know.
    fn refresh(&self, app: &App, tokens: &TokenSet) -> Option<Call<Refresh>> {
        let refresh = Refresh::new(app.clone(), tokens).filter(|_| self.lease.lasts(self.claimed))?;
        Some(refresh.call().with_policy(RetryPolicy::NEVER))
    }

    fn answer<E: TransportError>(&mut self, result: Result<TokenSet, DriveError<E>>) -> Input<Arc<TokenSet>> {
        let error = match result {
            Ok(tokens) => {
                let tokens = Arc::new(tokens);
                self.brought = Some(Arc::clone(&tokens));
                return Input::Answer(Answer::Tokens(tokens));
            }
            Err(error) => error,
        };
        let answer = match effect(&error) {
            Effect::Dead => Answer::Dead,
            Effect::Nothing { asked } => Answer::Failed { asked },
            Effect::Unknown => Answer::Unknown,
        };
        self.error = Some(Arc::new(error));
        Input::Answer(answer)
    }

    fn end(self, outcome: Outcome<Arc<TokenSet>>) -> Obtained {
        let Self { generation, refreshed, brought, pause, error, .. } = self;
        let orphan = brought.filter(|_| matches!(outcome, Outcome::Revoked));
        Obtained { outcome, generation, refreshed, orphan, pause, error }
    }
}
